"""Arrows point down only: what each module may import, read from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "clausescan"

LAYERS = [
    ["errors", "version", "numerals", "workers"],
    ["limits"],
    ["document"],
    ["extract"],
    ["contract"],
    ["pipeline"],
    ["findings.attributes", "findings.weights", "findings.sides"],
    ["findings.rules", "findings.burdens"],
    ["playbook", "findings.conditions", "findings.computed"],
    ["findings"],
    ["findings.verdict", "standing"],
    ["scoring"],
    ["report", "explanation"],
    ["annotation", "corpus", "evaluation", "learning", "training"],
    ["scanner"],
    ["batch", "drafts", "miniatures"],
    ["cli"],
    ["__main__"],
]
"""Bottom to top; rooms on one line may use each other."""

LANGUAGE_PROCESSING = {"extract", "pipeline", "corpus", "evaluation", "learning", "training"}
LANGUAGE_PROCESSING |= {"annotation", "scanner"}
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
RANK = {room: rank for rank, rooms in enumerate(LAYERS) for room in rooms}


def room_of(module: Path) -> str:
    """The room of a module; where a package has an order of its own, with the module's name."""
    return _room([part.removesuffix(".py") for part in module.parts])


def _room(parts: list[str]) -> str:
    inner = ".".join(parts[:2])
    return inner if inner in RANK else parts[0]


def imports(module: Path, *, run_time: bool = False) -> Iterator[str]:
    """Dotted names that a module imports anywhere; `run_time` leaves TYPE_CHECKING blocks out."""
    tree = ast.parse((PACKAGE / module).read_text("utf-8"))
    hidden = {
        id(node)
        for block in ast.walk(tree)
        if run_time and isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_imports_point_down(module: Path) -> None:
    own = room_of(module)
    if own == "__init__":
        return
    for name in imports(module):
        if name.startswith("clausescan."):
            room = _room(name.split(".")[1:])
            assert RANK[room] <= RANK[own], f"{own} imports {room}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_modules_are_imported_by_full_name_never_the_root(module: Path) -> None:
    for name in imports(module):
        assert name != "clausescan"
        assert not name.startswith(".")


def test_every_module_has_a_place() -> None:
    assert {room_of(module) for module in MODULES} - {"__init__"} <= set(RANK)


@pytest.mark.parametrize(
    "module",
    [
        module
        for module in MODULES
        if module.parts[0].removesuffix(".py") not in LANGUAGE_PROCESSING
    ],
    ids=str,
)
def test_nothing_after_the_hinge_imports_spacy(module: Path) -> None:
    assert not {name.split(".")[0] for name in imports(module)} & {"spacy", "sklearn"}


@pytest.mark.parametrize(
    "module", [module for module in MODULES if room_of(module) == "extract"], ids=str
)
def test_readers_know_no_language_processing(module: Path) -> None:
    assert not {name.split(".")[0] for name in imports(module)} & {"spacy", "sklearn", "numpy"}


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_nothing_opens_the_network_or_unpickles(module: Path) -> None:
    banned = {"pickle", "joblib", "dill", "socket", "urllib", "http", "requests", "httpx"}
    assert not {name.split(".")[0] for name in imports(module)} & banned


def test_broad_excepts_stand_at_the_edge_of_a_file_only_and_nothing_asserts_or_prints() -> None:
    broad = []
    for module in MODULES:
        for node in ast.walk(ast.parse((PACKAGE / module).read_text("utf-8"))):
            assert not isinstance(node, ast.Assert), module
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "print", module
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None
                or (
                    isinstance(node.type, ast.Name)
                    and node.type.id in ("Exception", "BaseException")
                )
            ):
                broad.append(module.as_posix())
    assert broad == ["scanner.py", "workers.py"]


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_modules_and_functions_stay_small(module: Path) -> None:
    text = (PACKAGE / module).read_text("utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False) or ""
            lines = (
                (node.end_lineno or 0) - node.lineno + 1 - docstring.count("\n") - bool(docstring)
            )
            assert lines <= 60, f"{node.name} has {lines} lines"
