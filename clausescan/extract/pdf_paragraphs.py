"""Joins lines into paragraphs by gaps, page turns and clause numbers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from clausescan.document import language_of
from clausescan.extract.numbers import is_numbered, is_numbered_heading, numbered_start
from clausescan.extract.pdf_lines import TextLine
from clausescan.extract.pdf_order import CJK

_CLOSING = frozenset(".;:!?。；：！？")
_ENDING = _CLOSING - {".", "．"}
"""Marks behind which not even a small letter goes on with the sentence; "Inc." may."""

_WAITING = re.compile(
    r"(?:[,，、]|\b(?:an?|and|any|as|at|by|for|from|in|its|of|on|or|the|to|with))$"
)
"""The end of a line that waits for more words."""

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_LISTING = re.compile(r"[;；]\s*(?:and|or)$")

_CLOSER = 0.85
"""Full lines stand so much closer to what follows them where most paragraphs are a line or two."""
_ENOUGH_STEPS = 4
_SHORTEST_TITLE = 8
_ROOM = 2.5
"""Line heights that a full Chinese line may lack beside what did not find room in it."""
_FAR = 1.6
"""Usual distances of lines; what stands further below a full line does not go on with it."""
_LEAST_FULL = 3
_LETTER = r"[（《〈【「(\[]*(?:[!-~×]+|.)[，。、；：！？）》〉】」…%]*"
_UNPARTED = re.compile(rf"[“‘]*{_LETTER}(?:[“”‘’]+{_LETTER})*[”’]*")
"""What stands in one line: a letter with its marks, a number or Latin word with its brackets, and
what quotation marks hold on to."""
_LARGER = 1.25
"""A short line whose font is so much higher than the next line's is a title."""
_QUOTES = "\"”’')）」】]"

Region = tuple[int, ...]


@dataclass(slots=True)
class Spot:
    """A line in its place.

    Attributes:
        line: The line.
        page: Its page, from 1.
        region: As the line's, but tables count through the document.
        kind: Kind of block that it becomes.
        right: Where the lines of its page and region end, in points.
        margin: Where they would end if they were full, as far as the document tells.
    """

    line: TextLine
    page: int
    region: Region = ()
    kind: str = "paragraph"
    right: float = 0.0
    margin: float = 0.0


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, in reading order."""

    spots: list[Spot] = field(default_factory=list)

    @property
    def first(self) -> Spot:
        """The line that tells page, kind and region."""
        return self.spots[0]


def paragraphs(spots: Sequence[Spot], pitches: dict[int, float]) -> list[Paragraph]:
    """Join lines that follow each other into paragraphs.

    Args:
        spots: Lines in reading order.
        pitches: Usual distance of a paragraph's lines in points, by page.
    """
    found: list[Paragraph] = []
    before: Spot | None = None
    for spot in spots:
        if before is None or _breaks(found[-1], spot, pitches.get(spot.page, 0.0)):
            found.append(Paragraph())
        found[-1].spots.append(spot)
        before = spot
    return found


def pitches(spots: Sequence[Spot], *, default: float = 0.0) -> dict[int, float]:
    """The usual distance of two lines of a paragraph, by page; `default` where none tells.

    What follows a full line mostly goes on with its paragraph, what follows a short one does not;
    where paragraphs are short, the distance of paragraphs would else be taken for that of lines.
    """
    steps: dict[int, list[float]] = {}
    full: dict[int, list[float]] = {}
    for before, spot in itertools.pairwise(spots):
        if before.page != spot.page or before.region != spot.region:
            continue
        step = spot.line.box[3] - before.line.box[3]
        if 0.5 * _height(spot) < step < 3.5 * _height(spot):
            steps.setdefault(spot.page, []).append(step)
            if not _is_short(before):
                full.setdefault(spot.page, []).append(step)
    for page, own in full.items():
        if len(own) >= _ENOUGH_STEPS and median(own) < _CLOSER * median(steps[page]):
            steps[page] = own
    every = [step for page in steps.values() for step in page]
    whole = median(every) if every else default
    pages = {spot.page for spot in spots}
    return {page: _pitch(steps.get(page, []), whole) for page in pages}


def _pitch(steps: list[float], whole: float) -> float:
    """A page's own median, but never more than the document's unless all its lines are apart."""
    if len(steps) < _ENOUGH_STEPS:
        return whole
    return min(median(steps), max(whole, min(steps)))


def right_edges(spots: Iterable[Spot]) -> None:
    """Set each line's `right`: the end that one line in ten of its page and region reaches."""
    groups: dict[tuple[int, Region], list[Spot]] = {}
    for spot in spots:
        groups.setdefault((spot.page, spot.region), []).append(spot)
    for group in groups.values():
        right = _usual_end(group)
        for spot in group:
            spot.right = right
    _set_margins(groups)


def _usual_end(group: Sequence[Spot]) -> float:
    ends = sorted(spot.line.box[2] for spot in group)
    return ends[int(0.9 * (len(ends) - 1) + 0.5)]


def _set_margins(groups: Mapping[tuple[int, Region], list[Spot]]) -> None:
    """Set each line's `margin`: by its page where its lines end alike, else by other pages.

    The cells of a table's column have one margin.
    """
    columns: dict[tuple[int, Region], list[Spot]] = {}
    for (page, region), group in groups.items():
        column = (0, (region[0], region[2])) if len(region) == 3 else (page, region)
        columns.setdefault(column, []).extend(group)
    known: dict[Region, list[float]] = {}
    for (_, region), group in columns.items():
        if _ends_alike(group):
            known.setdefault(region, []).append(_usual_end(group))
    for (_, region), group in columns.items():
        own = _usual_end(group)
        margin = own if _ends_alike(group) else max(own, median(known.get(region, [own])))
        for spot in group:
            spot.margin = margin


