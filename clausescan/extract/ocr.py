"""Text recognition: pictures of pages into pieces of text with their places.

Two engines are known: RapidOCR (the extra ``ocr``, its models inside its package) and, where it
is missing, the system's Tesseract. ``CLAUSESCAN_OCR`` names one, or says ``off``.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from multiprocessing import parent_process
from typing import Any, Protocol

from clausescan.document import Box

INSTALL = (
    "Install text recognition, OCR (pip install clausescan[ocr], or Debian's tesseract-ocr and "
    "tesseract-ocr-chi-sim) and scan again"
)

_VARIABLE = "CLAUSESCAN_OCR"
_LANGUAGES = ("eng", "chi_sim")
_CJK = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_LONG = 10.0
"""Times its height from which a piece is long enough to show the slant of the page."""

_WIDE_GAP = 1.5
"""Times their height: two pieces in a row that stand farther apart are two lines."""

_MOST_AT_ONCE = 4
"""Processes of Tesseract for one file, each with a page in memory."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Picture:
    """A page in grey, a byte a pixel, row by row."""

    width: int
    height: int
    pixels: bytes

    @property
    def pgm(self) -> bytes:
        """The picture as a file that both engines read."""
        return b"P5 %d %d 255\n" % (self.width, self.height) + self.pixels


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row.

    Attributes:
        text: The words.
        corners: Top left, top right, bottom right, bottom left, in pixels.
        confidence: 0 to 1, as the engine says.
    """

    text: str
    corners: tuple[Point, Point, Point, Point]
    confidence: float

    @property
    def box(self) -> Box:
        """Left, top, right, bottom."""
        xs, ys = zip(*self.corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def turned(self, slant: float, middle: Point) -> Piece:
        """The piece turned clockwise about a point by so many radians."""
        cosine, sine = math.cos(slant), math.sin(slant)
        x0, y0 = middle
        one, two, three, four = (
            (
                x0 + (x - x0) * cosine - (y - y0) * sine,
                y0 + (x - x0) * sine + (y - y0) * cosine,
            )
            for x, y in self.corners
        )
        return replace(self, corners=(one, two, three, four))


class Engine(Protocol):
    """Recognises text."""

    @property
    def name(self) -> str:
        """For people."""
        ...

    @property
    def dpi(self) -> int:
        """Dots an inch at which it reads best."""
        ...

    @property
    def needs_level(self) -> bool:
        """Whether it reads slanted lines badly."""
        ...

    @property
    def at_once(self) -> int:
        """Pages that it reads at the same time fastest."""
        ...

    def read(self, picture: Picture, seconds: float) -> list[Piece]:
        """The pieces of text on a picture; none if it takes longer than `seconds`."""
        ...


def engine() -> Engine | None:
    """The engine to use, or None where there is none or it is switched off."""
    return _engine(os.environ.get(_VARIABLE, ""))


@cache
def _engine(wanted: str) -> Engine | None:
    if wanted in ("", "rapidocr") and find_spec("rapidocr") and find_spec("onnxruntime"):
        return RapidOcr()
    if wanted in ("", "tesseract"):
        program = shutil.which("tesseract")
        languages = _tesseract_languages(program) if program else ""
        if program and languages:
            return Tesseract(program, languages)
    return None


@dataclass(slots=True)
class RapidOcr:
    """RapidOCR with its own models, English and Chinese; loaded when first used."""

    name: str = "RapidOCR"
    dpi: int = 150
    needs_level: bool = False
    at_once: int = 1
    _engine: Any = field(default=None, repr=False)

    def read(self, picture: Picture, seconds: float) -> list[Piece]:
        """The pieces of text on a picture, with all cores; `seconds` is not kept."""
        del seconds
        if self._engine is None:
            from rapidocr import RapidOCR

            # The classifier of upside-down lines turns good lines over: .960 of the words right
            # with it, .9995 without.
            options = {"Global.use_cls": False, "Global.log_level": "error"}
            self._engine = RapidOCR(params=options)
        found = self._engine(picture.pgm)
        if found.boxes is None:
            return []
        return [
            Piece(text, _corners(quad), float(score))
            for quad, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
            if text.strip()
        ]


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The system's Tesseract, a process for each page."""

    program: str
    languages: str
    name: str = "Tesseract"
    dpi: int = 200
    needs_level: bool = True

    @property
    def at_once(self) -> int:
        """A page for each core; one in a batch, whose processes share the cores already."""
        return 1 if parent_process() else min(os.cpu_count() or 1, _MOST_AT_ONCE)

    def read(self, picture: Picture, seconds: float) -> list[Piece]:
        """The lines on a picture; none if it takes longer than `seconds`."""
        command = [self.program, "stdin", "stdout", "-l", self.languages]
        command += ["--dpi", str(self.dpi), "--psm", "3", "tsv"]
        try:
            done = subprocess.run(  # noqa: S603  # no argument comes from a file
                command,
                input=picture.pgm,
                capture_output=True,
                timeout=seconds,
                check=False,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
        except subprocess.TimeoutExpired:
            return []
        rows = [row.split("\t") for row in done.stdout.decode("utf-8", "replace").splitlines()[1:]]
        words = [row for row in rows if len(row) == 12 and row[0] == "5" and row[11].strip()]
        # Page, block, paragraph and line stand in columns 1 to 4.
        return [_joined(list(group)) for _, group in groupby(words, key=lambda row: row[1:5])]


def letters(pieces: Sequence[Piece]) -> int:
    """How many characters all pieces have together."""
    return sum(len(piece.text) for piece in pieces)


def confidence(pieces: Sequence[Piece]) -> float:
    """How sure the engine is of all pieces together, 0 to 1; long ones weigh more."""
    total = letters(pieces)
    if not total:
        return 0.0
    return sum(piece.confidence * len(piece.text) for piece in pieces) / total


def is_sideways(pieces: Sequence[Piece]) -> bool:
    """Whether most of the text runs up or down."""
    tall = 0
    for piece in pieces:
        x0, top, x1, bottom = piece.box
        tall += len(piece.text) * (1 if bottom - top > 1.5 * (x1 - x0) else -1)
    return tall > 0


@dataclass(frozen=True, slots=True)
class Row:
    """A line of text.

    Attributes:
        text: Its text.
        box: Where it would stand were the page straight, in pixels.
        shown: Where it stands, in pixels.
    """

    text: str
    box: Box
    shown: Box


def rows(pieces: Sequence[Piece]) -> list[Row]:
    """The pieces put straight, joined where they stand side by side, from top to bottom."""
    slant = slant_of(pieces)
    straight = [
        Row(piece.text.strip(), piece.turned(-slant, (0.0, 0.0)).box, piece.box) for piece in pieces
    ]
    straight.sort(key=lambda row: row.box[1] + row.box[3])
    found: list[list[Row]] = []
    for row in straight:
        middle = (row.box[1] + row.box[3]) / 2
        if found and found[-1][0].box[1] < middle < found[-1][0].box[3]:
            found[-1].append(row)
        else:
            found.append([row])
    return [row for group in found for row in _side_by_side(group)]


def _side_by_side(group: Sequence[Row]) -> list[Row]:
    done: list[Row] = []
    for row in sorted(group, key=lambda row: row.box[0]):
        height = row.box[3] - row.box[1]
        if done and row.box[0] - done[-1].box[2] < _WIDE_GAP * height:
            last = done[-1]
            box, shown = _hull(last.box, row.box), _hull(last.shown, row.shown)
            done[-1] = Row(_glued(last.text, row.text), box, shown)
        else:
            done.append(row)
    return done


def slant_of(pieces: Sequence[Piece]) -> float:
    """Radians by which most lines fall to the right."""
    angles = []
    for piece in pieces:
        (x0, y0), (x1, y1), _, (x3, y3) = piece.corners
        if math.hypot(x1 - x0, y1 - y0) > _LONG * math.hypot(x3 - x0, y3 - y0):
            angles.append(math.atan2(y1 - y0, x1 - x0))
    return statistics.median(angles) if angles else 0.0


def _hull(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def _glued(before: str, text: str) -> str:
    if _CJK.match(before[-1:]) and _CJK.match(text):
        return before + text
    return f"{before} {text}"


def _corners(quad: Sequence[Sequence[float]]) -> tuple[Point, Point, Point, Point]:
    one, two, three, four = ((float(x), float(y)) for x, y in quad)
    return one, two, three, four


def _joined(words: Sequence[Sequence[str]]) -> Piece:
    """A line of Tesseract's words; its slant is that from the first to the last of them."""
    text = ""
    for word in words:
        text = _glued(text, word[11].strip()) if text else word[11].strip()
    boxes = [tuple(float(value) for value in word[6:10]) for word in words]
    (x0, y0, _, height0), (x1, y1, width1, height1) = boxes[0], boxes[-1]
    corners = ((x0, y0), (x1 + width1, y1), (x1 + width1, y1 + height1), (x0, y0 + height0))
    sure = [max(float(word[10]), 0.0) / 100 for word in words]
    return Piece(text, corners, sum(sure) / len(sure))


def _tesseract_languages(program: str) -> str:
    done = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)  # noqa: S603
    return "+".join(name for name in _LANGUAGES if name in done.stdout.split())
