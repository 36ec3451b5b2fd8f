"""Reports: round trips, the published schema, and what a negotiator reads."""

from __future__ import annotations

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import CHINESE, FOREIGN, Line, build_contract
from hypothesis import given
from hypothesis import strategies as st

from clausescan.contract import Party
from clausescan.document import Location, Notice, Recognised
from clausescan.errors import DataError, UsageError
from clausescan.findings import Basis, Evidence, Finding
from clausescan.report import Report, Versions, make_report
from clausescan.report.ledger import Sides, make_ledger
from clausescan.report.markdown import escape
from clausescan.report.page import make_page
from clausescan.report.schema import build_schema
from clausescan.report.words import cells, clean, shorten, wording
from clausescan.scoring import Summary

GOLDEN = Path(__file__).parent / "data" / "report-80.txt"
SCHEMA = files("clausescan") / "data/report.schema.json"
VERSIONS = Versions("0.1.0", "en-0.1.0", "1")

GRANT = Line(
    "2.1",
    "Supplier appoints Distributor as its exclusive distributor.",
    ["exclusivity.grant"],
    [("obligation", "P1", 1.0)],
    burdened="foreign",
    page=2,
)
EFFORTS = Line(
    "3.1",
    "Distributor shall use its best efforts to sell the Products.",
    ["performance.efforts"],
    [("obligation", "P2", 0.35)],
    burdened="chinese",
    page=3,
)
EXIT = Line(
    "9.2",
    "Distributor may end this Agreement on 60 days' notice.",
    ["termination"],
    [("permission", "P2", 0.8)],
    {"termination.ground": "convenience", "termination.notice_days": "60"},
    burdened="foreign",
)
TERRITORY = Line(
    "1.4",
    "“Territory” means the whole of China.",
    ["territory.nationwide"],
)
FORUM = Line(
    "11.1",
    "This Agreement is governed by the laws of China; the Chinese text prevails.",
    ["dispute_law", "language"],
    [],
    {"law": "China", "prevails": "zh"},
)
LINES = [TERRITORY, GRANT, EFFORTS, EXIT, FORUM]
ASK = {
    "en": "Exclusivity applies only while the Minimum is met.",
    "zh": "完成最低采购方享有独家权。",
}


def finding(**changes: Any) -> Finding:
    return replace(
        Finding(
            rule="EXCL_EFFORTS_ONLY",
            severity="critical",
            confidence=0.9,
            burdened="P1",
            hurts_us=True,
            clauses=("C2", "C3"),
            missing=("performance.minimum",),
            text="en",
            title="Exclusive right against efforts only",
            why="Best efforts earn no exclusive market.",
            clears="A minimum with a consequence.",
            ask=ASK,
            evidence=(
                Evidence("C2", GRANT.text, Location(38, 97, 2, 2, (72.0, 80.5, 500.0, 95.0))),
            ),
            basis=(Basis("exclusivity binds us", ("C2",)),),
        ),
        **changes,
    )


def make(
    lines: list[Line] | None = None,
    *,
    findings: tuple[Finding, ...] | None = None,
    parties: tuple[Party, ...] = (FOREIGN, CHINESE),
    summary: Summary | None = None,
    us: str = "",
    our_party: str = "",
    **changes: Any,
) -> Report:
    contract = build_contract(LINES if lines is None else lines, parties=parties, **changes)
    summary = summary or Summary(26.0, 84.0, "red", "Binds mainly Nordlicht Pumpen GmbH.")
    found = (finding(),) if findings is None else findings
    return make_report(contract, found, summary, versions=VERSIONS, us=us, our_party=our_party)


def unknown_sides(**changes: Any) -> Report:
    parties = (
        replace(FOREIGN, side="unknown", confidence=0.3),
        replace(CHINESE, side="unknown", confidence=0.4),
    )
    return make(
        parties=parties, summary=Summary(None, 0.0, "grey", "The sides are not known."), **changes
    )


# --- data -------------------------------------------------------------------------------------


def test_a_report_comes_back_from_its_dict() -> None:
    report = make()
    assert Report.from_dict(report.to_dict()) == report


def test_a_report_comes_back_from_its_json() -> None:
    report = make(notices=(Notice("ocr", "Page 3 is an image.", Location(0, 1)),))
    assert Report.from_dict(json.loads(report.to_json())) == report


def test_the_same_scan_gives_the_same_bytes() -> None:
    assert make().to_json() == make().to_json()


