"""``python -m clausescan``."""

from clausescan.cli import main

if __name__ == "__main__":
    main()
