"""HTML pages with all that leads out of them, runs or is not shown taken away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from clausescan.document import Notice
from clausescan.errors import ReadError
from clausescan.extract.assemble import Source
from clausescan.extract.text import encoding_of

_GONE = frozenset(
    {
        "script", "style", "link", "meta", "base", "title", "template", "noscript",
        "img", "picture", "source", "svg", "math", "canvas", "video", "audio", "track",
        "iframe", "frame", "frameset", "object", "embed", "applet", "param", "area", "map",
        "input", "button", "select", "textarea", "datalist", "dialog",
    }
)  # fmt: skip
"""Elements that go with all they hold."""

_KEPT = frozenset({"colspan", "rowspan", "align", "start", "value", "type", "reversed"})
"""Attributes that stay; none of them can hold an address."""

_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]+charset|<\?xml[^>]+encoding", re.IGNORECASE)
_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What lxml reads in a page but does not let anyone set."""

_OUTSIDE = frozenset({"img", "iframe", "frame", "object", "embed"})


@dataclass(frozen=True, slots=True)
class Page:
    """A harmless page and what its reader must know."""

    data: bytes
    notices: list[Notice]


def stripped(source: Source) -> Page:
    """The page's own words and tables in UTF-8, nothing else.

    Raises:
        ReadError: It holds nothing, or nests deeper than the limit.
    """
    root = _parsed(source)
    hidden = outside = 0
    for item in list(root.iter()):
        name = item.tag if isinstance(item.tag, str) else ""
        if not name or name in _GONE:
            outside += name in _OUTSIDE
            _take_out(item)
        elif item.get("hidden") is not None or _HIDING.search(item.get("style", "")):
            hidden += bool("".join(item.itertext()).strip())
            _take_out(item)
        else:
            if not (name.isascii() and name.isalnum()):
                item.tag = "span"  # Written out again, such a name may become a tag of its own.
            # One by one they cannot be dropped: a name may hold what lxml lets nobody name.
            kept = {key: value for key, value in item.attrib.items() if key in _KEPT}
            item.attrib.clear()
            item.attrib.update({key: value for key, value in kept.items() if value.isalnum()})
    notices = []
    if hidden:
        notices.append(Notice("hidden-text", f"{hidden} parts that the page hides were not read."))
    if outside:
        notices.append(
            Notice("images", f"{outside} images and embedded pages were not fetched or read.")
        )
    body = lxml_html.tostring(root, encoding="unicode")
    page = (
        f'<!DOCTYPE html><meta http-equiv="content-type" content="text/html; charset=utf-8">{body}'
    )
    return Page(page.encode("utf-8", "replace"), notices)


def _parsed(source: Source) -> Any:
    data = source.data
    named = data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or _CHARSET.search(
        data[:2000]
    )
    if not named:
        data = data.decode(encoding_of(data), "replace").encode("utf-8", "replace")
    parser = lxml_html.HTMLParser(
        no_network=True, huge_tree=False, encoding=None if named else "utf-8"
    )
    try:
        root = lxml_html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise ReadError(
            f"{source.path} holds no page that can be read. Save it as .docx and scan that.",
            code="corrupt",
        ) from error
    if root.xpath(f"boolean({'/*' * (source.limits.depth + 1)})"):
        raise ReadError(
            f"{source.path} nests its parts deeper than the limit depth. Save it as .docx and scan "
            "that.",
            code="corrupt",
        )
    return root


def _take_out(item: Any) -> None:
    """Drop an element but not the text behind it."""
    parent = item.getparent()
    if parent is None:
        return
    tail = _CONTROL.sub(" ", item.tail or "")
    if tail:
        before = item.getprevious()
        if before is not None:
            before.tail = _CONTROL.sub(" ", before.tail or "") + tail
        else:
            parent.text = _CONTROL.sub(" ", parent.text or "") + tail
    parent.remove(item)