def test_json_fits_the_published_schema() -> None:
    jsonschema.validate(make().to_dict(), json.loads(SCHEMA.read_text("utf-8")))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("summary", "light"), "blue"),
        (("findings", 0, "severity"), "worst"),
        (("clauses", 0, "location"), None),
        (("norms", 0, "modality"), "wish"),
        (("schema",), "clausescan.report/9"),
    ],
)
def test_the_schema_and_the_reader_refuse_wrong_values(path: tuple[Any, ...], value: Any) -> None:
    data = make().to_dict()
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, json.loads(SCHEMA.read_text("utf-8")))
    with pytest.raises(DataError, match=str(path[-1])):
        Report.from_dict(data)


def test_fields_of_later_versions_are_left_out() -> None:
    data = make().to_dict()
    data["summary"]["percentile"] = 3
    assert Report.from_dict(data) == make()


def test_the_golden_schema_is_the_one_of_the_code() -> None:
    text = json.dumps(build_schema(), indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("CLAUSESCAN_GOLDEN") == "write":
        Path(str(SCHEMA)).write_text(text, "utf-8")
    assert SCHEMA.read_text("utf-8") == text


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (
            (),
            "schema versions document parties clauses norms findings discrepancies "
            "summary warnings",
        ),
        (("document",), "path sha256 format pages words languages archetype coverage"),
        (
            ("document", "coverage"),
            "pages_total pages_read ocr_pages unread redactions missing_annexes recognised",
        ),
        (("parties", 0), "id name aliases nationality side role confidence evidence"),
        (
            ("clauses", 0),
            "id number heading text language labels norms score burdened pair revisions location",
        ),
        (
            ("norms", 0),
            "id clause modality bearer counterparty trigger strength condition exception mutual "
            "location",
        ),
        (
            ("findings", 0),
            "rule severity confidence burdened clauses missing text why ask evidence",
        ),
        (("summary",), "balance exposure light verdict"),
    ],
)
def test_every_field_of_the_format_is_there(path: tuple[Any, ...], names: str) -> None:
    place: Any = make().to_dict()
    for key in path:
        place = place[key]
    assert set(place) >= set(names.split(" "))


# --- files ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "start"), [("r.json", "{"), ("r.txt", " RED"), ("r.md", "# RED"), ("r.MD", "# RED")]
)
def test_save_goes_by_suffix(tmp_path: Path, name: str, start: str) -> None:
    make().save(tmp_path / name)
    assert (tmp_path / name).read_text("utf-8").startswith(start)
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize("name", ["r.html", "r.xlsx", "r.docx", "r.pdf", "r"])
def test_save_names_the_formats_there_are(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"\.json, \.txt, \.md"):
        make().save(tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_save_says_where_it_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        make().save(tmp_path / "none" / "r.json")


def test_a_device_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "report.json"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(pipe.read_text, "utf-8")
        make().save(pipe)
    assert json.loads(read.result())["schema"] == "clausescan.report/1"
    assert pipe.is_fifo()


def test_a_folder_is_no_place_for_a_report(tmp_path: Path) -> None:
    (tmp_path / "r.json").mkdir()
    with pytest.raises(UsageError, match="cannot be written"):
        make().save(tmp_path / "r.json")


def test_a_half_surrogate_does_not_stop_a_report(tmp_path: Path) -> None:
    report = make([replace(GRANT, text="Supplier \ud800 appoints"), EFFORTS])
    report.save(tmp_path / "r.json")
    assert "appoints" in (tmp_path / "r.json").read_text("utf-8")


# --- the written report -----------------------------------------------------------------------


def test_the_text_report_is_the_golden_one() -> None:
    text = make().to_text(width=80)
    if os.environ.get("CLAUSESCAN_GOLDEN") == "write":
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, "utf-8")
    assert GOLDEN.read_text("utf-8") == text


@pytest.mark.parametrize("form", ["text", "md"])
@pytest.mark.parametrize(
    "words",
    [
        "RED",
        "Nordlicht Pumpen GmbH",
        "Suzhou Hengrui Trading",
        "95% sure",
        "Assumed",
        "Binds mainly Nordlicht",
        "Balance +26",
        "Exposure 84",
        "OURS",
        "THEIRS",
        "Exclusivity",
        "best efforts",
        "p.2",
        "Lacks",
        "binding minimum",
        ASK["en"],
        ASK["zh"],
        "A minimum with a consequence.",
        "EXCL_EFFORTS_ONLY",
        "60 days' notice",
        "the Chinese text prevails",
        "name no party",
        "not legal advice",
    ],
)
def test_page_one_says(form: str, words: str) -> None:
    text = re.sub(r"[\\*]", "", make().render(form))
    assert re.sub(r"\s+", "", words) in re.sub(r"\s+", "", text)


