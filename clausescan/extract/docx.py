"""Word files into documents: body, tables, text boxes, notes, margins, in the order they are read.

python-docx opens the package; its own text of a paragraph loses tracked insertions, content
controls, notes, text boxes and numbers, so the XML is walked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from clausescan.document import Document
from clausescan.errors import ReadError
from clausescan.extract.assemble import Assembler, Source
from clausescan.extract.docx_comments import read_comments
from clausescan.extract.docx_fields import Fields, Target, find_targets
from clausescan.extract.docx_notices import find_notices, package_notices
from clausescan.extract.docx_package import Package, open_package
from clausescan.extract.docx_runs import Context
from clausescan.extract.docx_versions import Version
from clausescan.extract.docx_walker import Walker
from clausescan.extract.numbering import Numbering
from clausescan.extract.ooxml import Styles, children, value_of

_NOTE_KINDS = {"footnotes": "footnote", "endnotes": "endnote"}
_MARGINS = ("header", "footer")


def read(source: Source) -> Document:
    """Read a Word file.

    Raises:
        ReadError: It is encrypted, damaged, a bomb, no Word file or holds no text.
    """
    package = open_package(source)
    try:
        walker = _walked(package, Version(source.original))
        text = walker.assembler.text
        comments = tuple(
            read_comments(package.parts("comments"), walker.anchors, walker.context, text)
        )
    except RecursionError as error:
        raise ReadError(
            f"{source.path} nests its parts deeper than Word does. Save it again in Word.",
            code="corrupt",
        ) from error
    if not walker.assembler.blocks:
        if walker.pending:
            raise ReadError(
                f"Tracked changes make up all of {source.path}: the text that was asked for is "
                "empty. Scan its other text, with or without --original.",
                code="no-text",
            )
        met = ", ".join(f"{count} × {name}" for name, count in walker.unread())
        raise ReadError(
            f"{source.path} holds no text{f', only {met}' if met else ''}. If its pages are "
            "images, run text recognition (OCR) on them and scan the result.",
            code="no-text",
        )
    missing = [f"missing part ({kind})" for kind in dict.fromkeys(package.lost)]
    return walker.assembler.document(
        source,
        unread=[*(f"{count} × {name}" for name, count in walker.unread()), *missing],
        notices=[*package_notices(package), *find_notices(walker, text, comments)],
        comments=comments,
    )


def paragraph_elements(document: Any, *, original: bool = False) -> list[tuple[Any, ...]]:
    """For each block that `read` makes of a file, the ``w:p`` elements it came from.

    Lets a caller put comments into the user's own draft: entry i belongs to block i.

    Args:
        document: python-docx's document of the same file.
        original: Whether the file was read as it was before its tracked changes.
    """
    package = Package(document, document.part.element.find("{*}body"))
    return _walked(package, Version(original)).elements


def _walked(package: Package, version: Version) -> Walker:
    """The file, walked; a second time where cross-references lack what they show."""
    walker = _walk(package, version, {})
    wanted = walker.context.fields.wanted
    stories = walker.context.fields.stories
    targets = find_targets(stories, wanted, walker.numbers) if wanted else {}
    return _walk(package, version, targets) if targets else walker


def _walk(package: Package, version: Version, targets: Mapping[str, Target]) -> Walker:
    styles = Styles(package.part("styles"))
    notes = {
        (kind, value_of(note, "id")): note
        for part, kind in _NOTE_KINDS.items()
        for root in package.parts(part)
        for note in children(root, kind)
        if value_of(note, "type") in ("", "normal")
    }
    margins = [(kind, root) for kind in _MARGINS for root in package.parts(kind)]
    stories = [package.body, *notes.values(), *(root for _, root in margins)]
    fields = Fields(stories, targets, deleted=version.original)
    numbering = Numbering(package.part("numbering"), styles)
    context = Context(styles, version, fields, numbering, package.related)
    walker = Walker(context, notes, Assembler(package.source))
    walker.container(package.body, "paragraph")
    walker.uncalled_notes()
    # Relations of a header are not the body's: what it refers to is named, not read.
    walker.context = replace(context, related=lambda _identifier: None)
    for kind, root in margins:
        walker.container(root, kind)
    walker.finish()
    return walker
