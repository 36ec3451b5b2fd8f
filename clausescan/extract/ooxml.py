"""Small helpers for Word's XML: names, values, styles; blind to which namespace edition is used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_OFF = ("0", "false", "off", "none")
_DEEPEST = 20


def name_of(item: Any) -> str:
    """Local name of an element; empty for comments and instructions."""
    tag = item.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(item: Any, name: str) -> Any:
    """First child of that local name, or None; None has none."""
    return None if item is None else item.find(f"{{*}}{name}")


def children(item: Any, name: str) -> Iterator[Any]:
    """All children of that local name."""
    return iter(()) if item is None else item.iterfind(f"{{*}}{name}")


def value_of(item: Any, name: str = "val") -> str:
    """Value of an attribute by local name, empty where it is missing."""
    for key, value in item.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def number_of(item: Any, name: str = "val") -> int | None:
    """Value of an attribute as a number, None where it is none."""
    try:
        return int(value_of(item, name))
    except ValueError:
        return None


def is_on(item: Any, name: str) -> bool | None:
    """A switch among properties: None where it is not set."""
    found = child(item, name)
    return None if found is None else value_of(found) not in _OFF


class Styles:
    """A file's styles, with what a reader of text asks of them."""

    def __init__(self, root: Any) -> None:
        """Index the styles.

        Args:
            root: Element ``w:styles``, or None.
        """
        self._styles: dict[str, Any] = {}
        self._default = ""
        for style in children(root, "style"):
            name = value_of(style, "styleId")
            self._styles[name] = style
            if value_of(style, "type") == "paragraph" and value_of(style, "default") in (
                "1",
                "true",
            ):
                self._default = name
        defaults = child(child(root, "docDefaults"), "rPrDefault")
        self._run_defaults = child(defaults, "rPr")
        self._switches: dict[tuple[str, str], bool | None] = {}

    def paragraph_style(self, properties: Any) -> str:
        """Style of a paragraph with these ``w:pPr``; the default where it names none."""
        style = child(properties, "pStyle")
        return value_of(style) if style is not None else self._default

    def chain(self, name: str) -> Iterator[str]:
        """A style and those it is based on, nearest first; circles end."""
        for _ in range(_DEEPEST):
            style = self._styles.get(name)
            if style is None:
                return
            yield name
            base = child(style, "basedOn")
            if base is None:
                return
            name = value_of(base)

    def numbering(self, name: str) -> Any:
        """The ``w:numPr`` of one style, its bases left out."""
        return child(child(self._styles.get(name), "pPr"), "numPr")

    def outline_level(self, properties: Any) -> int | None:
        """Outline level of a paragraph from 0, own before style's; None for body text."""
        own = child(properties, "outlineLvl")
        if own is not None:
            return _outline(number_of(own))
        for name in self.chain(self.paragraph_style(properties)):
            found = child(child(self._styles[name], "pPr"), "outlineLvl")
            if found is not None:
                return _outline(number_of(found))
        return None

    def is_title(self, properties: Any) -> bool:
        """Whether a paragraph's style is the document's title."""
        style = self._styles.get(self.paragraph_style(properties))
        name = child(style, "name")
        return name is not None and value_of(name).lower() in ("title", "标题")

    def switch(self, run: Any, paragraph_style: str, name: str) -> bool:
        """Whether a run property is on: own, character style, paragraph style, default.

        Args:
            run: The run's ``w:rPr``, or None.
            paragraph_style: Style of its paragraph.
            name: ``b``, ``vanish`` or another switch.
        """
        if run is not None:
            own = is_on(run, name)
            if own is not None:
                return own
            style = child(run, "rStyle")
            found = self._style_switch(value_of(style), name) if style is not None else None
            if found is not None:
                return found
        found = self._style_switch(paragraph_style, name)
        return bool(is_on(self._run_defaults, name) if found is None else found)

    def _style_switch(self, style: str, name: str) -> bool | None:
        key = (style, name)
        if key not in self._switches:
            self._switches[key] = self._found_switch(style, name)
        return self._switches[key]

    def _found_switch(self, style: str, name: str) -> bool | None:
        for one in self.chain(style):
            found = is_on(child(self._styles[one], "rPr"), name)
            if found is not None:
                return found
        return None


def _outline(level: int | None) -> int | None:
    return level if level is not None and 0 <= level <= 8 else None
