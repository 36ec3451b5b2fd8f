"""Zip files looked through before anything is made of them: bombs, passwords, entities."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence

from clausescan.errors import ReadError
from clausescan.extract.assemble import Source
from clausescan.limits import RATIO_FLOOR

BROKEN = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    NotImplementedError,
    OSError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What zipfile and python-docx raise at files that are not what they should be."""

_ENCRYPTED = 0x1
_HEAD = 1_000_000
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def checked_names(source: Source, *, refused: bytes = b"<!DOCTYPE") -> list[str]:
    """The names of a zip's members, once each of them has been looked at.

    Args:
        source: The file.
        refused: What no XML member may hold: by default no document type at all.

    Raises:
        ReadError: It is encrypted, damaged, a bomb or declares entities.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            members = archive.infolist()
            _check_list(source, members)
            for member in members:
                _check_member(source, archive, member, refused)
    except BROKEN as error:
        raise damaged(source.path) from error
    return [member.filename for member in members]


def head_of(source: Source, name: str) -> bytes:
    """The first million bytes of a zip's member.

    Raises:
        ReadError: The member is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive, archive.open(name) as stream:
            return stream.read(_HEAD)
    except BROKEN as error:
        raise damaged(source.path) from error


def entities(path: str) -> ReadError:
    """The error for a file whose XML declares what it should not."""
    return ReadError(
        f"{path} declares XML entities, which no word processor writes. Do not open it; ask the "
        "sender for a new copy.",
        code="corrupt",
    )


def encrypted(path: str) -> ReadError:
    """The error for a file that only its password opens."""
    return ReadError(
        f"{path} is encrypted. Save a copy without a password and scan that.", code="encrypted"
    )


def damaged(path: str) -> ReadError:
    """The error for a file that is no document any more."""
    return ReadError(
        f"{path} is damaged: no Word document can be made of it. Open it in Word, let it "
        "repair the file and save it again.",
        code="corrupt",
    )


def _check_list(source: Source, members: Sequence[zipfile.ZipInfo]) -> None:
    """What the list of members says; zipfile never unpacks more of one than its size there."""
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise encrypted(source.path)
    if any(member.compress_type not in _PACKINGS for member in members):
        raise damaged(source.path)
    total = sum(member.file_size for member in members)
    limits = source.limits
    if len(members) > limits.parts or total > limits.unpacked_bytes:
        raise ReadError(
            f"{source.path} unpacks to {total:,} bytes in {len(members):,} parts, which no "
            "contract does. Take out its images, ask the sender for a new copy, or raise the "
            "limits unpacked_bytes and parts.",
            code="too-large",
        )


def _check_member(
    source: Source, archive: zipfile.ZipFile, member: zipfile.ZipInfo, refused: bytes
) -> None:
    """One member's size and, where it is XML, that it does not hold what is refused."""
    size, packed = member.file_size, max(member.compress_size, 1)
    if size > RATIO_FLOOR and size > packed * source.limits.ratio:
        raise _bomb(source.path, size, "ratio")
    with archive.open(member) as stream:
        head = stream.read(64)
        if not _plain(head).lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n").startswith(b"<"):
            return
        if size > source.limits.part_bytes:
            raise _bomb(source.path, size, "part_bytes")
        if refused in _plain(head + stream.read()):
            raise entities(source.path)


def _plain(data: bytes) -> bytes:
    """The data with the zeros of two- and four-byte encodings left out."""
    return data.replace(b"\0", b"")


def _bomb(path: str, size: int, limit: str) -> ReadError:
    return ReadError(
        f"{path} holds a part that unpacks to {size:,} bytes, which no contract does. Ask the "
        f"sender for a new copy, or raise the limit {limit}.",
        code="too-large",
    )
