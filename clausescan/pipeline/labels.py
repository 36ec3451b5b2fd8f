"""Component `clausescan_labels`: what each sentence is about, with a probability.

Two sources speak: a linear model and phrase rules. A label is given when the model's probability
reaches the label's threshold or a rule finds the sentence; its score is the higher of the two and
its source says which one that was.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import srsly
from spacy.language import Language
from spacy.tokens import Doc

from clausescan.errors import ModelError
from clausescan.pipeline import chosen, folders_in
from clausescan.pipeline.labeller import Labeller
from clausescan.pipeline.linear import LinearModel, files_of, model_of
from clausescan.pipeline.reading import (
    CLAUSES_KEY,
    LABELS_KEY,
    PRESENCE_DATA,
    Reading,
    add_spans,
    as_records,
    reading_of,
)
from clausescan.pipeline.taxonomy import load_taxonomy

LEAST = {"en": 0.9, "zh": 0.9}
"""Least probability at which the model alone gives a label in a contract, by language."""


class Labels:
    """Writes labels to ``doc.spans["labels"]``, one span a sentence and label.

    ``doc.spans["labels"].attrs["labels"]`` holds one `LabelRecord` a span, as a dict;
    ``doc.user_data["clausescan_presence"]`` how likely the text holds each label at all.

    In a whole contract far fewer sentences carry a given label than in a corpus of annotated
    ones, so thresholds fitted on the latter give too many. What the model alone says must reach
    `least`, but for labels that it has learned to deny from whole contracts.
    """

    def __init__(
        self, language: str, *, spans_key: str = LABELS_KEY, least: float | None = None
    ) -> None:
        self.spans_key = spans_key
        self.least = LEAST.get(language, max(LEAST.values())) if least is None else least
        self.labeller = Labeller(language, least=self.least)

    @property
    def model(self) -> LinearModel | None:
        """The weights; None for phrase rules alone."""
        return self.labeller.model

    def use(self, model: LinearModel) -> None:
        """Take other weights.

        Raises:
            ModelError: The weights are of another language, or name a label that neither the
                taxonomy nor they themselves define.
        """
        if (model.language == "zh") != (self.labeller.language == "zh"):
            raise ModelError(f"a label model for {model.language!r} does not fit this pipeline")
        if unknown := sorted({*model.labels} - {*load_taxonomy(), *model.definitions}):
            raise ModelError(f"the label model knows a label {unknown[0]!r} that is none")
        self.labeller = Labeller(self.labeller.language, model, least=self.least)

    def read(self, reading: Reading) -> None:
        """Label one text."""
        found = self.labeller.label(reading.text, reading.clauses, reading.sentences)
        reading.presence = found.presence
        reading.labels = as_records(found.records)

    def __call__(self, doc: Doc) -> Doc:
        """Label a `Doc`.

        Raises:
            ModelError: The clause component did not run before.
        """
        if CLAUSES_KEY not in doc.spans:
            raise ModelError("add clausescan_clauses to the pipeline before clausescan_labels")
        reading = reading_of(doc)
        self.read(reading)
        add_spans(doc, self.spans_key, reading.labels, label="label")
        doc.user_data[PRESENCE_DATA] = reading.presence
        return doc

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The weights as one string of bytes."""
        files = files_of(self.model) if self.model else {}
        result: bytes = srsly.msgpack_dumps(files)
        return result

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Labels:
        """Take the weights that `to_bytes` gave."""
        if files := srsly.msgpack_loads(data):
            self.use(model_of(files))
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the weights into a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in (files_of(self.model) if self.model else {}).items():
            folder.joinpath(name).write_bytes(content)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Labels:
        """Take the weights that `to_disk` wrote.

        Raises:
            ModelError: A file of the model is missing or broken.
        """
        files = {file.name: file.read_bytes() for file in sorted(Path(path).iterdir())}
        if files:
            self.use(model_of(files))
        return self


def own_labels(model: Path) -> dict[str, str]:
    """What the labels outside the taxonomy mean that the pipelines in a folder define.

    Raises:
        ModelError: There is no pipeline.
    """
    weights = (label_component(chosen(one, model)).model for one in folders_in(model))
    return {
        label: meaning
        for one in weights
        if one is not None
        for label, meaning in one.definitions.items()
    }


def label_component(nlp: Language) -> Labels:
    """The label component of a pipeline.

    Raises:
        ModelError: It has none.
    """
    for _, component in nlp.pipeline:
        if isinstance(component, Labels):
            return component
    raise ModelError("the pipeline has no clausescan_labels component")


@Language.factory(
    "clausescan_labels",
    assigns=["doc.spans"],
    default_config={"spans_key": LABELS_KEY, "least": None},
)
def make_labels(nlp: Language, name: str, spans_key: str, least: float | None) -> Labels:
    """The label component for a pipeline's own language, without weights until it is loaded."""
    return Labels(nlp.lang or "en", spans_key=spans_key, least=least)
