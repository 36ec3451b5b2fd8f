"""Ways to spoil a file: bytes of any, members and XML of zipped ones, objects of a PDF.

Each takes a list of changes that hypothesis draws, so that it can make a failure small.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from lxml import etree

NUMBERS = ("0", "-1", "1", "9", "255", "65536", "2147483648", "99999999999999999999", "1e400")
WORDS = ("", " ", "true", "abc", "%1.%2", "第", "\u202e", "/etc/passwd", "../../x", "rId1")
_OBJECT = re.compile(rb"\d+ 0 obj\b.*?endobj\n?", re.DOTALL)
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_REFERENCE = re.compile(rb"\d+ 0 R")
_NAME = re.compile(rb"/[A-Za-z]+")


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes:
        how: Its kind; each mutation takes it modulo the kinds it knows.
        where: 0 to 1, which byte, member, element or object.
        other: 0 to 1, a second place.
        size: How many.
        what: Bytes to put there.
    """

    how: int
    where: float
    other: float
    size: int
    what: bytes

    def pick(self, items: Sequence[Any], *, second: bool = False) -> Any:
        """One of some items."""
        return items[int((self.other if second else self.where) * len(items))]


_share = st.floats(0, 1, exclude_max=True, allow_nan=False)
changes = st.lists(
    st.builds(
        Change, st.integers(0, 99), _share, _share, st.integers(1, 40), st.binary(max_size=8)
    ),
    min_size=1,
    max_size=8,
)


def spoil_bytes(data: bytes, spoils: Sequence[Change]) -> bytes:
    """Bytes set, cut out, put in, doubled, moved, or the rest cut off."""
    for change in spoils:
        at, to = int(change.where * len(data)), int(change.other * len(data))
        piece = data[at : at + change.size]
        data = (
            data[:at] + change.what + data[at + len(change.what) :],
            data[:at] + data[at + change.size :],
            data[:at] + change.what + data[at:],
            data[:at] + piece * change.size + data[at:],
            data[:to] + piece + data[to:],
            data[: max(at, 1)],
        )[change.how % 6]
    return data or b"x"


def spoil_members(data: bytes, spoils: Sequence[Change]) -> bytes:
    """Members of a zip dropped, emptied, swapped, spoiled or put in twice."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    for change in spoils:
        at = int(change.where * len(members))
        to = int(change.other * len(members))
        name, content = members[at]
        kind = change.how % 6
        if kind == 0 and len(members) > 1:
            members.pop(at)
        elif kind == 1:
            members[at] = (name, b"")
        elif kind == 2:
            members[at], members[to] = (name, members[to][1]), (members[to][0], content)
        elif kind == 3:
            members[at] = (name, spoil_bytes(content, [change]) if content else change.what)
        elif kind == 4:
            members.append((members[to][0], content))
        else:
            members[at] = (f"../{name}", content)
    return _zipped(members)


def spoil_xml(data: bytes, spoils: Sequence[Change]) -> bytes:
    """Elements of zipped XML dropped, doubled, moved, renamed, nested or changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    trees = {
        name: etree.fromstring(content)
        for name, content in members.items()
        if name.endswith((".xml", ".rels"))
    }
    for change in spoils:
        root = trees[change.pick(sorted(trees))]
        elements = [item for item in root.iter() if isinstance(item.tag, str)]
        index = (change.how * 7919 + int(change.where * 1000)) % len(elements)
        _XML[change.how % len(_XML)](elements[index], change.pick(elements, second=True), change)
    spoiled = {name: etree.tostring(tree) for name, tree in trees.items()}
    return _zipped(list((members | spoiled).items()))


def _drop(item: Any, _other: Any, _change: Change) -> None:
    if item.getparent() is not None:
        item.getparent().remove(item)


def _double(item: Any, _other: Any, change: Change) -> None:
    for _ in range(change.size if item.getparent() is not None else 0):
        item.addnext(etree.fromstring(etree.tostring(item)))


def _move(item: Any, other: Any, _change: Change) -> None:
    other.append(etree.fromstring(etree.tostring(item)))


def _rename(item: Any, other: Any, _change: Change) -> None:
    item.tag = other.tag


def _nest(item: Any, other: Any, change: Change) -> None:
    for _ in range(change.size):
        inner = etree.SubElement(item, other.tag, other.attrib)
        item = inner


def _set(item: Any, _other: Any, change: Change) -> None:
    for name in item.attrib:
        item.attrib[name] = change.pick(NUMBERS + WORDS, second=True)


def _unset(item: Any, _other: Any, _change: Change) -> None:
    item.attrib.clear()


def _say(item: Any, _other: Any, change: Change) -> None:
    item.text = change.pick(NUMBERS + WORDS, second=True) * change.size


_XML: tuple[Callable[[Any, Any, Change], None], ...] = (
    _drop, _double, _move, _rename, _nest, _set, _unset, _say,
)  # fmt: skip


def spoil_objects(data: bytes, spoils: Sequence[Change]) -> bytes:
    """Objects of a PDF dropped, doubled, swapped, and their numbers, names and references changed."""
    for change in spoils:
        objects = [match.span() for match in _OBJECT.finditer(data)]
        if not objects:
            break
        start, end = change.pick(objects)
        first, last = change.pick(objects, second=True)
        new = _object(data[start:end], data[first:last], change)
        data = data[:start] + new + data[end:]
    return data


def _object(item: bytes, other: bytes, change: Change) -> bytes:
    """What one change puts in the place of an object."""
    kind = change.how % 7
    if kind < 3:
        return (b"", item * 2, other)[kind]
    if kind < 6:
        return _spoiled((_NUMBER, _REFERENCE, _NAME)[kind - 3], item, change)
    return spoil_bytes(item, [change])


def _spoiled(pattern: re.Pattern[bytes], item: bytes, change: Change) -> bytes:
    """An object with one match of a pattern changed for another, or for a nasty number."""
    found = list(pattern.finditer(item))
    if not found:
        return item
    match, other = change.pick(found, second=True), found[change.size % len(found)]
    new = other[0] if pattern is not _NUMBER else change.pick(NUMBERS).encode()
    if pattern is _REFERENCE:
        new = b"%d 0 R" % change.size
    return item[: match.start()] + new + item[match.end() :]


def _zipped(members: Sequence[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()
