"""spaCy components, one a module, in the order clauses, parties, labels, norms."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from clausescan.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language

COMPONENTS = ("clauses", "parties", "labels", "norms")
"""Modules of the components, in the order of the pipeline; their factories are
``clausescan_clauses`` and so on."""


def model_folders(language: str) -> tuple[Path, ...]:
    """Where a language's pipeline may lie: in the package, or in a checkout beside it."""
    package = Path(__file__).parents[1]
    return package / "models" / language, package.parent / "models" / language


def load(language: str, *, tokens: bool = True) -> Language:
    """The shipped pipeline of a language.

    Args:
        language: ``en`` or ``zh``.
        tokens: Whether texts will be tokenised; the tokenizer's exceptions take nearly half the
            time to load, and `clausescan.pipeline.reading.read_text` needs none.

    Raises:
        ModelError: There is no model for the language.
    """
    for folder in model_folders(language):
        if folder.joinpath("config.cfg").is_file():
            return load_from(folder, tokens=tokens)
    raise ModelError(f"there is no model for {language!r}; there are models for 'en' and 'zh'")


@cache
def shipped(language: str) -> Language:
    """The shipped pipeline of a language without tokens, loaded once.

    Raises:
        ModelError: There is no model for the language.
    """
    return load(language, tokens=False)


def load_from(folder: str | Path, *, tokens: bool = True) -> Language:
    """The pipeline in a folder.

    Args:
        folder: As `spacy.language.Language.to_disk` wrote it.
        tokens: As for `load`.

    Raises:
        ModelError: The folder holds no pipeline.
    """
    if not Path(folder).joinpath("config.cfg").is_file():
        raise ModelError(f"{folder}: no pipeline is here")
    register()
    # Imported late: spaCy costs a second, and importing this package must cost nothing.
    from spacy.util import load_model_from_path

    return load_model_from_path(Path(folder), exclude=() if tokens else ("tokenizer",))


def blank(language: str) -> Language:
    """A pipeline with all components and no weights."""
    register()
    import spacy

    nlp = spacy.blank(language)
    for component in COMPONENTS:
        nlp.add_pipe(f"clausescan_{component}")
    return nlp


def register() -> None:
    """Make the factories known, also where the package's entry points are not installed."""
    for component in COMPONENTS:
        import_module(f"clausescan.pipeline.{component}")
