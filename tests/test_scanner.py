"""From a file to a report, one or many, in this process or others."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from extract_files import deleted, inserted, paragraph, run, word_file

from clausescan import scanner
from clausescan.document import blocks_of
from clausescan.errors import DataError, ReadError, UsageError
from clausescan.pipeline import load
from clausescan.pipeline.reading import read_text
from clausescan.report import Report
from clausescan.scanner import ScanError, scan, scan_many

DRAFTS = Path(__file__).parents[1] / "corpus" / "drafts"
DRAFT = DRAFTS / "distribution-en.docx"


@pytest.fixture(scope="module")
def report() -> Report:
    return scan(DRAFT)


@pytest.mark.parametrize(
    ("name", "languages"),
    [
        ("distribution-en.docx", ("en",)),
        ("distribution-zh.docx", ("zh",)),
        ("jv-bilingual.docx", ("en", "zh")),
        ("loi-bilingual.docx", ("en", "zh")),
        ("oem-en.pdf", ("en",)),
        ("technology-licence-zh.pdf", ("zh",)),
    ],
)
def test_every_kind_of_draft_gives_clauses_norms_and_findings(
    name: str, languages: tuple[str, ...]
) -> None:
    report = scan(DRAFTS / name)
    assert report.document.languages == languages
    assert report.sides_known
    assert report.clauses
    assert report.norms
    assert report.findings
    assert report.summary.light in ("red", "amber")
    assert report.document.archetype


def test_the_one_sided_draft_binds_the_foreign_party(report: Report) -> None:
    assert report.summary.light == "red"
    assert report.summary.balance is not None
    assert report.summary.balance > 15
    assert report.findings[0].hurts_us


def test_every_span_slices_back_to_the_same_text(report: Report) -> None:
    from clausescan.extract import read_document

    text = read_document(DRAFT).text
    for clause in report.clauses:
        assert text[clause.location.start : clause.location.end] == clause.text
        for sentence in clause.sentences:
            assert text[sentence.location.start : sentence.location.end] == sentence.text
    for finding in report.findings:
        for item in finding.evidence:
            assert text[item.location.start : item.location.end] == item.quote


@pytest.mark.parametrize("name", ["distribution-en.docx", "jv-bilingual.docx"])
def test_a_part_of_a_clause_names_the_clause_before_it_of_its_language(name: str) -> None:
    clauses = scan(DRAFTS / name).clauses
    places = {clause.id: place for place, clause in enumerate(clauses)}
    parts = [(place, clause) for place, clause in enumerate(clauses) if clause.parent]
    assert len(parts) > 10
    for place, clause in parts:
        whole = clauses[places[clause.parent]]
        assert places[whole.id] < place
        assert whole.language == clause.language
        if clause.number.endswith(")"):
            assert clause.number.startswith(whole.number)


def test_lead_ins_and_headings_are_told(tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(
        "1. Minimum\n1.1 Shortfall. If Dealer fails to meet the Minimum, Maker may:\n"
        "(a) appoint other dealers; or\n(b) end the sale of lamps.\n",
        "utf-8",
    )
    lead, first, second = scan(draft).clauses[1:]
    assert lead.lead_in
    assert not first.lead_in
    assert (first.parent, second.parent) == (lead.id, lead.id)
    assert [one.is_heading for one in lead.sentences] == [True, False]


def test_ids_in_a_report_lead_somewhere(report: Report) -> None:
    clauses = {clause.id for clause in report.clauses}
    norms = {norm.id for norm in report.norms}
    parties = {party.id for party in report.parties}
    assert {norm.clause for norm in report.norms} <= clauses
    assert {name for clause in report.clauses for name in clause.norms} == norms
    assert {norm.bearer for norm in report.norms} <= parties | {"both", "unknown"}
    for finding in report.findings:
        assert set(finding.clauses) <= clauses
        assert finding.burdened in parties


def test_the_same_file_gives_the_same_bytes(report: Report) -> None:
    assert scan(DRAFT).to_json() == report.to_json()


REDLINE = (
    paragraph("Acme GmbH, Vienna, Austria, and Wuxi Pump Co., Ltd., Wuxi, China, agree as follows:")
    + paragraph(runs=inserted(run("1. Term. This Agreement lasts three years.")))
    + paragraph("2. Fees. Acme ", runs=deleted("may") + inserted(run("shall")) + run(" pay."))
    + paragraph("The fees are ", runs=deleted("net ") + run("due at once."))
    + paragraph("3. Notices. Notices are given in writing.")
)


@pytest.mark.parametrize(
    ("original", "code", "texts"),
    [
        (False, "tracked-changes", ["lasts three years", "Acme shall pay", "are due at once"]),
        (True, "original-text", ["Acme may pay", "are net due at once"]),
    ],
)
def test_either_side_of_tracked_changes_can_be_scanned(
    tmp_path: Path, original: bool, code: str, texts: list[str]
) -> None:
    draft = word_file(tmp_path / "draft.docx", REDLINE)
    (report,) = scan_many([draft], original=original, jobs=1)
    assert isinstance(report, Report)
    assert code in {notice.code for notice in report.warnings}
    body = " ".join(clause.text for clause in report.clauses)
    assert all(text in body for text in texts)
    assert ("three years" in body) is not original


def test_changes_stay_with_their_clause(tmp_path: Path) -> None:
    report = scan(word_file(tmp_path / "draft.docx", REDLINE))
    told = [
        (clause.number, one.kind, one.text) for clause in report.clauses for one in clause.revisions
    ]
    assert told == [
        ("1", "inserted", "1. Term. This Agreement lasts three years."),
        ("2", "deleted", "may"),
        ("2", "inserted", "shall"),
        ("2", "deleted", "net "),
    ]


def test_us_by_name_or_alias_wins() -> None:
    by_alias = scan(DRAFT, us="Supplier")
    by_name = scan(DRAFT, us="Falkenrath Verpackungstechnik GmbH")
    assert by_alias.summary == by_name.summary
    assert by_alias.us == "Supplier"


def test_the_other_side_can_be_ours_and_stays_what_it_is(report: Report) -> None:
    mirrored = scan(DRAFT, us="Distributor")
    assert [party.side for party in mirrored.parties] == [party.side for party in report.parties]
    assert mirrored.ours != report.ours
    assert mirrored.summary.balance == report.summary.balance
    assert mirrored.summary.exposure < report.summary.exposure
    ours = {finding.rule for finding in report.findings if finding.hurts_us}
    assert ours == {finding.rule for finding in mirrored.findings if not finding.hurts_us}


@pytest.mark.parametrize(
    ("us", "side"), [("Alpha Trading Ltd", "foreign"), ("Seller", "foreign"), ("Buyer", "chinese")]
)
def test_us_decides_where_the_draft_does_not_tell(tmp_path: Path, us: str, side: str) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(
        "SUPPLY AGREEMENT\n"
        "between Alpha Trading Ltd (“Seller”) and Beta Works Ltd, a company organised under the "
        "laws of the People’s Republic of China (“Buyer”).\n"
        "1. Supply\n1.1 Seller appoints Buyer as its exclusive distributor.\n",
        "utf-8",
    )
    assert not scan(draft).sides_known
    named = scan(draft, us=us)
    assert named.sides_known
    assert {party.side for party in named.parties if party.id in named.ours} == {side}
    assert "side-unknown" not in {notice.code for notice in named.warnings}
    assert named.summary.balance is not None
    assert named.summary.balance > 0


def test_us_that_nobody_is_called_is_an_error_that_names_the_parties() -> None:
    with pytest.raises(UsageError, match="Falkenrath"):
        scan(DRAFT, us="Nobody AG")


def test_a_user_can_switch_a_rule_off(tmp_path: Path, report: Report) -> None:
    rule = report.findings[0].rule
    book = tmp_path / "mine.toml"
    book.write_text(f'[[rule]]\nid = "{rule}"\ndisabled = true\n', "utf-8")
    assert rule not in {finding.rule for finding in scan(DRAFT, rules=book).findings}


def test_a_wrong_playbook_is_told_before_the_draft_is_read(tmp_path: Path) -> None:
    book = tmp_path / "mine.toml"
    book.write_text('[[rule]]\nid = "X"\nnonsense = 1\n', "utf-8")
    with pytest.raises(DataError, match="nonsense"):
        scan(tmp_path / "none.docx", rules=book)


def test_a_draft_without_parties_is_grey_and_scores_nothing(tmp_path: Path) -> None:
    draft = tmp_path / "note.txt"
    draft.write_text("1. Term\n1.1 This note remains in force for two years.\n", "utf-8")
    report = scan(draft)
    assert report.summary.light == "grey"
    assert report.summary.balance is None
    assert not report.sides_known


def test_one_bad_file_never_ends_many(tmp_path: Path) -> None:
    bad = tmp_path / "bad.docx"
    bad.write_bytes(b"PK\x03\x04 and nothing more")
    first, second, third = scan_many([bad, DRAFT, tmp_path / "none.pdf"])
    assert isinstance(first, ScanError)
    assert first.code == "corrupt"
    assert isinstance(second, Report)
    assert isinstance(third, ScanError)
    assert third.code == "missing"


@pytest.mark.parametrize("error", [RecursionError("too deep"), KeyError("x")])
def test_an_error_nobody_foresaw_is_a_result_too(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(path: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(scanner, "read_document", fail)
    (result,) = scan_many([DRAFT])
    assert isinstance(result, ScanError)
    assert result.code == "failed"
    assert type(error).__name__ in str(result)


def test_processes_give_the_same_reports_in_the_same_order() -> None:
    paths = [DRAFTS / "oem-en.pdf", DRAFT]
    alone = [result.to_json() for result in scan_many(paths) if isinstance(result, Report)]
    others = [result.to_json() for result in scan_many(paths, jobs=2) if isinstance(result, Report)]
    assert others == alone


def test_threads_of_any_executor_give_the_same_reports(report: Report) -> None:
    with ThreadPoolExecutor(3) as pool:
        results = list(scan_many([DRAFT] * 3, executor=pool))
    assert results == [report] * 3


def test_an_error_travels_between_processes() -> None:
    error = ScanError("a.docx", "corrupt", "a.docx is broken.")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (copy.path, copy.code, str(copy)) == ("a.docx", "corrupt", "a.docx is broken.")


def test_a_read_error_reaches_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ReadError):
        scan(tmp_path / "none.docx")


def test_a_pipeline_without_tokenizer_reads_the_same() -> None:
    text = "1. Supplier shall deliver the Products within ten days after each order."
    readings = [
        read_text(load("en", tokens=tokens), text, blocks_of(text)) for tokens in (True, False)
    ]
    assert readings[0] == readings[1]
    assert readings[0].norms
