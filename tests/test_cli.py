"""Commands: what they print where, and with what code they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import jsonschema
import pytest
from extract_files import PdfFile, deleted, inserted, paragraph, word_file
from extract_files import run as words_of
from reportlab.lib.pdfencrypt import StandardEncryption

from clausescan.cli import main
from clausescan.evaluation import Score, Scores
from clausescan.learning.intervals import Intervals
from clausescan.learning.trial import Compared
from clausescan.pipeline import shipped
from clausescan.playbook import load_playbook
from clausescan.training import TrainingScores
from clausescan.version import VERSION

ROOT = Path(__file__).parents[1]
DRAFTS = ROOT / "corpus" / "drafts"
DRAFT = str(DRAFTS / "distribution-en.docx")
BALANCED = str(DRAFTS / "distribution-balanced-en.pdf")


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        out, err = capsys.readouterr()
        return Ran(caught.value.code or 0, out, err)  # type: ignore[arg-type]

    return run


def test_scan_prints_the_report(run) -> None:  # type: ignore[no-untyped-def]
    ran = run("scan", DRAFT)
    assert ran.code == 0
    assert ran.out.startswith(" RED")
    assert "\x1b" not in ran.out
    assert ran.err == ""


def test_json_is_exactly_one_object_that_fits_the_schema(run) -> None:  # type: ignore[no-untyped-def]
    ran = run("scan", DRAFT, "--format", "json")
    schema = json.loads((ROOT / "clausescan/data/report.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(ran.out), schema)


@pytest.mark.parametrize("command", ["scan", "batch"])
def test_original_reads_the_text_before_tracked_changes(  # type: ignore[no-untyped-def]
    run, tmp_path: Path, command: str
) -> None:
    body = paragraph("The fee is ", runs=deleted("5%") + inserted(words_of("9%")) + words_of("."))
    draft = str(word_file(tmp_path / "draft.docx", body))
    store = tmp_path / "store"
    if command == "scan":
        run("scan", draft, "--original", "-o", str(tmp_path / "draft.docx.json"))
        report = json.loads((tmp_path / "draft.docx.json").read_text("utf-8"))
    else:
        run("batch", str(tmp_path), "--original", "-o", str(store))
        report = json.loads((store / "draft.docx.json").read_text("utf-8"))
    assert [clause["text"] for clause in report["clauses"]] == ["The fee is 5%."]
    assert "original-text" in {warning["code"] for warning in report["warnings"]}


def test_warnings_of_a_json_report_go_to_stderr(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    draft = tmp_path / "note.txt"
    draft.write_text("1. Term\n1.1 This note remains in force for two years.\n", "utf-8")
    ran = run("scan", str(draft), "--format", "json")
    assert json.loads(ran.out)["summary"]["light"] == "grey"
    assert ran.err.startswith("warning: ")
    assert run("scan", str(draft), "--format", "json", "--quiet").err == ""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((DRAFT, "--fail-on", "red"), 1),
        ((DRAFT, "--fail-on", "amber"), 1),
        ((DRAFT,), 0),
        ((DRAFT, "--us", "Nobody AG"), 2),
        ((DRAFT, "--format", "html"), 2),
        ((DRAFT, "-o", "report.html"), 2),
        ((DRAFT, "--nonsense"), 2),
        ((), 2),
        (("none.docx",), 3),
        ((str(DRAFTS),), 3),
    ],
)
def test_exit_codes_of_scan(run, arguments: tuple[str, ...], code: int) -> None:  # type: ignore[no-untyped-def]
    assert run("scan", *arguments).code == code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("scan", "none.docx"), "clausescan: none.docx: no such file. Check the path.\n"),
        (("scan", DRAFT, "-o", "r.xlsx"), "Excel reports are not in this version"),
        (("scan", DRAFT, "--us", "Nobody"), '"Falkenrath'),
        (("batch", "none", "-o", "x.jsonl"), "no such folder or list"),
        (("rules", "check", "none.toml"), "none.toml"),
        (("rules", "show", "NONE"), "there is no rule NONE"),
        (("evaluate", "none", "none"), "none"),
    ],
)
def test_an_error_is_a_sentence_without_a_traceback(  # type: ignore[no-untyped-def]
    run, arguments: tuple[str, ...], said: str
) -> None:
    ran = run(*arguments)
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""
    assert ran.code in (2, 3)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ZeroDivisionError("by zero"), "ZeroDivisionError: by zero"),
        (MemoryError(), "it needs more memory"),
    ],
)
def test_an_error_nobody_foresaw_is_a_sentence_too(  # type: ignore[no-untyped-def]
    run, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fail(path: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr("clausescan.scanner.read_document", fail)
    ran = run("scan", DRAFT)
    assert (ran.code, ran.out) == (3, "")
    assert f"could not be scanned: {said}" in ran.err


def test_a_limit_can_be_changed(run) -> None:  # type: ignore[no-untyped-def]
    ran = run("scan", DRAFT, "--limit", "characters=50")
    assert (ran.code, ran.out) == (3, "")
    assert "raise the limit characters" in ran.err
    assert run("scan", DRAFT, "--limit", "letters=50").code == 2


def test_a_scan_that_hangs_ends_with_a_sentence() -> None:
    code = (
        "import time, clausescan.limits, clausescan.scanner\n"
        "from clausescan.cli import main\n"
        "clausescan.limits.GRACE = 0\n"
        "clausescan.scanner.read_document = lambda path, **_: time.sleep(600)\n"
        f"main(['scan', {DRAFT!r}, '--limit', 'seconds=1'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert "could not be scanned in 1 seconds" in done.stderr


def test_out_writes_the_format_of_its_suffix(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    target = tmp_path / "report.md"
    ran = run("scan", DRAFT, "-o", str(target))
    assert (ran.out, ran.code) == ("", 0)
    assert target.read_text("utf-8").startswith("# RED")


def test_format_goes_before_the_suffix(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    target = tmp_path / "report.out"
    assert run("scan", DRAFT, "-o", str(target), "-f", "json").code == 0
    assert json.loads(target.read_text("utf-8"))["schema"] == "clausescan.report/1"


def test_quiet_prints_nothing_and_keeps_the_code(run) -> None:  # type: ignore[no-untyped-def]
    assert run("scan", DRAFT, "--quiet", "--fail-on", "red") == Ran(1, "", "")


def test_batch_goes_on_after_a_bad_file_and_says_so(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "deals"
    folder.mkdir()
    (folder / "a.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "b.docx").write_bytes(Path(DRAFT).read_bytes())
    store = tmp_path / "out.jsonl"
    ran = run("batch", str(folder), "-o", str(store))
    assert ran.code == 3
    assert "b.docx" in ran.out
    assert "a.docx" in ran.err
    assert "2 drafts: 1 red, 1 not scanned" in ran.err
    assert len(store.read_text("utf-8").splitlines()) == 2


def test_batch_can_fail_on_a_light(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    listed = tmp_path / "list.txt"
    listed.write_text(f"{DRAFT}\n", "utf-8")
    out = str(tmp_path / "out")
    assert run("batch", str(listed), "-o", out, "--fail-on", "red", "--quiet") == Ran(1, "", "")


def test_rules_list_names_every_rule(run) -> None:  # type: ignore[no-untyped-def]
    ran = run("rules", "list")
    assert {line.split()[1] for line in ran.out.splitlines()} == {
        rule.id for rule in load_playbook().rules
    }


def test_rules_show_tells_why_and_what_to_ask(run) -> None:  # type: ignore[no-untyped-def]
    rule = load_playbook().rules[0]
    ran = run("rules", "show", rule.id.lower())
    for words in (rule.id, rule.why, rule.clears, rule.ask["en"], rule.ask["zh"]):
        assert words in ran.out


def test_rules_check_accepts_a_good_playbook_and_names_a_bad_key(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    book = tmp_path / "mine.toml"
    rule = load_playbook().rules[0].id
    book.write_text(f'[[rule]]\nid = "{rule}"\nseverity = "medium"\n', "utf-8")
    assert run("rules", "check", str(book)).code == 0
    book.write_text(f'[[rule]]\nid = "{rule}"\nseverity = "worst"\n', "utf-8")
    ran = run("rules", "check", str(book))
    assert ran.code == 2
    assert "severity" in ran.err


def test_rules_check_scans_the_examples_of_own_rules(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    book = tmp_path / "mine.toml"
    silent = 'examples = [["Distributor shall pay each invoice within 30 days."]]'
    book.write_text(f'[[rule]]\nid = "MFN_ONE_WAY"\n{silent}\n', "utf-8")
    ran = run("rules", "check", str(book))
    assert ran.code == 2
    assert "rule MFN_ONE_WAY: an example does not fire: Distributor shall pay" in ran.err
    fires = 'examples = [["Supplier shall give Distributor prices no less favourable than those of any other customer."]]'
    book.write_text(f'[[rule]]\nid = "MFN_ONE_WAY"\n{fires}\ncounter_examples = []\n', "utf-8")
    ran = run("rules", "check", str(book))
    assert "Its 1 examples do as they should" in ran.out


@pytest.mark.parametrize("option", ["--rules", "--playbook"])
def test_scan_takes_a_playbook_under_both_names(run, tmp_path: Path, option: str) -> None:  # type: ignore[no-untyped-def]
    book = tmp_path / "mine.toml"
    book.write_text('[[rule]]\nid = "EXCL_LOCKED"\ndisabled = true\n', "utf-8")
    assert "EXCL_LOCKED" in run("scan", str(DRAFT), "-f", "json").out
    assert "EXCL_LOCKED" not in run("scan", str(DRAFT), "-f", "json", option, str(book)).out


def scores(hits: int) -> Scores:
    score = Score(positives=10, given=8, hits=hits, ap=0.5)
    return Scores({"termination": score}, score, score.f1, 0.5)


def test_train_tells_the_scores_before_and_after(  # type: ignore[no-untyped-def]
    run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {}

    def train(corpus: Path, **options: object) -> TrainingScores:
        options["progress"](1, 2)  # type: ignore[operator]
        asked.update(options, corpus=corpus)
        pair = Compared(scores(4), scores(6))
        return TrainingScores("en", ("termination",), (), ("payout",), 8, pair, pair)

    monkeypatch.setattr("clausescan.training.train", train)
    ran = run("train", "mine.jsonl", "-o", "model", "--base", "old", "--held-out", "0.3",
              "--label", "recipe.secret=Keeps a recipe = a secret", "--force")  # fmt: skip
    del asked["progress"]
    assert asked == {
        "corpus": Path("mine.jsonl"),
        "out": Path("model"),
        "base": Path("old"),
        "labels": {"recipe.secret": "Keeps a recipe = a secret"},
        "held_out": 0.3,
        "force": True,
    }
    assert "Trained 1 labels on 8 documents." in ran.out
    assert "to lose nothing in general: payout." in ran.out
    assert "F1 0.444 → 0.667" in ran.out
    assert ran.err == "model written in 0 seconds.\n"
    row = next(line.split() for line in ran.out.splitlines() if line.startswith("termination"))
    assert row == ["termination", "10", "0.750", "0.600", "0.667", "0.444"]
    told = json.loads(run("train", "mine.jsonl", "-o", "model", "-f", "json").out)
    assert told["own"]["after"]["labels"]["termination"]["f1"] == 0.6667


@pytest.mark.parametrize("command", ["scan", "batch"])
def test_scan_and_batch_take_a_model(run, command: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    empty = tmp_path / "empty"
    empty.mkdir()
    lines = tmp_path / "list.txt"
    lines.write_text(str(Path(DRAFT).resolve()), "utf8")
    source = DRAFT if command == "scan" else str(lines)
    out = tmp_path / "out.jsonl"
    form = ["--format=json"] if command == "scan" else []
    ran = run(command, source, "-o", str(out), "--model", str(ROOT / "models"), *form)
    assert ran.code == 0
    versions = json.loads(out.read_text("utf8"))["versions"]
    assert versions["model"] == f"en-{shipped('en').meta['version']}"
    ran = run(command, source, "-o", str(out), "--model", str(empty), *form)
    assert ran.code == 3
    assert f"{empty}: no pipeline is here" in ran.err


def test_rules_check_takes_a_model(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    book = tmp_path / "book.toml"
    book.write_text('[[rule]]\nid = "FORUM_RISK"\nseverity = "high"\n', "utf8")
    assert run("rules", "check", str(book), "--model", str(ROOT / "models")).code == 0
    assert run("rules", "check", str(book), "--model", str(tmp_path)).code == 3


def test_a_label_without_a_meaning_is_wrong_usage(run) -> None:  # type: ignore[no-untyped-def]
    ran = run("train", "mine.jsonl", "-o", "model", "--label", "recipe.secret")
    assert ran.code == 2
    assert "ID=MEANING" in ran.err


def test_evaluate_tells_every_label(run, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("clausescan.evaluation.evaluate", lambda model, corpus: scores(6))
    *_, row, note = run("evaluate", "model", "mine.jsonl").out.splitlines()
    assert row.split() == ["termination", "10", "0.750", "0.600", "0.667"]
    assert note.startswith("No intervals: they need sentences of 5 documents")
    assert (
        json.loads(run("evaluate", "model", "mine.jsonl", "-f", "json").out)["micro"]["hits"] == 6
    )


def test_evaluate_tells_how_far_figures_would_move(  # type: ignore[no-untyped-def]
    run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = dict.fromkeys(("precision", "recall", "f1", "ap"), (0.51, 0.79))
    drawn = Intervals("document", 9, ends, {"f1": (0.4, 0.6), "ap": (0.3, 0.5)}, {})
    told = replace(scores(6), intervals=drawn)
    monkeypatch.setattr("clausescan.evaluation.evaluate", lambda model, corpus: told)
    head, whole, row, note = run("evaluate", "model", "mine.jsonl").out.splitlines()
    assert head.endswith("F1, 95%")
    assert whole.endswith("0.667  0.510–0.790")
    assert row.endswith("0.667")
    assert "over 9 documents: P 0.510–0.790" in note
    assert "macro AP 0.300–0.500" in note


def test_version_is_printed(run) -> None:  # type: ignore[no-untyped-def]
    assert run("--version").out == f"clausescan {VERSION}\n"


@pytest.mark.parametrize(
    "command", ["scan", "batch", "train", "evaluate", "rules", "rules list", "rules show"]
)
def test_every_command_has_help(run, command: str) -> None:  # type: ignore[no-untyped-def]
    ran = run(*command.split(), "--help")
    assert ran.code == 0
    assert "Usage: clausescan" in ran.out


def test_python_m_works_and_chinese_survives_a_narrow_encoding() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "clausescan", "scan", DRAFT],
        capture_output=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr == b""
    assert done.stdout.startswith(b" RED")


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    folder = tmp_path / "deals"
    folder.mkdir()
    lock = StandardEncryption("s3same", ownerPassword="owner")
    draft = PdfFile(folder / "locked.pdf", encrypt=lock)
    return draft.lines(["1. Supplier shall sell the Products to Buyer."]).save()


@pytest.mark.parametrize("way", ["option", "variable"])
def test_a_password_opens_a_draft_and_is_never_told(  # type: ignore[no-untyped-def]
    run, locked: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    option = ["--password", "s3same"] if way == "option" else []
    if way == "variable":
        monkeypatch.setenv("CLAUSESCAN_PASSWORD", "s3same")
    ran = run("scan", str(locked), "--format", "json", *option)
    assert ran.code == 0
    assert "s3same" not in ran.out + ran.err + run("scan", "--help").out
    store = locked.parent.parent / "out.jsonl"
    assert run("batch", str(locked.parent), "-o", str(store), *option).code == 0
    assert "s3same" not in store.read_text("utf-8")


def test_a_wrong_password_is_told_without_repeating_it(run, locked: Path) -> None:  # type: ignore[no-untyped-def]
    ran = run("scan", str(locked), "--password", "0pen")
    assert ran.code == 3
    assert "does not open it" in ran.err
    assert "0pen" not in ran.out + ran.err


def test_explain_tells_what_decided_from_a_draft_and_from_its_report(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    ran = run("explain", DRAFT, "2.1")
    assert ran.code == 0
    assert "exclusivity.grant/appoint found" in ran.out
    assert "\x1b" not in ran.out
    store = str(tmp_path / "report.json")
    run("scan", DRAFT, "-o", store)
    assert run("explain", store, "2.1").out == ran.out


def test_explain_in_json_is_one_object(run) -> None:  # type: ignore[no-untyped-def]
    ran = run("explain", DRAFT, "2.1", "--label", "termination", "--format", "json")
    (one,) = json.loads(ran.out)["labels"]
    assert one["label"] == "termination"
    assert one["given"] is False


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "report.json"),
        ("[]", "no JSON object"),
        ("{}", "its schema is None"),
        ("[" * 200_000, "too deep"),
    ],
    ids=["broken", "list", "empty", "deep"],
)
def test_explain_names_a_file_that_is_no_report(  # type: ignore[no-untyped-def]
    run, tmp_path: Path, content: str, words: str
) -> None:
    path = tmp_path / "report.json"
    path.write_text(content, "utf-8")
    ran = run("explain", str(path), "2.1")
    assert ran.code == 2
    assert words in ran.err
    assert ran.out == ""


def test_explain_ends_with_3_where_no_file_is(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    ran = run("explain", str(tmp_path / "nothing.json"), "2.1")
    assert ran.code == 3
    assert "nothing.json cannot be read" in ran.err


def test_explain_ends_with_2_where_no_clause_is(run) -> None:  # type: ignore[no-untyped-def]
    ran = run("explain", DRAFT, "99.9")
    assert ran.code == 2
    assert "no clause '99.9'" in ran.err
