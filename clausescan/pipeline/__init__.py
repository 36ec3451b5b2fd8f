"""spaCy components, one a module, in the order clauses, parties, labels, norms."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from clausescan.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language

COMPONENTS = ("clauses", "parties", "labels", "norms")
"""Modules of the components, in the order of the pipeline; their factories are
``clausescan_clauses`` and so on."""


LANGUAGES = ("en", "zh")
_META = "meta.json"


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


def folders_in(model: Path) -> dict[str, Path]:
    """The pipelines that somebody's own model folder holds, by language.

    Args:
        model: The folder of a pipeline, or one with a folder for each language as ``models`` has.

    Raises:
        ModelError: There is none.
    """
    if model.joinpath("config.cfg").is_file():
        return {_language_of(model): model}
    inner = [model / language for language in LANGUAGES]
    found = {_language_of(one): one for one in inner if one.joinpath("config.cfg").is_file()}
    if not found:
        raise ModelError(f"{model}: no pipeline is here, nor in its folders 'en' and 'zh'")
    return found


def chosen(language: str, model: Path | None = None) -> Language:
    """The pipeline for a language without tokens: somebody's own, else the shipped one.

    It is loaded once, and again when it was trained anew.

    Raises:
        ModelError: There is no model for the language, or the folder holds none at all.
    """
    folder = None if model is None else folders_in(model).get(language)
    if folder is None:
        return shipped(language)
    return _loaded(folder.resolve(), folder.joinpath(_META).stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _loaded(folder: Path, _stamp: int) -> Language:
    return load_from(folder, tokens=False)


def _language_of(folder: Path) -> str:
    try:
        language = json.loads(folder.joinpath(_META).read_text("utf8"))["lang"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{folder / _META} cannot be read ({error}); train the model anew"
        ) from error
    return str(language)


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
