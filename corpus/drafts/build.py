"""Build the sample drafts from their sources.

``python corpus/drafts/build.py [NAME...]`` reads ``src/NAME.toml`` (all of them when no name is
given) and writes ``NAME.docx`` or ``NAME.pdf`` beside this file. Building twice gives the same
bytes: no clock, no random identifiers.
"""

import sys
from pathlib import Path

import paper
import source
import word

HERE = Path(__file__).parent
RENDERERS = {"docx": word.render, "pdf": paper.render}


def build(path: Path, folder: Path) -> Path:
    """Build one source into ``folder`` and return the file written.

    Raises:
        source.SourceError: the source cannot be built.
    """
    draft = source.read(path)
    target = folder / f"{draft.name}.{draft.format}"
    target.write_bytes(RENDERERS[draft.format](draft))
    return target


def main(names: list[str]) -> int:
    """Build the named drafts, or all of them."""
    paths = [HERE / "src" / f"{name}.toml" for name in names]
    for path in paths or sorted((HERE / "src").glob("*.toml")):
        sys.stderr.write(f"{build(path, HERE).name}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
