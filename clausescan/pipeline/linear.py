"""A linear model over TF-IDF of a sentence, its heading and the sentence before it.

Inference needs numpy alone: importing scikit-learn costs seconds at a cold start. The features
are those of scikit-learn's TfidfVectorizer with sublinear counts and L2 norm; a test holds both
to the same scores.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import zip_longest
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from clausescan.errors import ModelError
from clausescan.pipeline.sparse import Floats, Ints, Rows, ends_of
from clausescan.pipeline.terms import analyzer

FORMAT = "clausescan.linear/1"
PARTS = ("text", "heading", "previous")
SCALES = {
    "en": {"text": 1.0, "heading": 0.7, "previous": 0.5},
    "zh": {"text": 1.0, "heading": 0.5, "previous": 0.2},
}
"""Weights of the three vectors by language; chosen by cross-validation, English on CUAD."""
_CHUNK = 4000


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights for every term and label, with the way from margins to probabilities.

    Attributes:
        language: ``en`` or ``zh``.
        labels: Labels in the order of the weights' columns.
        terms: The vocabulary.
        idf: Inverse document frequency of each term.
        weights: For each of `PARTS`, terms × labels.
        bias: One a label.
        slope: Platt's factor, one a label.
        offset: Platt's summand, one a label.
        thresholds: Probability from which a label is given, one a label.
        presence: Weights of `clausescan.pipeline.presence`, for labels that have some.
        curve: Platt's probabilities and what share of them was true, as rising points of a line;
            empty where Platt's are taken as they are.
        definitions: What labels outside the taxonomy mean, by label.
    """

    language: str
    labels: tuple[str, ...]
    terms: tuple[str, ...]
    idf: Floats
    weights: dict[str, Rows]
    bias: Floats
    slope: Floats
    offset: Floats
    thresholds: Floats
    presence: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    curve: tuple[tuple[float, float], ...] = ()
    definitions: Mapping[str, str] = field(default_factory=dict)

    def index(self) -> dict[str, int]:
        """Column of each term."""
        return dict(zip(self.terms, range(len(self.terms)), strict=True))


class Scorer:
    """Scores sentences with a model; holds the vocabulary's index.

    Marks are terms that do not stand in a text but are found in it (phrase rules). Sentences
    have them, headings do not.
    """

    def __init__(self, model: LinearModel) -> None:
        self.model = model
        self._index = model.index()
        self._terms = analyzer(model.language)

    def vectors(self, texts: Sequence[str], marks: Sequence[Sequence[str]] = ()) -> Rows:
        """TF-IDF rows: sublinear counts times IDF, each row of length one."""
        find = self._index.get
        columns: list[int] = []
        sizes: list[int] = []
        for text, extra in zip_longest(texts, marks, fillvalue=()):
            before = len(columns)
            terms = [*self._terms(str(text)), *extra]
            columns += [c for c in map(find, terms) if c is not None]
            sizes.append(len(columns) - before)
        return self._weighted(np.array(columns, np.int64), np.array(sizes, np.int64))

    def _weighted(self, columns: Ints, sizes: Ints) -> Rows:
        width = max(len(self.model.terms), 1)
        keys = np.repeat(np.arange(len(sizes)), sizes) * width + columns
        keys, counts = np.unique(keys, return_counts=True)
        rows, columns = np.divmod(keys, width)
        values = (1 + np.log(counts.astype(np.float32))) * self.model.idf[columns]
        lengths = np.sqrt(np.bincount(rows, values.astype(np.float64) ** 2, len(sizes)))
        values = (values / lengths[rows]).astype(np.float32)
        starts = ends_of(np.bincount(rows, minlength=len(sizes)))
        return Rows(columns, values, starts, len(self.model.terms))

    def margins(
        self,
        texts: Sequence[str],
        headings: Sequence[str],
        marks: Sequence[Sequence[str]],
        before: Sequence[int],
    ) -> Floats:
        """Margins of the sentences of a text (sentences × labels).

        Args:
            texts: The sentences.
            headings: Heading of each, or "".
            marks: Marks of each.
            before: Place of the sentence that each one continues, or -1.
        """
        shape = (len(texts), len(self.model.labels))
        result = np.empty(shape, np.float32)
        follow = np.zeros((shape[0] + 1, shape[1]), np.float32)
        for start in range(0, len(texts), _CHUNK):
            block = slice(start, start + _CHUNK)
            vectors = self.vectors(texts[block], marks[block])
            result[block] = self._part(vectors, "text") + self._headings(headings[block])
            follow[:-1][block] = self._part(vectors, "previous")
        return result + follow[np.array(before, np.int64)] + self.model.bias

    def margins_apart(
        self,
        texts: Sequence[str],
        headings: Sequence[str],
        marks: Sequence[Sequence[str]],
        previous: Sequence[str],
        previous_marks: Sequence[Sequence[str]],
    ) -> Floats:
        """Margins of sentences that do not follow each other; `previous` stands before each."""
        result: Floats = (
            self._part(self.vectors(texts, marks), "text")
            + self._headings(headings)
            + self._part(self.vectors(previous, previous_marks), "previous")
            + self.model.bias
        )
        return result

    def _part(self, vectors: Rows, part: str) -> Floats:
        return vectors.times(self.model.weights[part]) * np.float32(
            SCALES[self.model.language][part]
        )

    def _headings(self, headings: Sequence[str]) -> Floats:
        distinct = list(dict.fromkeys(headings))
        places = {heading: place for place, heading in enumerate(distinct)}
        scores = self._part(self.vectors(distinct), "heading")
        return scores[[places[heading] for heading in headings]]

    def probabilities(self, margins: Floats) -> Floats:
        """Probabilities of margins: Platt's, put right by the curve."""
        return probabilities(margins, self.model.slope, self.model.offset, self.model.curve)