def test_the_ledger_and_the_scale_turn_with_our_side() -> None:
    text = make(us="Distributor", our_party="P2").to_text(width=120)
    assert "+100 binds only them, -100 only us" in text
    assert text.index("OURS    Suzhou") < text.index("THEIRS  Nordlicht")
    report = make(us="Distributor", our_party="P2")
    row = make_ledger(report, Sides.of(report))[0]
    assert (len(row.left), len(row.right)) == (0, 1)


def test_nobody_is_told_that_sides_are_assumed_who_said_them() -> None:
    assert "Assumed" not in make(us="Supplier").to_text()


def test_unknown_sides_come_first_with_the_command_that_fixes_them() -> None:
    text = unknown_sides().to_text(width=100)
    assert text.startswith(" GREY")
    assert 'clausescan scan draft.docx --us "Nordlicht Pumpen GmbH"' in text
    assert text.index("--us") < text.index("WHO IS BOUND")
    assert "BOUND: PARTY 1" in text
    assert "BOUND: OURS" not in text
    assert "Balance" not in text
    assert "hurts Supplier" in text


def test_a_command_stands_on_one_line_to_be_copied() -> None:
    lines = unknown_sides().to_text(width=60).splitlines()
    assert '    clausescan scan draft.docx --us "Suzhou Hengrui Trading Co., Ltd."' in lines


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_no_line_is_wider_than_asked(width: int) -> None:
    chinese = replace(
        GRANT,
        number="第十二条",
        text="甲方授予乙方在中华人民共和国境内独家经销产品的权利，" * 6,
        language="zh",
    )
    report = make([TERRITORY, chinese, EFFORTS], findings=(finding(why="独家权无对价。" * 30),))
    assert max(cells(line) for line in report.to_text(width=width).splitlines()) <= width


def test_colour_is_only_there_when_asked_for() -> None:
    assert "\x1b" not in make().to_text()
    assert "\x1b[" in make().to_text(colour=True)


def test_a_draft_cannot_steer_the_terminal_or_turn_text_round() -> None:
    evil = "Supplier\x1b[2J\u202e shall\x07 [bold red]sell[/] to C:\\x"
    report = make([replace(GRANT, text=evil), EFFORTS], title=evil)
    text = report.to_text()
    assert not set(text) & set("\x1b\x07\u202e")
    assert "[bold red]sell[/]" in text


