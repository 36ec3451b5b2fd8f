"""What must hold when the words of a draft are changed: metamorphic tests on the sample drafts.

The sources of the sample drafts are written out as plain text, changed, and scanned whole.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from clausescan import scan

SOURCES = Path(__file__).parents[1] / "corpus" / "drafts" / "src"
ROLES = {
    "distribution-en": ("Supplier", "Distributor"),
    "oem-en": ("Buyer", "Manufacturer"),
    "distribution-balanced-en": ("Supplier", "Distributor"),
    "distribution-zh": ("甲方", "乙方"),
}
OTHER = {"foreign": "chinese", "chinese": "foreign"}


def lines_of(name: str) -> list[tuple[str, str]]:
    """Kind and text of the blocks of a source, with their numbers typed."""
    source = tomllib.loads((SOURCES / f"{name}.toml").read_text("utf-8"))
    language = "zh" if name.endswith("-zh") else "en"
    lines = []
    for block in source["block"]:
        number = block.get("number", "")
        if number.isdigit():
            number = f"{number}." if language == "en" else f"{number}、"
        lines.append((block["kind"], f"{number} {block[language]}".strip()))
    return lines


def scan_lines(lines: list[tuple[str, str]], folder: Path):
    """The report on a text made of lines."""
    path = folder / "draft.txt"
    path.write_text("\n".join(text for _, text in lines), "utf-8")
    return scan(path)


def exchanged(text: str, one: str, other: str) -> str:
    """A text with two names exchanged."""
    return re.sub(f"{one}|{other}", lambda found: other if found[0] == one else one, text)


@pytest.mark.parametrize("name", ["distribution-en", "oem-en", "distribution-zh"])
def test_exchanging_the_parties_in_every_clause_turns_the_report_round(name, tmp_path):
    lines = lines_of(name)
    before = scan_lines(lines, tmp_path)
    swapped = [
        (kind, exchanged(text, *ROLES[name]) if kind == "clause" else text) for kind, text in lines
    ]
    after = scan_lines(swapped, tmp_path)
    pairs = [(b, a) for b, a in zip(before.clauses, after.clauses, strict=True) if b.norms]
    wrong = [
        (b.number, b.burdened, a.burdened)
        for b, a in pairs
        if a.burdened != OTHER.get(b.burdened, b.burdened)
    ]
    assert len(wrong) <= 0.03 * len(pairs), wrong
    assert before.summary.balance > 0 > after.summary.balance
    assert abs(before.summary.balance + after.summary.balance) <= 12
    ours = before.clauses and {p.id for p in before.parties if p.side == "foreign"}
    neutral = {"EXCL_EFFORTS_ONLY", "EXCL_NO_MIN", "TFC_ONE_WAY", "LD_ONE_WAY", "DOUBLE_BIND"}
    moved = {f.rule for f in before.findings if f.rule in neutral and f.burdened in ours}
    there = {f.rule for f in after.findings if f.rule in neutral and f.burdened not in ours}
    assert moved <= there


@pytest.mark.parametrize("name", ["distribution-en", "oem-en"])
def test_a_clause_said_of_each_party_binds_nobody_more(name, tmp_path):
    one, other = ROLES[name]
    lines = lines_of(name)
    subject = re.compile(rf"(?:The )?(?:{one}|{other})(?= (?:shall|may|will)\b)")
    for index, (kind, text) in enumerate(lines):
        match = subject.search(text)
        if kind != "clause" or match is None or match.start() > 8:
            continue
        mirrored = text[: match.start()] + "Each party" + text[match.end() :]
        rest = re.sub(rf"(?:the )?(?:{one}|{other})", "the other party", mirrored)
        alone = [line for line in lines[:index] if line[0] not in ("clause", "heading")]
        report = scan_lines([*alone, (kind, rest)], tmp_path)
        clause = next(c for c in report.clauses if c.number and c.kind == "clause")
        assert clause.score == 0, rest
        assert not [f for f in report.findings if f.rule not in ABOUT_WHAT_LACKS], rest


ABOUT_WHAT_LACKS = {
    "MARKS_IN_LOCAL_NAME",
    "CONF_ONE_WAY",
    "NO_NONCIRCUMVENTION",
    "NONSOLICIT_ONE_WAY",
    "LICENSE_SURVIVES",
}
"""Rules that a mutual clause may set off because another clause is missing."""


@pytest.mark.parametrize("name", ["distribution-en", "oem-en", "distribution-zh"])
def test_mutual_boilerplate_and_repeats_hardly_move_the_balance(name, tmp_path):
    lines = lines_of(name)
    before = scan_lines(lines, tmp_path).summary.balance
    mutual = (
        "双方均应遵守适用的法律，并应将本合同的内容保密。"
        if name.endswith("-zh")
        else "Each party shall comply with all laws and shall keep the terms of this contract secret."
    )
    after = scan_lines([*lines, ("clause", f"77. {mutual}")], tmp_path).summary.balance
    assert abs(after) <= abs(before) + 0.05
    clauses = [line for line in lines if line[0] == "clause" and len(line[1]) > 60]
    for line in clauses[5:40:12]:
        place = lines.index(line)
        again = [*lines[: place + 1], line, *lines[place + 1 :]]
        assert abs(scan_lines(again, tmp_path).summary.balance - before) < 2, line


def test_best_efforts_are_no_cure(tmp_path):
    lines = lines_of("distribution-en")
    soft = [line for line in lines if "best efforts" in line[1]]
    without = [line for line in lines if line not in soft]
    rules = {"EXCL_EFFORTS_ONLY", "EXCL_NO_MIN"}
    for version in (lines, without):
        assert rules & {finding.rule for finding in scan_lines(version, tmp_path).findings}


@pytest.mark.parametrize(
    "sentence",
    [
        "Supplier appoints Distributor as its nonexclusive distributor.",
        "Supplier appoints Distributor as its non-\nexclusive distributor.",
        "Distributor submits to the exclusive jurisdiction of the courts of Ningbo.",
        "Repair is the exclusive remedy of Distributor.",
        "The Marks remain the exclusive property of Supplier.",
        "Prices are exclusive of VAT.",
    ],
)
def test_other_uses_of_exclusive_are_no_exclusivity(sentence, tmp_path):
    alone = [line for line in lines_of("distribution-en") if line[0] not in ("clause", "heading")]
    opening = [line for line in alone if "WHEREAS" not in line[1] and "EXCLUSIVE" not in line[1]]
    report = scan_lines([*opening, ("clause", f"1. {sentence}")], tmp_path)
    labels = {label.label for clause in report.clauses for label in clause.labels}
    assert not {label for label in labels if label.startswith("exclusivity.")}
    assert not [finding for finding in report.findings if finding.rule.startswith("EXCL")]


def test_deleting_what_clears_never_lowers_exposure(tmp_path):
    lines = lines_of("distribution-balanced-en")
    before = scan_lines(lines, tmp_path).summary.exposure
    clearing = [
        line for line in lines if re.search(r"minimum|falls? below|confidential", line[1], re.I)
    ]
    assert clearing
    without = [line for line in lines if line not in clearing]
    assert scan_lines(without, tmp_path).summary.exposure >= before


@pytest.mark.parametrize("name", ["distribution-en", "distribution-zh"])
def test_a_duty_that_points_to_a_missing_annex_is_unknown_not_absent(name, tmp_path):
    text = (
        "77. 乙方应当完成附件九所列的年度最低采购量。"
        if name.endswith("-zh")
        else "77. The Distributor shall purchase the annual minimum quantities set out in Annex 9."
    )
    report = scan_lines([*lines_of(name), ("clause", text)], tmp_path)
    assert "EXCL_NO_MIN" not in {finding.rule for finding in report.findings}
    assert any("9" in name or "九" in name for name in report.document.coverage.missing_annexes)


def test_sides_never_come_from_letters_or_company_limited(tmp_path):
    lines = [
        ("paragraph", "Party A: Alpha Trading Co., Ltd."),
        ("paragraph", "Party B: Beta Industries Co., Ltd."),
        ("clause", "1. Party A shall sell the Products only to Party B."),
        ("clause", "2. Party B shall use its best efforts to sell the Products."),
        ("clause", "3. Party B may terminate at any time."),
    ]
    report = scan_lines(lines, tmp_path)
    assert {party.side for party in report.parties} == {"unknown"}
    assert report.summary.balance is None
    assert report.summary.light == "grey"
