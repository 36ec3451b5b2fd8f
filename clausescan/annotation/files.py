"""Text, JSON and JSON Lines from a file that somebody else wrote."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from clausescan.errors import DataError, UsageError
from clausescan.limits import DEFAULT


def read_bytes(path: Path, most: int = -1) -> bytes:
    """A file's bytes, or the first ones.

    Raises:
        DataError: There is no such file, it is too large or cannot be opened.
    """
    check_file(path)
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise DataError(f"{path} cannot be opened: {error.strerror}.") from error


def check_file(path: Path) -> None:
    """Refuse what is no file, or too large.

    Raises:
        DataError: It is so.
    """
    if not path.is_file():
        raise DataError(f"{path}: no such file. Check the path.")
    size = path.stat().st_size
    if size > DEFAULT.file_bytes:
        raise DataError(
            f"{path} has {size:,} bytes, more than the limit of {DEFAULT.file_bytes:,}. Split it."
        )


def read_text(path: Path) -> str:
    """A file's text; its line ends stay as they are.

    Raises:
        DataError: It cannot be read, or is no UTF-8.
    """
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is no text in UTF-8. Save or export it as UTF-8.") from error


def write_text(path: Path, text: str) -> None:
    """Write a file and the folders above it.

    Raises:
        UsageError: It cannot be written.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file and the folders above it.

    Raises:
        UsageError: It cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error


def json_in(text: str, where: str) -> Any:
    """The JSON value of a text.

    Raises:
        DataError: It is none.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where}: this is no JSON ({error}). Export the file again.") from error


def json_tasks(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a JSON Lines file, or of one JSON list, each with where it stands.

    Raises:
        DataError: The file cannot be read, or something in it is no JSON object.
    """
    text = read_text(path)
    if text.lstrip().startswith("["):
        values = json_in(text, str(path))
        places = [f"{path}: task {number}" for number, _ in enumerate(values, start=1)]
    else:
        # Not splitlines: JSON may hold U+2028 and its like unescaped.
        rows = [(n, row) for n, row in enumerate(text.split("\n"), start=1) if row.strip()]
        places = [f"{path}:{number}" for number, _ in rows]
        values = (json_in(row, place) for place, (_, row) in zip(places, rows, strict=True))
    for place, value in zip(places, values, strict=True):
        if not isinstance(value, dict):
            raise DataError(f"{place}: an object in braces must stand here. Export it again.")
        yield place, value


def json_lines(rows: Iterable[dict[str, Any]]) -> str:
    """Objects as JSON Lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
