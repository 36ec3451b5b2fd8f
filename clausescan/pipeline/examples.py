"""Annotated sentences that stand beside a label model, to show what a label was learned from.

They lie in the pipeline's folder as ``examples.jsonl`` and are read when somebody asks for them;
a scan never does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from clausescan.errors import ModelError
from clausescan.pipeline.labeller import Labeller
from clausescan.pipeline.sparse import Floats, Rows

EXAMPLES_FILE = "examples.jsonl"
_FARTHEST = 0.02
"""Cosine below which two sentences have nothing to do with each other."""


@dataclass(frozen=True, slots=True)
class Example:
    """An annotated sentence.

    Attributes:
        id: Unique in its corpus.
        text: The sentence.
        labels: Labels it carries.
        near: Labels it looks like but does not carry.
    """

    id: str
    text: str
    labels: tuple[str, ...]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An example with its likeness to a sentence: the cosine of both vectors, 0 to 1."""

    example: Example
    likeness: float


def read_examples(folder: Path) -> tuple[Example, ...]:
    """The examples in a pipeline's folder; none where it has no such file.

    Raises:
        ModelError: The file is broken; the message names the line.
    """
    path = folder / EXAMPLES_FILE
    if not path.is_file():
        return ()
    examples = []
    for number, line in enumerate(path.read_text("utf8").splitlines(), start=1):
        try:
            examples.append(_example(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"{path}:{number}: this is no example ({error}); write the file anew or delete it"
            ) from error
    return tuple(examples)


def write_examples(examples: Iterable[Example], folder: Path) -> None:
    """Write examples into a pipeline's folder; the same examples give the same bytes."""
    lines = [json.dumps(asdict(example), ensure_ascii=False) for example in examples]
    folder.joinpath(EXAMPLES_FILE).write_text("".join(f"{line}\n" for line in lines), "utf8")


def find_neighbours(
    labeller: Labeller, text: str, label: str, examples: Sequence[Example], *, count: int
) -> tuple[Neighbour, ...]:
    """The examples nearest to a sentence that carry a label or look like it, nearest first.

    One at least carries the label, where any does.

    Args:
        labeller: Whose vectors are compared.
        text: The sentence.
        label: The label.
        examples: Where to look.
        count: How many to find.
    """
    asked = [one for one in examples if label in one.labels or label in one.near]
    if labeller.scorer is None or not asked or count < 1:
        return ()
    texts = [text, *(one.text for one in asked)]
    vectors = labeller.scorer.vectors(texts, [labeller.book.marks(one) for one in texts])
    cosines = _cosines(vectors)
    order = sorted(range(len(asked)), key=lambda place: (-cosines[place], asked[place].id))
    nearest = [place for place in order if cosines[place] >= _FARTHEST]
    chosen = nearest[:count]
    carriers = [place for place in nearest if label in asked[place].labels]
    if carriers and carriers[0] not in chosen:
        chosen[-1] = carriers[0]
    return tuple(Neighbour(asked[place], round(float(cosines[place]), 4)) for place in chosen)


def _cosines(vectors: Rows) -> Floats:
    """Of the first row with each of the others; all rows have length one or none."""
    first = np.zeros(vectors.width, np.float32)
    end = vectors.starts[1]
    first[vectors.columns[:end]] = vectors.values[:end]
    products = vectors.values * first[vectors.columns]
    rows = np.repeat(np.arange(len(vectors.counts)), vectors.counts)
    sums = np.bincount(rows, products, len(vectors.counts))
    result: Floats = sums[1:].astype(np.float32)
    return result


def _example(data: dict[str, object]) -> Example:
    one_id, text = data["id"], data["text"]
    if not isinstance(one_id, str) or not isinstance(text, str):
        raise TypeError("id and text must be texts")
    return Example(one_id, text, _strings(data["labels"]), _strings(data["near"]))


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError(f"{value!r} is no list of texts")
    return tuple(value)
