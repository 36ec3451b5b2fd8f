"""Where a command's words go: text to stdout, progress and warnings to stderr."""

from __future__ import annotations

import sys

DONE, FAIL_ON_MET, USAGE, UNREAD = 0, 1, 2, 3
"""Exit codes."""


def echo(text: str) -> None:
    """Print on stdout."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def say(text: str) -> None:
    """Print on stderr."""
    sys.stderr.write(f"{text}\n")
