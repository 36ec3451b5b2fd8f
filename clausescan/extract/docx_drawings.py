"""What hangs on a run beside its text: text boxes, diagrams, objects, pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from clausescan.extract.ooxml import child, name_of, number_of, value_of

_LARGE = 4_320_000
"""Width and height in English Metric Units, 12 cm, from which a picture may be a scanned page."""

_BOXES = ("txbxContent", "txBody")


@dataclass(slots=True)
class Drawing:
    """What one drawing, picture or object holds.

    Attributes:
        boxes: Elements with paragraphs in them.
        foreign: Names of things in it that are not read.
    """

    boxes: list[Any] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


def read_drawing(item: Any, related: Callable[[str], Any]) -> Drawing:
    """Sort what a drawing holds.

    Args:
        item: ``w:drawing``, ``w:pict`` or ``w:object``.
        related: Root element of a part by the id of its relation, None where there is none.
    """
    found = Drawing()
    if name_of(item) == "object":
        is_control = next(item.iter("{*}control"), None) is not None
        found.foreign.append("form control" if is_control else "embedded object")
    for one in item.iter(*(f"{{*}}{name}" for name in (*_BOXES, *_READERS))):
        if _is_repeated(one, item):
            continue
        if name_of(one) in _BOXES:
            found.boxes.append(one)
        else:
            _READERS[name_of(one)](one, found, related)
    return found


def _diagram(item: Any, found: Drawing, related: Callable[[str], Any]) -> None:
    data = related(value_of(item, "dm"))
    if data is None:
        found.foreign.append("diagram")
        return
    found.boxes.extend(text for point in data.iter("{*}pt") for text in point.iterfind("{*}t"))


def _chart(_item: Any, found: Drawing, _related: Callable[[str], Any]) -> None:
    found.foreign.append("chart")


def _ink(_item: Any, found: Drawing, _related: Callable[[str], Any]) -> None:
    found.foreign.append("ink")


def _picture(item: Any, found: Drawing, _related: Callable[[str], Any]) -> None:
    """A picture so large that it may be a scanned page; small ones are logos and signatures."""
    frame = next(
        (one for one in item.iterancestors() if name_of(one) in ("inline", "anchor")), None
    )
    extent = child(frame, "extent")
    sizes = [number_of(extent, side) or 0 if extent is not None else 0 for side in ("cx", "cy")]
    if min(sizes) >= _LARGE:
        found.foreign.append("large picture")


def _word_art(item: Any, found: Drawing, _related: Callable[[str], Any]) -> None:
    """Lettering kept as an attribute, as in watermarks."""
    if value_of(item, "string").strip():
        found.boxes.append(_box_of(value_of(item, "string")))


_READERS = {
    "relIds": _diagram,
    "chart": _chart,
    "contentPart": _ink,
    "blip": _picture,
    "textpath": _word_art,
}


def _box_of(text: str) -> Any:
    box = etree.Element("txbxContent")
    run = etree.SubElement(etree.SubElement(box, "p"), "r")
    etree.SubElement(run, "t").text = text
    return box


def _is_repeated(item: Any, top: Any) -> bool:
    """Whether a thing stands inside a box, which is read whole, or is an old copy of another."""
    for parent in _ancestors(item, top):
        name = name_of(parent)
        if name in _BOXES:
            return True
        if name == "Fallback" and child(parent.getparent(), "Choice") is not None:
            return True
    return False


def _ancestors(item: Any, top: Any) -> Iterator[Any]:
    for parent in item.iterancestors():
        if parent is top:
            return
        yield parent
