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
from clausescan.extract.docx_repair import repaired

MAX_UNPACKED = 400_000_000
"""Most bytes all members together may unpack to; images make up nearly all of it."""

MAX_XML = 60_000_000
"""Most bytes one XML part may unpack to; a thousand pages take a tenth of it."""

MAX_MEMBERS = 10_000

_ENCRYPTED = 0x1
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


@dataclass(frozen=True, slots=True)
class Package:
    """An opened file.

    Attributes:
        document: python-docx's document.
        body: Element ``w:body``.
        path: For messages.
    """

    document: docx.document.Document
    body: Any
    path: str = "The file"

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

    def related(self, identifier: str) -> Any:
        """Root element of a diagram that the body refers to by the id of a relation, or None."""
        relation = self.document.part.rels.get(identifier)
        if relation is None or relation.is_external:
            return None
        if not relation.reltype.endswith("/diagramData"):
            return None
        return self._root(relation.target_part)

    def _root(self, part: Any) -> Any:
        """Root element of a part; python-docx parses only the kinds that it knows."""
        element = getattr(part, "element", None)
        if element is not None:
            return element
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        try:
            return etree.fromstring(part.blob, parser)
        except etree.XMLSyntaxError as error:
            raise _damaged(self.path) from error


def open_package(source: Source) -> Package:
    """Open a .docx after checking what it would unpack to.

    Raises:
        ReadError: It is a bomb, encrypted, damaged or no Word document.
    """
    _check_zip(source)
    try:
        document = _opened(source.data)
        root = document.part.element
    except _BROKEN as error:
        raise _damaged(source.path) from error
    if root.getroottree().docinfo.doctype:
        raise ReadError(
            f"{source.path} declares XML entities, which no word processor writes. Do not open "
            "it; ask the sender for a new copy.",
            code="corrupt",
        )
    body = root.find("{*}body")
    if body is None:
        raise _damaged(source.path)
    return Package(document, body, source.path)


def _opened(data: bytes) -> docx.document.Document:
    """The file as python-docx opens it, repaired where it does not."""
    try:
        return docx.Document(io.BytesIO(data))
    except _BROKEN:
        return docx.Document(io.BytesIO(repaired(data)))


def _check_zip(source: Source) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise _damaged(source.path) from error
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise ReadError(
            f"{source.path} is encrypted. Save a copy without a password and scan that.",
            code="encrypted",
        )
    _check_sizes(source, members)
    names = [member.filename for member in members]
    if "_rels/.rels" not in names:
        raise _damaged(source.path)
    if not any(name.startswith("word/") for name in names):
        raise ReadError(
            f"{source.path} is a zip file but holds no Word document. Save it as .docx in Word.",
            code="type",
        )


def _check_sizes(source: Source, members: list[zipfile.ZipInfo]) -> None:
    total = sum(member.file_size for member in members)
    largest = max(
        (member.file_size for member in members if member.filename.endswith((".xml", ".rels"))),
        default=0,
    )
    if total > MAX_UNPACKED or largest > MAX_XML or len(members) > MAX_MEMBERS:
        raise ReadError(
            f"{source.path} unpacks to {total:,} bytes in {len(members):,} parts, which no "
            "contract does. Take out its images, or ask the sender for a new copy.",
            code="too-large",
        )


def _damaged(path: str) -> ReadError:
    return ReadError(
        f"{path} is damaged: no Word document can be made of it. Open it in Word, let it "
        "repair the file and save it again.",
        code="corrupt",
    )
