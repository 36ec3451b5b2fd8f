"""Opens a .docx: a zip that may be a bomb, XML that may be one, parts that may be missing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import docx.document
import docx.package
from docx.opc.part import PartFactory
from docx.parts.document import DocumentPart
from lxml import etree

from clausescan.errors import ReadError
from clausescan.extract.archive import BROKEN, checked_names, damaged, entities
from clausescan.extract.assemble import Source
from clausescan.extract.docx_repair import repaired
from clausescan.limits import DEFAULT

_BROKEN = (*BROKEN, etree.XMLSyntaxError)
"""What zipfile, lxml and python-docx raise at files that are not what they should be."""

_MAIN_TYPES = (
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)
"""What the text of .docm, .dotm and .dotx is called; python-docx knows that of .docx only."""

PartFactory.part_type_for |= dict.fromkeys(_MAIN_TYPES, DocumentPart)


@dataclass(frozen=True, slots=True)
class Package:
    """An opened file.

    Attributes:
        document: python-docx's document.
        body: Element ``w:body``.
        path: For messages.
        source: What it was opened from, with the limits to hold.
        lost: Kinds of part that the file refers to and does not hold.
    """

    document: docx.document.Document
    body: Any
    path: str = "The file"
    source: Source | None = None
    lost: tuple[str, ...] = ()

    @property
    def has_macros(self) -> bool:
        """Whether programs come with it; they are neither run nor read."""
        relations = self.document.part.rels.values()
        return any(relation.reltype.endswith("/vbaProject") for relation in relations)

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
        main, lost = _main_part(source.data)
        document = main.document
        root = main.element
    except _BROKEN as error:
        raise _broken(source.path, error) from error
    _check_tree(source.path, root, source.limits.depth)
    body = root.find("{*}body")
    if body is None:
        raise damaged(source.path)
    return Package(document, body, source.path, source, tuple(lost))


def _check_tree(path: str, root: Any, depth: int) -> None:
    if root.getroottree().docinfo.doctype:
        raise entities(path)
    if root.xpath(f"boolean({'/*' * (depth + 1)})"):
        raise _too_deep(path)


def _main_part(data: bytes) -> tuple[DocumentPart, list[str]]:
    """The file's text as python-docx opens it, repaired where it does not, and what it lacks."""
    try:
        return _opened(data), []
    except _BROKEN:
        mended, lost = repaired(data)
        return _opened(mended), lost


def _opened(data: bytes) -> DocumentPart:
    main = docx.package.Package.open(io.BytesIO(data)).main_document_part
    if not isinstance(main, DocumentPart):
        raise ValueError("its main part is no text")
    return main


def _check_zip(source: Source) -> None:
    names = checked_names(source)
    if not any(name.startswith("word/") for name in names):
        raise ReadError(
            f"{source.path} is a zip file but holds no Word document. Save it as .docx in Word.",
            code="type",
        )


def _too_deep(path: str) -> ReadError:
    return ReadError(
        f"{path} nests its parts deeper than Word does. Save it again in Word.", code="corrupt"
    )


def _broken(path: str, error: Exception) -> ReadError:
    """What python-docx or lxml stumbled over, as far as it can be told apart."""
    too_deep = isinstance(error, etree.XMLSyntaxError) and "depth" in str(error)
    return _too_deep(path) if too_deep else damaged(path)