def probabilities(
    margins: Floats, slope: Floats, offset: Floats, curve: Sequence[tuple[float, float]]
) -> Floats:
    """Probabilities of margins (rows × labels): Platt's, put right by a curve if there is one."""
    logits = np.clip(margins * slope + offset, -30, 30)
    result: Floats = (1 / (1 + np.exp(-logits))).astype(np.float32)
    if not curve:
        return result
    points, shares = zip(*curve, strict=True)
    shown: Floats = np.interp(result, points, shares).astype(np.float32)
    return shown


def pruned(model: LinearModel, *, smallest: float) -> LinearModel:
    """The model in float16, without weights below `smallest`."""
    tables = {part: rows.dense() for part, rows in model.weights.items()}
    weights = {
        part: Rows.of(np.where(np.abs(table) < smallest, 0, table).astype(np.float16))
        for part, table in tables.items()
    }
    return LinearModel(
        model.language,
        model.labels,
        model.terms,
        model.idf.astype(np.float16).astype(np.float32),
        weights,
        model.bias,
        model.slope,
        model.offset,
        model.thresholds,
        model.presence,
        model.curve,
        model.definitions,
    )


def files_of(model: LinearModel) -> dict[str, bytes]:
    """The model as named files: ``weights.npz`` (float16), ``terms.txt``, ``linear.json``.

    The same model gives the same bytes.
    """
    arrays: dict[str, NDArray[Any]] = {"idf": model.idf.astype(np.float16)}
    for part in PARTS:
        arrays |= _packed(part, model.weights[part])
    packed = BytesIO()
    np.savez_compressed(packed, allow_pickle=False, **arrays)
    meta = {
        "format": FORMAT,
        "language": model.language,
        "labels": list(model.labels),
        "terms": len(model.terms),
        "bias": _rounded(model.bias),
        "slope": _rounded(model.slope),
        "offset": _rounded(model.offset),
        "thresholds": _rounded(model.thresholds),
        "curve": [list(point) for point in model.curve],
        "presence": {label: list(weights) for label, weights in model.presence.items()},
    }
    if model.definitions:
        meta["definitions"] = dict(model.definitions)
    return {
        "linear.json": (json.dumps(meta, indent=1, ensure_ascii=False) + "\n").encode(),
        "terms.txt": "\n".join(model.terms).encode(),
        "weights.npz": packed.getvalue(),
    }


def model_of(files: Mapping[str, bytes]) -> LinearModel:
    """The model that `files_of` wrote.

    Raises:
        ModelError: A file is missing, broken or made for other features.
    """
    try:
        meta = json.loads(files["linear.json"])
        lines = files["terms.txt"].decode()
        arrays = dict(np.load(BytesIO(files["weights.npz"]), allow_pickle=False))
    except (KeyError, ValueError, BadZipFile) as error:
        raise ModelError(f"the label model cannot be read ({error})") from error
    terms = tuple(lines.split("\n")) if lines else ()
    if meta.get("format") != FORMAT or meta["terms"] != len(terms):
        raise ModelError("the label model was made for other features; train it again")
    labels = tuple(meta["labels"])
    return LinearModel(
        language=meta["language"],
        labels=labels,
        terms=terms,
        idf=arrays["idf"].astype(np.float32),
        weights={part: _unpacked(part, arrays, len(labels)) for part in PARTS},
        bias=np.array(meta["bias"], np.float32),
        slope=np.array(meta["slope"], np.float32),
        offset=np.array(meta["offset"], np.float32),
        thresholds=np.array(meta["thresholds"], np.float32),
        presence={label: tuple(w) for label, w in meta.get("presence", {}).items()},
        curve=tuple((x, y) for x, y in meta.get("curve", ())),
        definitions=meta.get("definitions", {}),
    )


def _packed(part: str, weights: Rows) -> dict[str, NDArray[Any]]:
    return {
        f"{part}_counts": weights.counts.astype(np.uint8),
        f"{part}_columns": weights.columns.astype(np.uint8),
        f"{part}_values": weights.values.astype(np.float16),
    }


def _unpacked(part: str, arrays: dict[str, NDArray[Any]], width: int) -> Rows:
    starts = ends_of(arrays[f"{part}_counts"])
    return Rows(arrays[f"{part}_columns"], arrays[f"{part}_values"], starts, width)


def _rounded(values: Floats) -> list[float]:
    return [round(float(value), 5) for value in values]