def _ends_alike(group: Sequence[Spot]) -> bool:
    end = _usual_end(group)
    full = sum(abs(spot.line.box[2] - end) < 0.5 * _height(spot) for spot in group)
    return full >= max(_LEAST_FULL, len(group) / 5)


def _breaks(paragraph: Paragraph, spot: Spot, pitch: float) -> bool:
    before = paragraph.spots[-1]
    if before.line.hyphen:
        return False
    if before.page != spot.page or before.region != spot.region:
        return _breaks_at_turn(paragraph, spot)
    step = spot.line.box[3] - before.line.box[3]
    height = min(_height(before), _height(spot))
    if step < -0.5 * height:
        return True
    if step < 0.4 * height:
        return False
    if _is_drawn(before) or _is_drawn(spot):
        return True
    wraps = _wraps(before, spot)
    if wraps is False:
        return True
    if wraps and step < _FAR * pitch and not is_closed(before.line.text):
        return before.line.bold != spot.line.bold
    slack = 0.25 if _is_short(before) else 0.5
    return step > pitch + slack * height or _breaks_by_text(before, spot, height)


def _breaks_at_turn(paragraph: Paragraph, spot: Spot) -> bool:
    """At a page's or column's end; a paragraph does not leave a column for the page's width.

    Converters end pages in the middle of a line, so a short line says little: a small letter
    goes on with any sentence that has not come to its end, and so does a capital with text
    that has run over a full line.
    """
    before = paragraph.spots[-1]
    if before.page == spot.page and not _is_next_column(before.region, spot.region):
        return True
    if _changes_script(before, spot) or _is_beside(before, spot):
        return True
    if _wraps(before, spot) is False and not _WAITING.search(before.line.text):
        return True
    last, first = before.line.text, spot.line.text
    if first[:1].islower() and not is_numbered(first):
        return last.rstrip(_QUOTES)[-1:] in _ENDING
    if is_closed(last):
        return True
    if _LISTING.search(last) and first[:1] in "(（":
        return True
    if _WAITING.search(last):
        return _is_short(before) and is_numbered(first)
    if _begins_apart(first) or before.line.bold != spot.line.bold:
        return True
    runs = len(paragraph.spots) > 1 and not _is_short(paragraph.spots[-2])
    return _is_short(before) and (is_numbered(first) or not runs)


def _is_beside(before: Spot, spot: Spot) -> bool:
    """Whether a line stands in the margin of the text that would go on with it."""
    one, other = before.line.box, spot.line.box
    return before.region == spot.region and (one[2] < other[0] or other[2] < one[0])


def _is_next_column(before: Region, region: Region) -> bool:
    return len(before) == len(region) == 1 and region[0] == before[0] + 1


def _begins_apart(text: str) -> bool:
    """Whether a line is all capitals, or a number and a capital: a heading or a clause."""
    if text.isupper() and len(text) >= _SHORTEST_TITLE:
        return True
    number = numbered_start(text)
    return number > 0 and text[number:].lstrip(' .\u00a0“"')[:1].isupper()


def _breaks_by_text(before: Spot, spot: Spot, height: float) -> bool:
    closed, short = is_closed(before.line.text), _is_short(before)
    if (closed or short) and ((closed and short) or is_numbered(spot.line.text)):
        return True
    if closed and spot.line.box[0] > before.line.box[0] + 1.5 * height:
        return True
    if short and before.line.bold and not spot.line.bold:
        return True
    if short and _height(before) > _LARGER * _height(spot):
        return True
    if short and is_numbered_heading(before.line.text) and spot.line.text[:1].isupper():
        return True
    return _changes_script(before, spot)


def is_closed(text: str) -> bool:
    """Whether a text ends with a mark that may end a paragraph."""
    return text.rstrip(_QUOTES)[-1:] in _CLOSING


def _height(spot: Spot) -> float:
    return max(spot.line.box[3] - spot.line.box[1], 1.0)


def _is_short(spot: Spot) -> bool:
    """Whether the line ends so far from the right edge that a word more had found room."""
    return spot.line.box[2] < spot.right - 6.0 * _height(spot)


def _wraps(before: Spot, spot: Spot) -> bool | None:
    """Whether a Chinese line is full; None where one line or the other is not Chinese.

    Chinese may be parted behind any character, so a line with room for what follows it is the
    last of its paragraph.
    """
    last, first = before.line.text, spot.line.text
    if language_of(last) != "zh" or language_of(first) == "en":
        return None
    if not CJK.match(last[-1]) and not CJK.match(first):
        return None
    height = min(_height(before), _height(spot))
    unit = _UNPARTED.match(first)
    share = _breadth(unit[0]) / _breadth(first) if unit else 0.0
    need = _ROOM * height + share * (spot.line.box[2] - spot.line.box[0])
    return before.line.box[2] + need > before.margin


def _breadth(text: str) -> int:
    return len(text) + len(CJK.findall(text))


def _is_drawn(spot: Spot) -> bool:
    """Whether a line is one of a table that is drawn with letters."""
    return "\u2500" <= spot.line.text[0] <= "\u257f"


def _changes_script(before: Spot, spot: Spot) -> bool:
    last, first = before.line.text, spot.line.text
    if (last.isascii() or not _HAN.search(last)) and (first.isascii() or not _HAN.search(first)):
        return False
    one, other = language_of(last), language_of(first)
    return bool(one and other and one != other)
