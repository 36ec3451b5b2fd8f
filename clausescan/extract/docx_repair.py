"""Word files that Word opens and python-docx does not: made into ones that it does.

Strict Open XML files get the usual names of things; relations to parts that are missing, or that
hold a whole other document, are taken out. Pictures and the like come along empty.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Container

from lxml import etree

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_USUAL = rb"http://schemas.openxmlformats.org/\1/2006/"
_TEXT = (".xml", ".rels")
_WHOLE_DOCUMENTS = ("/aFChunk", "/subDocument")


_TEXT_PARTS = frozenset(
    {"header", "footer", "footnotes", "endnotes", "comments", "numbering", "styles"}
)
"""Kinds of part without which words or numbers are missing."""


def repaired(data: bytes) -> tuple[bytes, list[str]]:
    """A file that python-docx can open, and the kinds of part that it refers to and lacks.

    Args:
        data: A zip whose members and their sizes were checked.
    """
    target, lost = io.BytesIO(), list[str]()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        names = frozenset(old.namelist())
        for name in sorted(names):
            content = b""
            if name.endswith(_TEXT):
                content = _STRICT.sub(_USUAL, old.read(name))
            if name.endswith(".rels"):
                content, kinds = _without_dangling(content, name, names)
                lost += [kind for kind in kinds if kind in _TEXT_PARTS]
            new.writestr(name, content)
    return target.getvalue(), lost


def _without_dangling(content: bytes, name: str, names: Container[str]) -> tuple[bytes, list[str]]:
    """A part's relations without those that lead nowhere or into another document.

    Returns:
        The relations, and the kinds of those that lead nowhere.
    """
    lost = []
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(content, parser)
    folder = posixpath.dirname(posixpath.dirname(name))
    for relation in list(root.iterfind("{*}Relationship")):
        target = relation.get("Target", "").partition("#")[0]
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        is_lost = relation.get("TargetMode") != "External" and path not in names
        kind = relation.get("Type", "")
        if is_lost or kind.endswith(_WHOLE_DOCUMENTS):
            root.remove(relation)
        if is_lost:
            lost.append(kind.rpartition("/")[2])
    return bytes(etree.tostring(root)), lost
