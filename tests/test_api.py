"""The front door: few names, sorted, and nothing behind it until it is asked for."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import clausescan

ROOT = Path(__file__).parents[1]
HEAVY = (
    "spacy",
    "sklearn",
    "scipy",
    "numpy",
    "pydantic",
    "pdfplumber",
    "pypdfium2",
    "docx",
    "rich",
)


def test_all_is_sorted_and_complete() -> None:
    assert clausescan.__all__ == sorted(clausescan.__all__, key=lambda name: (name.islower(), name))
    assert len(clausescan.__all__) < 10
    for name in clausescan.__all__:
        assert getattr(clausescan, name) is not None
    assert set(clausescan.__all__) <= set(dir(clausescan))


def test_public_names_have_docstrings() -> None:
    assert all(getattr(clausescan, name).__doc__ for name in clausescan.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = clausescan.nonsense


@pytest.mark.parametrize("statement", ["import clausescan", "import clausescan.cli"])
def test_importing_the_front_door_imports_nothing_heavy(statement: str) -> None:
    code = f"{statement}; import sys; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_scanning_a_word_file_needs_no_sklearn_and_no_pydantic_of_ours() -> None:
    draft = ROOT / "corpus" / "drafts" / "distribution-en.docx"
    code = (
        f"import clausescan, sys; clausescan.scan({str(draft)!r})\n"
        "print('sklearn' in sys.modules, 'clausescan.report.schema' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert clausescan.__version__ == project["version"]


def test_entry_points_lead_to_code() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    points = [*project["scripts"].values(), *project["entry-points"]["spacy_factories"].values()]
    for point in points:
        module, name = point.split(":")
        assert callable(getattr(import_module(module), name))