def test_a_draft_cannot_write_markdown() -> None:
    evil = "Supplier | shall <script>alert(1)</script> ![x](http://x) `a` # b"
    text = make([replace(GRANT, text=evil), EFFORTS], title=evil).to_markdown()
    assert "<script>" not in text
    assert "![x](" not in text
    row = next(line for line in text.splitlines() if line.startswith("| Exclusivity"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 4


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("1. Term", r"1\. Term"), ("- a", r"\- a"), ("a_b*c", r"a\_b\*c"), ("2.1 Term", r"2\.1 Term")],
)
def test_markdown_shows_words_as_they_are(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_findings_that_hurt_them_are_told_apart() -> None:
    theirs = finding(hurts_us=False, burdened="P2", severity="high")
    text = make(findings=(finding(), theirs)).to_text()
    assert "FINDINGS: 1 critical, 1 that hurt them" in text
    assert "(hurts Distributor)" in text


def test_a_report_without_findings_or_clauses_can_be_read() -> None:
    report = make([], findings=(), parties=(), summary=Summary(None, 0.0, "grey", ""))
    assert "FINDINGS: none" in report.to_text()
    assert "clausescan scan draft.docx --us" in report.to_markdown()


def test_coverage_names_what_is_not_there() -> None:
    report = make(missing_annexes=("Annex C",), redactions=2)
    text = report.to_text()
    assert "cited but not in the file: Annex C" in text
    assert "2 places blacked out" in text


def recognised() -> Report:
    report = make()
    pages = ((2, 0.971), (3, 0.968), (4, 0.61), (6, 0.61))
    coverage = replace(
        report.document.coverage,
        pages_total=6,
        pages_read=6,
        ocr_pages=4,
        recognised=tuple(Recognised(*page) for page in pages),
    )
    return replace(report, document=replace(report.document, coverage=coverage))


@pytest.mark.parametrize("form", ["text", "md"])
def test_coverage_says_how_sure_each_recognised_page_is(form: str) -> None:
    told = recognised().render(form)
    assert "4 of them by text recognition (OCR); how sure: page 2–3 97%, 4 61%, 6 61%" in told


def test_recognised_pages_come_back_and_a_report_without_them_can_be_read() -> None:
    report = recognised()
    data = report.to_dict()
    assert data["document"]["coverage"]["recognised"][0] == {"page": 2, "confidence": 0.971}
    assert Report.from_dict(data) == report
    del data["document"]["coverage"]["recognised"]
    assert Report.from_dict(data).document.coverage.recognised == ()


# --- the ledger -------------------------------------------------------------------------------


def ledger(lines: list[Line], **changes: Any) -> dict[str, tuple[list[str], list[str]]]:
    report = make(lines, **changes)
    rows = make_ledger(report, Sides.of(report))
    return {
        row.title: ([entry.where for entry in row.left], [entry.where for entry in row.right])
        for row in rows
    }


@pytest.mark.parametrize(
    ("modality", "bearer", "columns"),
    [
        ("obligation", "P1", (["5"], [])),
        ("obligation", "P2", ([], ["5"])),
        ("prohibition", "P2", ([], ["5"])),
        ("obligation", "both", (["5"], ["5"])),
        ("permission", "P2", (["5"], [])),
        ("entitlement", "P1", ([], ["5"])),
        ("discretion", "both", (["5"], ["5"])),
        ("exemption", "P2", (["5"], [])),
        ("obligation", "unknown", ([], [])),
    ],
)
def test_duties_bind_their_bearer_and_rights_the_other_side(
    modality: str, bearer: str, columns: tuple[list[str], list[str]]
) -> None:
    line = Line("5", "words", ["termination"], [(modality, bearer, 0.9)])
    assert ledger([line])["Exit"] == columns


def test_a_territory_binds_whoever_grants_exclusivity() -> None:
    assert ledger([TERRITORY, GRANT])["Territory"] == (["1.4"], [])


def test_of_two_texts_of_a_clause_the_english_one_is_quoted() -> None:
    chinese = replace(GRANT, text="甲方授予乙方独家经销权。", language="zh")
    report = make([chinese, GRANT], languages=("en", "zh"))
    rows = make_ledger(report, Sides.of(report))
    assert [entry.quote for entry in rows[0].left] == [GRANT.text]


def test_the_strongest_three_are_quoted_and_the_others_named() -> None:
    lines = [
        Line(f"2.{n}", f"words {n}", ["exclusivity.covenant"], [("prohibition", "P1", n / 10)])
        for n in range(1, 7)
    ]
    report = make(lines)
    row = make_ledger(report, Sides.of(report))[0]
    assert [entry.where for entry in row.left] == ["2.4", "2.5", "2.6"]
    assert row.more_left == "2.1, 2.2, 2.3"


def test_a_clause_without_a_number_is_named_by_heading_or_paragraph() -> None:
    named = replace(GRANT, number="", heading="Appointment")
    bare = replace(EFFORTS, number="")
    page = make_page(make([named, bare]))
    assert page.ledger[0].left[0].where == '"Appointment"'
    assert page.ledger[2].right[0].where == "para. 2"


def test_every_label_has_a_name_and_every_ledger_label_exists() -> None:
    import tomllib

    text = (files("clausescan") / "data/labels.toml").read_text("utf-8")
    labels = {item["id"] for item in tomllib.loads(text)["label"]}
    assert set(wording()["labels"]) == labels
    assert {label for row in wording()["ledger"] for label in row["labels"]} <= labels


# --- words ------------------------------------------------------------------------------------


@given(st.text(), st.integers(4, 60))
def test_shortened_text_fits_and_begins_the_text(text: str, width: int) -> None:
    short = shorten(text, width)
    assert cells(short) <= width
    assert clean(text).startswith(short.removesuffix("…"))


@given(st.text())
def test_clean_text_is_one_printable_line(text: str) -> None:
    assert all(char.isprintable() for char in clean(text))
