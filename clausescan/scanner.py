"""The whole story.

File → Document → clauses, labels, parties, norms → Contract → findings and scores → Report.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from clausescan.contract import Clause, Contract, party_called
from clausescan.document import Document, view
from clausescan.errors import ClausescanError, ModelError, ReadError
from clausescan.extract import read_document
from clausescan.findings import find
from clausescan.findings.attributes import find_archetype, find_attributes
from clausescan.findings.burdens import read_facts
from clausescan.findings.rules import Playbook
from clausescan.limits import DEFAULT, GRACE, Limits
from clausescan.playbook import load_playbook
from clausescan.report import Report, Versions, make_report
from clausescan.scoring import score_clauses, summarise
from clausescan.version import VERSION
from clausescan.workers import Died, map_in_executor, map_in_processes

FilePath = str | os.PathLike[str]

_OPENING = 20
"""Clauses, recitals among them, that tell what kind of deal a draft is about."""


class ScanError(ClausescanError):
    """A draft that could not be scanned, in the place of its report.

    Attributes:
        path: As the caller gave it.
        code: Short stable reason: a code of `ReadError`, ``usage``, ``model``, ``crash``
            (its process was lost, or stopped at a limit) or ``failed``.
        message: What is wrong and what to do.
    """

    def __init__(self, path: str, code: str, message: str) -> None:
        super().__init__(path, code, message)
        self.path, self.code, self.message = path, code, message

    def __str__(self) -> str:
        return self.message


def scan(
    path: FilePath,
    *,
    us: str | None = None,
    rules: FilePath | None = None,
    model: FilePath | None = None,
    original: bool = False,
    limits: Limits = DEFAULT,
    password: str | None = None,
) -> Report:
    """Read a draft and say who is bound, to what, and what is missing.

    Args:
        path: A .pdf, .docx, .txt or .md file; with LibreOffice also .doc, .rtf, .odt or .html.
        us: Name or alias of our party; default: the foreign one.
        rules: A playbook that adds to, changes or switches off the shipped rules.
        model: Folder of a retrained model, or one with such folders ``en`` and ``zh``; what it
            does not hold is read with the shipped model.
        original: Whether to scan a Word file as if all its tracked changes were rejected; default:
            as if all were accepted.
        limits: What the file may cost.
        password: What opens an encrypted .pdf; it is never part of the report.

    Raises:
        ReadError: The file cannot be read.
        UsageError: No party is called `us`.
        DataError: The playbook is wrong.
        ModelError: The folder holds no model.
    """
    own = None if model is None else Path(model)
    playbook = _playbook(None if rules is None else Path(rules), _labels_of(own))
    document = read_document(path, original=original, limits=limits, password=password)
    contract = _with_facts(_read_contract(document, us, own))
    ours = "" if us is None else party_called(contract.parties, us).id
    facts = read_facts(contract)
    contract = score_clauses(contract, us=ours, facts=facts)
    findings = find(contract, playbook, us=ours, facts=facts)
    summary = summarise(contract, findings, us=ours, facts=facts)
    versions = Versions(VERSION, _model_names(contract, own), playbook.version)
    return make_report(contract, findings, summary, versions=versions, us=us or "", our_party=ours)


def scan_many(
    paths: Iterable[FilePath],
    *,
    us: str | None = None,
    rules: FilePath | None = None,
    model: FilePath | None = None,
    original: bool = False,
    limits: Limits = DEFAULT,
    password: str | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
) -> Iterator[Report | ScanError]:
    """Scan drafts one after the other or side by side; one bad file never ends it.

    Args:
        paths: The drafts.
        us: As for `scan`.
        rules: As for `scan`.
        model: As for `scan`.
        original: As for `scan`.
        limits: As for `scan`.
        password: As for `scan`; tried on every encrypted draft.
        jobs: Number of processes, so that even a crash, a hang or a hunger for memory costs one
            file only; default: none, the drafts are scanned in this process. Programs that use
            it need the usual ``if __name__ == "__main__":`` guard.
        executor: Any `concurrent.futures.Executor` to use instead.

    Yields:
        For each path, in order, its report, or the error that stands for it.
    """
    names = [os.fspath(path) for path in paths]
    step = partial(
        _scan_or_error,
        us=us,
        rules=None if rules is None else os.fspath(rules),
        model=None if model is None else os.fspath(model),
        original=original,
        limits=limits,
        password=password,
    )
    results: Iterator[Report | ScanError | Died]
    if executor is not None:
        results = map_in_executor(step, names, executor)
    elif jobs is not None:
        seconds = limits.seconds + GRACE
        results = map_in_processes(
            step, names, jobs=jobs, seconds=seconds, memory=limits.memory_bytes
        )
    else:
        results = map(partial(_in_memory, step), names)
    for name, result in zip(names, results, strict=True):
        if isinstance(result, Died):
            yield ScanError(name, "crash", f"{name} could not be scanned: {result.reason}.")
        else:
            yield result


def _scan_or_error(
    path: str,
    *,
    us: str | None,
    rules: str | None,
    model: str | None,
    original: bool,
    limits: Limits,
    password: str | None,
) -> Report | ScanError:
    try:
        return scan(
            path,
            us=us,
            rules=rules,
            model=model,
            original=original,
            limits=limits,
            password=password,
        )
    except ClausescanError as error:
        return ScanError(path, _code_of(error), str(error))
    except MemoryError:
        raise  # For those who run the step: a process that ran out of memory must go.
    except Exception as error:
        kind = type(error).__name__
        return ScanError(path, "failed", f"{path} could not be scanned: {kind}: {error}")


def _in_memory(step: Callable[[str], Report | ScanError], path: str) -> Report | ScanError:
    try:
        return step(path)
    except MemoryError:
        message = f"{path} could not be scanned: it needs more memory than there is. Split it."
        return ScanError(path, "failed", message)


def _code_of(error: ClausescanError) -> str:
    if isinstance(error, ReadError):
        return error.code
    return "model" if isinstance(error, ModelError) else "usage"


def _read_contract(document: Document, us: str | None, model: Path | None) -> Contract:
    # Imported late: the front door must cost nothing.
    from clausescan.pipeline import chosen
    from clausescan.pipeline.assemble import LanguageText, assemble
    from clausescan.pipeline.reading import read_text

    texts = []
    for language in document.languages:
        part = view(document, language, fallback=True)
        reading = read_text(chosen(language, model), part.text, part.blocks)
        texts.append(LanguageText("zh" if language == "zh" else "en", part, reading))
    return assemble(document, texts, us=us)


def _with_facts(contract: Contract) -> Contract:
    """The contract with the attributes of its clauses and its kind of deal."""
    clauses = tuple(map(_with_attributes, contract.clauses))
    opening = (clause.text for clause in clauses[:_OPENING])
    archetype = find_archetype(contract.title, *opening)
    return replace(contract, clauses=clauses, archetype=archetype)


def _with_attributes(clause: Clause) -> Clause:
    labels = {label.label for label in clause.labels}
    attributes = find_attributes(clause.text, clause.language, labels)
    return replace(clause, attributes=attributes) if attributes else clause


@cache
def _playbook(path: Path | None, labels: frozenset[str]) -> Playbook:
    return load_playbook(path, labels)


def _labels_of(model: Path | None) -> frozenset[str]:
    if model is None:
        return frozenset()
    from clausescan.pipeline.labels import own_labels

    return frozenset(own_labels(model))


def _model_names(contract: Contract, model: Path | None) -> str:
    from clausescan.pipeline import chosen

    metas: Iterable[Mapping[str, str]] = (
        chosen(language, model).meta for language in sorted(contract.languages)
    )
    return " ".join(f"{meta['lang']}-{meta['version']}" for meta in metas)
