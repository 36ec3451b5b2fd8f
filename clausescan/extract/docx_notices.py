"""What a reader of the report must know about a Word file: what was left out, hidden or changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from clausescan.document import Block, Comment, Location, Notice
from clausescan.extract.docx_fields import find_targets
from clausescan.extract.docx_package import Package
from clausescan.extract.docx_versions import Version
from clausescan.extract.docx_walker import Walker
from clausescan.extract.ooxml import child, value_of

_COUNTED = {
    "inserted": "insertion",
    "deleted": "deletion",
    "moved": "move",
    "numbered": "numbering change",
}
_BROKEN_REFERENCE = re.compile(
    r"Error! (?:Reference source|Bookmark) not (?:found|defined)"
    r"|错误[!！]\s?未(?:找到引用源|定义书签)"
)


def find_notices(walker: Walker, text: str, comments: Sequence[Comment]) -> Iterator[Notice]:
    """The notices of a file.

    Args:
        walker: It has gone through the file.
        text: The document's text.
        comments: The file's.
    """
    yield from _foreign(walker)
    yield from _hidden(walker)
    yield from _changes(walker)
    yield from _references(walker, text)
    if comments:
        yield Notice(
            "comments",
            f"{_many(len(comments), 'comment')} in the margin left out: no part of the text.",
        )


def package_notices(package: Package) -> Iterator[Notice]:
    """The notices of the parts that a file is made of."""
    for kind in dict.fromkeys(package.lost):
        yield Notice(
            "missing-part",
            f"The file refers to a part that it does not hold ({kind}). Ask the sender for a new "
            "copy.",
        )
    if package.has_macros:
        yield Notice("macros", "The file holds macros; none was run or read.")


def _foreign(walker: Walker) -> Iterator[Notice]:
    first: dict[str, int] = {}
    for name, offset in walker.foreign:
        first.setdefault(name, offset)
    for name, count in walker.unread():
        yield Notice(
            "embedded-content",
            f"{_many(count, name)} in the file not read; open it and check.",
            _at(walker.assembler.blocks, first[name]),
        )


def _hidden(walker: Walker) -> Iterator[Notice]:
    blocks = walker.assembler.blocks
    if walker.hidden:
        yield Notice(
            "hidden-text",
            f"{_many(len(walker.hidden), 'passage')} that Word hides left out of the analysis.",
            _of(blocks[walker.hidden[0] - 1]),
        )
    if walker.struck:
        yield Notice(
            "struck-text",
            f"{_many(len(walker.struck), 'paragraph')} with words struck through by hand; they "
            "were read as if they stood.",
            _of(blocks[walker.struck[0] - 1]),
        )


def _changes(walker: Walker) -> Iterator[Notice]:
    changed = [block for block in walker.assembler.blocks if block.revisions]
    revisions = [one for block in changed for one in block.revisions]
    kinds = Counter(one.kind for one in revisions)
    kinds["numbered"] = _renumbered(walker.context.fields.stories)
    counts = ", ".join(_many(kinds[kind], name) for kind, name in _COUNTED.items() if kinds[kind])
    if not counts:
        return
    authors = ", ".join(sorted({one.author for one in revisions if one.author}))
    by = f" by {authors}" if authors else ""
    if walker.context.version.original:
        code, read = "original-text", "the original text was read, as if all were rejected"
    else:
        code, read = "tracked-changes", "the final text was read, as if all were accepted"
    message = f"Tracked changes in the draft ({counts}{by}): {read}."
    yield Notice(code, message, _of(changed[0]) if changed else None)


def _renumbered(stories: Sequence[Any]) -> int:
    """How many paragraphs have another list, level or style in the original."""
    final, original = Version(), Version(original=True)
    count = 0
    for paragraph in (one for story in stories for one in story.iter("{*}p")):
        new, old = final.paragraph_properties(paragraph), original.paragraph_properties(paragraph)
        if new is not old and _numbering_of(new) != _numbering_of(old):
            count += 1
    return count


def _numbering_of(properties: Any) -> list[str]:
    """What in a paragraph's properties makes its number."""
    number = child(properties, "numPr")
    found = (child(number, "numId"), child(number, "ilvl"), child(properties, "pStyle"))
    return ["" if item is None else value_of(item) for item in found]


def _references(walker: Walker, text: str) -> Iterator[Notice]:
    empty = walker.context.fields.empty
    if empty:
        names = ", ".join(sorted(set(empty)))
        yield Notice(
            "empty-field",
            f"{_many(len(empty), 'field')} without text ({names}). Open the draft in Word, update "
            "its fields (Ctrl+A, F9), save it and scan it again.",
        )
    yield from _stale(walker)
    broken = list(_BROKEN_REFERENCE.finditer(text))
    if broken:
        yield Notice(
            "broken-reference",
            f"{_many(len(broken), 'cross-reference')} to nothing: {broken[0][0]}.",
            _at(walker.assembler.blocks, broken[0].start()),
        )


def _stale(walker: Walker) -> Iterator[Notice]:
    """Cross-references that show another number than their target has in the text that is read."""
    fields, version = walker.context.fields, walker.context.version
    shown = [one for one in fields.references if version.shows(one.end)]
    targets = find_targets(fields.stories, {one.name for one in shown}, walker.numbers)
    stale = []
    for one in shown:
        target = targets.get(one.name)
        number = target.number.rstrip(".") if target is not None else ""
        if not _agree(one.shown.rstrip("."), number or "0"):
            stale.append((one, number or "gone"))
    if not stale:
        return
    paragraphs = {id(item): place for place, held in enumerate(walker.elements) for item in held}
    owner = next(stale[0][0].end.iterancestors("{*}p"), None)
    place = paragraphs.get(id(owner))
    told = ", ".join(dict.fromkeys(f"{one.shown} (now {number})" for one, number in stale))
    yield Notice(
        "stale-reference",
        f"{_many(len(stale), 'cross-reference')} to a clause whose number has changed: {told}.",
        None if place is None else _of(walker.assembler.blocks[place]),
    )


def _agree(shown: str, number: str) -> bool:
    """Whether a reference shows a number, whole (3.2(b)) or without its word (1.01)."""
    if shown == number or number.split()[-1] == shown:
        return True
    before = shown[: -len(number)]
    return shown.endswith(number) and not (before[-1:].isalnum() and number[0].isalnum())


def _many(count: int, name: str) -> str:
    return f"{count} {name}" + ("s" if count != 1 else "")


def _of(block: Block) -> Location:
    return Location(block.start, block.end, paragraph=block.paragraph)


def _at(blocks: Sequence[Block], offset: int) -> Location | None:
    """The place of an offset; None in a file without text before it."""
    block = next((one for one in reversed(blocks) if one.start <= offset), None)
    return None if block is None else Location(offset, offset, paragraph=block.paragraph)
