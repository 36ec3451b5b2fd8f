"""The documents: every block runs, every command and option is told, every link leads somewhere."""

from __future__ import annotations

import itertools
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer

from clausescan.cli import app, main
from clausescan.playbook import load_playbook
from clausescan.version import VERSION

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXECUTE = (
    "import sys, nbformat, nbclient\n"
    "book = nbformat.read(sys.argv[1], as_version=4)\n"
    "where = {'metadata': {'path': sys.argv[2]}}\n"
    "nbclient.NotebookClient(book, timeout=120, resources=where).execute()\n"
    "shown = [output for cell in book.cells for output in cell.get('outputs', [])]\n"
    "print(sum('image/png' in output.get('data', {}) for output in shown))\n"
)


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert found, f"README has no {language} block"
    return found


def commands() -> list[str]:
    lines = "".join(blocks("console")).splitlines()
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def walk(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every leaf command with its names."""
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, child in command.commands.items():
        yield from walk(child, (*path, name))


LEAVES = list(walk(typer.main.get_command(app)))


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like the repository to a reader of the README."""
    for name in ("corpus", "models"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("number", range(len(blocks("python"))))
def test_python_blocks_run_and_print(
    number: int, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(blocks("python")[number], "README.md", "exec"), {"__name__": "readme"})  # noqa: S102
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("command", commands())
def test_commands_end_well(
    command: str, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program, *arguments = shlex.split(command)
    assert program == "clausescan"
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code in (0, None)
    out = next((value for flag, value in itertools.pairwise(arguments) if flag == "-o"), "")
    assert Path(out).exists() if out else capsys.readouterr().out.strip()


@pytest.mark.parametrize("number", range(len(blocks("toml"))))
def test_playbooks_are_good(number: int, tmp_path: Path) -> None:
    book = tmp_path / "mine.toml"
    book.write_text(blocks("toml")[number], "utf-8")
    assert load_playbook(book).version != load_playbook().version


@pytest.mark.parametrize("path", [path for path, _ in LEAVES], ids=" ".join)
def test_every_command_is_in_the_readme(path: tuple[str, ...]) -> None:
    assert re.search(rf"`[^`\n]*\b{' '.join(path)}\b[^`\n]*`", README)


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=[" ".join(path) for path, _ in LEAVES])
def test_every_command_and_option_has_help(path: tuple[str, ...], command: Any) -> None:
    assert command.help
    assert all(getattr(option, "help", "") for option in command.params)


@pytest.mark.parametrize("name", ["scan", "batch"])
def test_the_readme_tells_every_option_of_the_main_commands(name: str) -> None:
    command = next(command for path, command in LEAVES if path == (name,))
    for option in command.params:
        flags = [flag for flag in option.opts if flag.startswith("-")]
        assert not flags or any(re.search(rf"`[^`\n]*{flag}\b", README) for flag in flags), flags


@pytest.mark.parametrize(
    ("document", "target"),
    [
        (name, target)
        for name, text in (("README", README), ("CONTRIBUTING", CONTRIBUTING))
        for target in re.findall(r"\]\(([^)#:]+)\)", text)
    ],
)
def test_links_lead_to_files(document: str, target: str) -> None:
    assert (ROOT / target).exists()


def test_make_targets_that_are_told_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    told = set(re.findall(r"\bmake ([a-z]+)", README + CONTRIBUTING))
    assert told <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert told >= {"scan", "test", "check"}


def test_the_changelog_speaks_of_this_version() -> None:
    assert f"## {VERSION}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_there_is_a_notebook_for_each_step() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["01-scan", "02-retrain", "03-evaluate"]


@pytest.mark.skipif(
    find_spec("nbclient") is None or find_spec("matplotlib") is None,
    reason="nbclient and matplotlib come with the dev extra",
)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_run_and_draw(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", EXECUTE, str(path), str(path.parent)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 0


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_committed_without_outputs(path: Path) -> None:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_lead_to_files(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8"))
    assert all((path.parent / target).exists() for target in targets)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_use_the_front_door_only(path: Path) -> None:
    imported = re.findall(r"(?:from|import) (clausescan[\w.]*)", path.read_text("utf-8"))
    assert set(imported) == {"clausescan"}
