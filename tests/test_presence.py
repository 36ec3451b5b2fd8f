"""How sure it is that a whole text lacks a label."""

from __future__ import annotations

import numpy as np
import pytest
from hand import Draft
from hypothesis import given
from hypothesis import strategies as st

from clausescan.corpus import ClauseRecord
from clausescan.findings import find, read_facts
from clausescan.findings.conditions import make_view
from clausescan.learning.presence import fit_presence
from clausescan.pipeline.labeller import Labeller
from clausescan.pipeline.linear import LinearModel, Rows
from clausescan.pipeline.presence import FEATURES, count_traces, evidence, find_presence
from clausescan.playbook import load_playbook

MINIMUM = "performance.minimum"
WEIGHTS = {MINIMUM: (0.5, 0.6, 0.2, 0.1, 0.4, 0.1, 0.0)}


def scores(*values: float) -> np.ndarray:
    return np.array(values, np.float32)[:, None]


def presence(*values: float, texts: tuple[str, ...] = ("Goods are blue.",)) -> float:
    return find_presence(texts, [MINIMUM], scores(*values), WEIGHTS)[MINIMUM]


def test_weights_answer_to_the_features() -> None:
    assert len(evidence(scores(0.2, 0.9)[:, 0], 3)) == len(FEATURES)


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=6), st.floats(0, 1, width=32))
def test_a_likelier_sentence_never_makes_it_less_present(values: list[float], more: float) -> None:
    higher = [max(values[0], more), *values[1:]]
    assert presence(*higher) >= presence(*values) - 1e-6


def test_words_that_accompany_a_label_make_it_likelier() -> None:
    silent = ("The goods are blue.",)
    telling = ("The Annual Minimum and the quota are set out in Annex 2.",)
    assert count_traces(silent, MINIMUM) == 0
    assert count_traces(telling, MINIMUM) == 1
    assert presence(0.1, texts=telling) > presence(0.1, texts=silent)


def test_of_a_label_without_weights_nothing_is_told() -> None:
    assert find_presence(["a", "b"], [MINIMUM], scores(0.25, 0.5), {}) == {}


def test_an_empty_text_is_as_unlikely_as_one_without_any_sign() -> None:
    empty = find_presence([], [MINIMUM], np.zeros((0, 1), np.float32), WEIGHTS)[MINIMUM]
    assert empty == pytest.approx(presence(0.0), abs=0.05)


def test_fitting_learns_from_whole_contracts() -> None:
    records, margins = [], []
    for number in range(60):
        holds = number % 2 == 0
        for place in range(4):
            positive = holds and place == 2
            text = "Buyer shall take the yearly Minimum of goods." if positive else "Plain words."
            records.append(
                ClauseRecord(
                    f"{number}/{place}",
                    f"{text} It is sentence number {place} of this paper.",
                    "en",
                    (MINIMUM,) if positive else (),
                    document=f"contract {number}",
                    known=(MINIMUM,),
                )
            )
            margins.append([1.0 if positive else -1.0])
    model = LinearModel(
        "en", (MINIMUM,), ("goods",), np.ones(1, np.float32),
        {part: Rows.of(np.zeros((1, 1), np.float32)) for part in ("text", "heading", "previous")},
        *(np.array([value], np.float32) for value in (0, 3, 0, 0.5)),
    )  # fmt: skip
    weights = fit_presence(model, records, np.array(margins, np.float32))
    assert set(weights) == {MINIMUM}
    labeller = Labeller("en", model)
    column = labeller.labels.index(MINIMUM)
    found = []
    for document in ("contract 0", "contract 1"):
        texts = [record.text for record in records if record.document == document]
        rows = [row for row, record in enumerate(records) if record.document == document]
        judged = labeller.settle(texts, [[]] * 4, np.array(margins, np.float32)[rows])
        found.append(find_presence(texts, [MINIMUM], judged.scores[:, [column]], weights)[MINIMUM])
    assert found[0] > 0.8
    assert found[1] < 0.2


def exclusive(**more: object) -> Draft:
    draft = Draft(**more)
    draft.add(
        "Supplier appoints Distributor as its exclusive distributor.",
        "exclusivity.grant",
        ("obligation", "P1"),
    )
    return draft


@pytest.mark.parametrize(("likely", "at_most"), [(0.0, 1.0), (0.4, 0.6), (0.9, 0.1)])
def test_an_unsure_absence_makes_a_finding_unsure(likely: float, at_most: float) -> None:
    contract = exclusive(presence={"en": {MINIMUM: likely}}).contract()
    sure = _confidence(exclusive().contract())
    assert _confidence(contract) == pytest.approx(sure * at_most, abs=0.011)


def test_a_clause_that_binds_us_explains_the_presence() -> None:
    draft = exclusive(presence={"en": {MINIMUM: 0.9}})
    draft.add("Supplier shall make 500 pumps a year.", MINIMUM, ("obligation", "P1"))
    assert _confidence(draft.contract()) > 0.5


def test_views_know_the_presence_of_their_own_language() -> None:
    contract = exclusive(presence={"zh": {MINIMUM: 0.9}}).contract()
    view = make_view(contract, "en", read_facts(contract)["en"])
    assert view.contract.presence.get(view.language, {}) == {}
    assert _confidence(contract) > 0.5


def _confidence(contract: object) -> float:
    found = {item.rule: item for item in find(contract, load_playbook())}
    return found["EXCL_NO_MIN"].confidence
