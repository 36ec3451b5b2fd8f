"""Files into `Document` records: one table from suffix to reader, one door for hostile files."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from clausescan.document import Document, Notice
from clausescan.errors import ReadError
from clausescan.extract.assemble import Source
from clausescan.limits import DEFAULT, Limits

READERS = {".pdf": "pdf", ".docx": "docx", ".txt": "text", ".md": "text"}
READERS |= dict.fromkeys((".docm", ".dotx", ".dotm"), "docx")
READERS |= dict.fromkeys((".doc", ".dot", ".rtf", ".odt", ".html", ".htm"), "office")
"""Suffix to the module of this package whose ``read(source)`` gives the document."""

_SIGNATURES = {
    "pdf": (b"%PDF-",),
    "docx": (b"PK\x03\x04",),
}
_WANTED = {"pdf": "pdf", "docx": "docx", "text": ""}
"""What a file must be by its first bytes, for each reader that does not look itself."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONVERT = "Save it as .docx in Word or LibreOffice and scan that."
_REMEDIES = {
    ".wps": _CONVERT,
    ".pages": _CONVERT,
    ".eml": "Save the attached draft and scan that.",
    ".msg": "Save the attached draft and scan that.",
    ".png": "Run text recognition (OCR) on it, save a searchable PDF and scan that.",
    ".jpg": "Run text recognition (OCR) on it, save a searchable PDF and scan that.",
    ".jpeg": "Run text recognition (OCR) on it, save a searchable PDF and scan that.",
    ".tif": "Run text recognition (OCR) on it, save a searchable PDF and scan that.",
    ".tiff": "Run text recognition (OCR) on it, save a searchable PDF and scan that.",
    ".zip": "Unpack it and scan the drafts in it.",
}


def read_document(
    path: str | os.PathLike[str],
    *,
    original: bool = False,
    limits: Limits = DEFAULT,
    password: str | None = None,
) -> Document:
    """Read a draft.

    Args:
        path: A .pdf, .docx, .txt or .md file; with LibreOffice also .doc, .rtf, .odt or .html.
        original: Whether to read a Word file as if all its tracked changes were rejected; default:
            as if all were accepted.
        limits: What the file may cost.
        password: What opens an encrypted .pdf; files that are not encrypted ignore it.

    Returns:
        The draft's text and blocks; what could not be read is named in `unread` and `notices`.

    Raises:
        ReadError: The file is missing, beyond a limit, of a type that is not read, not what
            its suffix says, encrypted, corrupt or without text.
    """
    deadline = time.monotonic() + limits.seconds
    file = Path(path)
    suffix = file.suffix.lower()
    _check_file(file, suffix, limits)
    data = file.read_bytes()
    _check_signature(file, suffix, data)
    digest = hashlib.sha256(data).hexdigest()
    source = Source(
        os.fspath(path),
        data,
        digest,
        suffix[1:],
        original=original,
        password=password or "",
        limits=limits,
        deadline=deadline,
    )
    reader = import_module(f"clausescan.extract.{READERS[suffix]}")
    read: Callable[[Source], Document] = reader.read
    document = read(source)
    source.check(len(document.text))
    if original and all(notice.code != "original-text" for notice in document.notices):
        notice = Notice(
            "original-text", "The draft has no tracked changes of words: it was read as it is."
        )
        document = replace(document, notices=(*document.notices, notice))
    return document


def _check_file(file: Path, suffix: str, limits: Limits) -> None:
    if not file.exists():
        raise ReadError(f"{file}: no such file. Check the path.", code="missing")
    if not file.is_file():
        raise ReadError(f"{file} is not a file. Name one draft, not a folder.", code="type")
    if suffix not in READERS:
        remedy = _REMEDIES.get(suffix, "Save it as .docx, .pdf or .txt and scan that.")
        kind = f"{suffix} files are" if suffix else "a file without a suffix is"
        raise ReadError(f"{file}: {kind} not read. {remedy}", code="type")
    size = file.stat().st_size
    if size == 0:
        raise ReadError(f"{file} is empty. Export the draft again.", code="empty")
    if size > limits.file_bytes:
        raise ReadError(
            f"{file} has {size:,} bytes, more than the limit of {limits.file_bytes:,}. "
            "Split it, take out its images, or raise the limit file_bytes.",
            code="too-large",
        )


def _check_signature(file: Path, suffix: str, data: bytes) -> None:
    wanted = _WANTED.get(READERS[suffix])
    if wanted is None:
        return
    found = _found_format(data)
    if wanted == "docx" and data.startswith(_OLE):
        raise ReadError(
            f"{file} is an encrypted Word file or an old .doc under a new name. "
            "Open it in Word, take off the password and save it as .docx.",
            code="encrypted",
        )
    if found == wanted:
        return
    if not wanted and found:
        raise ReadError(f"{file} is a {found} file, not text. Rename it.", code="type")
    if wanted:
        what = f"a {found} file" if found else "something else"
        raise ReadError(
            f"{file} is not a {wanted} file but {what}. Export it again as {suffix}.", code="type"
        )


def _found_format(data: bytes) -> str:
    """The format that the first bytes speak of; PDF allows junk before its mark."""
    head = data[:1024]
    for name, marks in _SIGNATURES.items():
        if head.startswith(marks):
            return name
    return "pdf" if b"%PDF-" in head else ""
