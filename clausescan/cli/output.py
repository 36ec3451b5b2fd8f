"""Where a command's words go: text to stdout, progress and warnings to stderr."""

from __future__ import annotations

import shutil
import sys

DONE, FAIL_ON_MET, USAGE, UNREAD = 0, 1, 2, 3
"""Exit codes."""
_WIDEST = 120
"""Columns beyond which lines are tiring to read."""


def echo(text: str) -> None:
    """Print on stdout."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def say(text: str) -> None:
    """Print on stderr."""
    sys.stderr.write(f"{text}\n")


def terminal_width() -> int:
    """Columns to fill."""
    return min(shutil.get_terminal_size((100, 24)).columns, _WIDEST)


def coloured() -> bool:
    """Whether stdout shows colours."""
    return sys.stdout.isatty()
