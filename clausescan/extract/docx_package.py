"""Opens a .docx: a zip that may be a bomb, XML that may be one, parts that may be missing."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import docx
import docx.document
from lxml import etree

from clausescan.errors import ReadError
from clausescan.extract.assemble import Source
from clausescan.limits import DEFAULT, RATIO_FLOOR

_ENCRYPTED = 0x1
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (
    KeyError,
    ValueError,
    AttributeError,
    NotImplementedError,
    OSError,
    etree.XMLSyntaxError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What zipfile, lxml and python-docx raise at files that are not what they should be."""

_STRICT = b"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"


@dataclass(frozen=True, slots=True)
class Package:
    """An opened file.

    Attributes:
        document: python-docx's document.
        body: Element ``w:body``.
        path: For messages.
        source: What it was opened from, with the limits to hold.
    """

    document: docx.document.Document
    body: Any
    path: str = "The file"
    source: Source | None = None

    def parts(self, kind: str) -> Iterator[Any]:
        """Root elements of the parts that the document refers to by a kind of relation.

        Args:
            kind: Last step of the relation's type: ``header``, ``footnotes``, ``styles`` …
        """
        seen: set[str] = set()
        for relation in self.document.part.rels.values():
            if relation.is_external or relation.reltype.rpartition("/")[2] != kind:
                continue
            part = relation.target_part
            if part.partname in seen:
                continue
            seen.add(part.partname)
            yield self._root(part)

    def part(self, kind: str) -> Any:
        """Root element of the first such part, or None."""
        return next(self.parts(kind), None)

    def _root(self, part: Any) -> Any:
        """Root element of a part; python-docx parses only the kinds that it knows."""
        element = getattr(part, "element", None)
        if element is None:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
            try:
                element = etree.fromstring(part.blob, parser)
            except etree.XMLSyntaxError as error:
                raise _broken(self.path, error) from error
        limits = DEFAULT if self.source is None else self.source.limits
        _check_tree(self.path, element, limits.depth)
        return element


def open_package(source: Source) -> Package:
    """Open a .docx after checking what it would unpack to.

    Raises:
        ReadError: It is a bomb, encrypted, damaged or no Word document.
    """
    _check_zip(source)
    try:
        document = docx.Document(io.BytesIO(source.data))
        root = document.part.element
    except _BROKEN as error:
        raise _broken(source.path, error) from error
    _check_tree(source.path, root, source.limits.depth)
    body = root.find("{*}body")
    if body is None:
        raise _damaged(source.path)
    return Package(document, body, source.path, source)


def _check_tree(path: str, root: Any, depth: int) -> None:
    if root.getroottree().docinfo.doctype:
        raise _entities(path)
    if root.xpath(f"boolean({'/*' * (depth + 1)})"):
        raise _too_deep(path)


def _check_zip(source: Source) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            members = archive.infolist()
            _check_members(source, members)
            for member in members:
                _check_member(source, archive, member)
            relations = _read_member(archive, "_rels/.rels", source)
    except _BROKEN as error:
        raise _damaged(source.path) from error
    if _STRICT in relations:
        raise ReadError(
            f"{source.path} is a Strict Open XML file. Save it in Word as 'Word Document (.docx)' "
            "and scan that.",
            code="type",
        )
    if not any(member.filename.startswith("word/") for member in members):
        raise ReadError(
            f"{source.path} is a zip file but holds no Word document. Save it as .docx in Word.",
            code="type",
        )


def _check_members(source: Source, members: list[zipfile.ZipInfo]) -> None:
    """What the list of members says; zipfile never unpacks more of one than its size there."""
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise ReadError(
            f"{source.path} is encrypted. Save a copy without a password and scan that.",
            code="encrypted",
        )
    if any(member.compress_type not in _PACKINGS for member in members):
        raise _damaged(source.path)
    total = sum(member.file_size for member in members)
    limits = source.limits
    if len(members) > limits.parts or total > limits.unpacked_bytes:
        raise ReadError(
            f"{source.path} unpacks to {total:,} bytes in {len(members):,} parts, which no "
            "contract does. Take out its images, ask the sender for a new copy, or raise the "
            "limits unpacked_bytes and parts.",
            code="too-large",
        )


def _check_member(source: Source, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """One member's size and, where it is XML, that it declares no entities."""
    size, packed = member.file_size, max(member.compress_size, 1)
    if size > RATIO_FLOOR and size > packed * source.limits.ratio:
        raise _bomb(source.path, size, "ratio")
    with archive.open(member) as stream:
        head = stream.read(64)
        if not _plain(head).lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n").startswith(b"<"):
            return
        if size > source.limits.part_bytes:
            raise _bomb(source.path, size, "part_bytes")
        if b"<!DOCTYPE" in _plain(head + stream.read()):
            raise _entities(source.path)


def _plain(data: bytes) -> bytes:
    """The data with the zeros of two- and four-byte encodings left out."""
    return data.replace(b"\0", b"")


def _read_member(archive: zipfile.ZipFile, name: str, source: Source) -> bytes:
    """A small member; what stands beyond its first hundred thousand bytes is not looked at."""
    try:
        with archive.open(name) as member:
            return member.read(100_000)
    except KeyError as error:
        raise _damaged(source.path) from error


def _bomb(path: str, size: int, limit: str) -> ReadError:
    return ReadError(
        f"{path} holds a part that unpacks to {size:,} bytes, which no contract does. Ask the "
        f"sender for a new copy, or raise the limit {limit}.",
        code="too-large",
    )


def _entities(path: str) -> ReadError:
    return ReadError(
        f"{path} declares XML entities, which no word processor writes. Do not open it; ask the "
        "sender for a new copy.",
        code="corrupt",
    )


def _too_deep(path: str) -> ReadError:
    return ReadError(
        f"{path} nests its parts deeper than Word does. Save it again in Word.", code="corrupt"
    )


def _broken(path: str, error: Exception) -> ReadError:
    """What python-docx or lxml stumbled over, as far as it can be told apart."""
    too_deep = isinstance(error, etree.XMLSyntaxError) and "depth" in str(error)
    return _too_deep(path) if too_deep else _damaged(path)


def _damaged(path: str) -> ReadError:
    return ReadError(
        f"{path} is damaged: no Word document can be made of it. Open it in Word, let it "
        "repair the file and save it again.",
        code="corrupt",
    )
