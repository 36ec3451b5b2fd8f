"""How much one file may cost before it is refused; every figure can be changed.

The defaults let a contract of a thousand pages pass and stop files made to do harm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from clausescan.errors import UsageError


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost; passed to `scan`, `scan_many` and the readers.

    Attributes:
        file_bytes: Size of the file.
        pages: Pages of a PDF.
        characters: Characters of text.
        unpacked_bytes: What all parts of a Word file unpack to, images among them.
        part_bytes: What one XML part of a Word file unpacks to.
        parts: Parts of a Word file.
        stream_bytes: What one stream of a PDF unpacks to.
        ratio: How many times larger than packed a part or stream may be that unpacks to more
            than `RATIO_FLOOR` bytes.
        depth: Elements inside each other in an XML part; above 256 libxml2 refuses by itself.
        convert_seconds: Time for LibreOffice to convert one file.
        ocr_seconds: Time to recognise the pages of one PDF that are pictures; at most four
            fifths of `seconds`. Pages beyond are named as unread, the rest is reported; RapidOCR
            finishes the page it is at.
        seconds: Time for one file. A reader stops between pages and paragraphs; with
            processes (``jobs``), a file that hangs is stopped with its process.
        memory_bytes: What one process may allocate while it scans a file; holds with
            processes (``jobs``) on Linux.
    """

    file_bytes: int = 200_000_000
    pages: int = 3_000
    characters: int = 10_000_000
    unpacked_bytes: int = 400_000_000
    part_bytes: int = 60_000_000
    parts: int = 10_000
    stream_bytes: int = 300_000_000
    ratio: int = 400
    depth: int = 200
    convert_seconds: float = 60.0
    ocr_seconds: float = 180.0
    seconds: float = 300.0
    memory_bytes: int = 3_000_000_000

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name) > 0:
                raise UsageError(f"The limit {field.name} must be a number above 0.")


DEFAULT = Limits()

GRACE = 5.0
"""Seconds beyond the limit before a process is stopped; its reader may stop by itself first."""

RATIO_FLOOR = 50_000_000
"""Bytes; below them a high ratio harms nobody, and blank images have one."""


def limits_from(settings: Iterable[str]) -> Limits:
    """The default limits with some changed, as a command line gives them.

    Args:
        settings: Each ``name=number``, such as ``pages=5000``.

    Raises:
        UsageError: A name is unknown or its value no number above 0.
    """
    names = [field.name for field in fields(Limits)]
    changed: dict[str, float] = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in names:
            raise UsageError(f"--limit {setting}: there is no limit {name!r}, only {_and(names)}.")
        try:
            changed[name] = float(value) if name.endswith("seconds") else int(value)
        except ValueError as error:
            raise UsageError(f"--limit {setting}: {value!r} is no number.") from error
    return Limits(**changed)  # type: ignore[arg-type]  # whole numbers but for the seconds


def _and(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
