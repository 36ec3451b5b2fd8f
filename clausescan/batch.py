"""A folder or a list of drafts into JSON Lines or a folder of JSON files; no draft ends it.

Names of outputs come from the names of the drafts, never from what stands in them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from clausescan.errors import UsageError
from clausescan.extract import READERS
from clausescan.limits import DEFAULT, Limits
from clausescan.report import Report, write_text
from clausescan.scanner import FilePath, ScanError, scan_many

FAILURE = "clausescan.failure/1"
INDEX = "index.jsonl"
"""Written beside the reports of a folder store: one line a draft, in order."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft of a batch and the name of its report in a folder store."""

    path: str
    output: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft.

    Attributes:
        path: The draft.
        output: Name of its report in the store; "" when there is none.
        light: ``red``, ``amber``, ``green`` or ``grey``; "" when it was not scanned.
        balance: -100 to 100; None when it was not scored.
        exposure: 0 to 100; None when it was not scanned.
        findings: Number of findings by severity.
        code: Why it was not scanned, as a short stable word; "" when it was.
        message: The same as a sentence.
    """

    path: str
    output: str = ""
    light: str = ""
    balance: float | None = None
    exposure: float | None = None
    findings: tuple[tuple[str, int], ...] = ()
    code: str = ""
    message: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The outcome as it stands in the index."""
        if self.code:
            return failure(self.path, self.code, self.message)
        return {
            "path": self.path,
            "output": self.output,
            "light": self.light,
            "balance": self.balance,
            "exposure": self.exposure,
            "findings": dict(self.findings),
        }


class Store(Protocol):
    """Where reports go."""

    def put(self, draft: Draft, result: Report | ScanError) -> Outcome:
        """Keep one result and say what became of its draft."""
        ...


def find_drafts(source: FilePath) -> tuple[Draft, ...]:
    """The drafts of a batch.

    Args:
        source: A folder, searched with its subfolders for files that clausescan reads, or a text
            file with one path a line; there, paths are relative to the list, and lines that are
            blank or begin with ``#`` are left out.

    Raises:
        UsageError: The source does not exist or names no draft.
    """
    place = Path(source)
    if place.is_dir():
        drafts = _of_folder(place)
    elif place.is_file():
        drafts = _of_list(place)
    else:
        raise UsageError(f"{place}: no such folder or list. Check the path.")
    if not drafts:
        kinds = ", ".join(READERS)
        raise UsageError(f"{place} holds no drafts; clausescan reads {kinds}.")
    return drafts


def scan_batch(
    drafts: Sequence[Draft],
    store: FilePath,
    *,
    us: str | None = None,
    rules: FilePath | None = None,
    model: FilePath | None = None,
    original: bool = False,
    limits: Limits = DEFAULT,
    password: str | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
) -> Iterator[Outcome]:
    """Scan drafts into a store, in order.

    Args:
        drafts: See `find_drafts`.
        store: A file ending in .jsonl, or a folder.
        us: As for `clausescan.scan`.
        rules: As for `clausescan.scan`.
        model: As for `clausescan.scan`.
        original: As for `clausescan.scan`.
        limits: As for `clausescan.scan`.
        password: As for `clausescan.scan`; tried on every encrypted draft.
        jobs: Number of processes.
        executor: Any executor to use instead.

    Yields:
        What became of each draft, once it is in the store.

    Raises:
        UsageError: The store cannot be written.
    """
    if jobs < 1:
        raise UsageError(f"--jobs is {jobs}; a batch needs at least one process.")
    paths = [draft.path for draft in drafts]
    with _open(Path(store)) as target:
        results = scan_many(
            paths,
            us=us,
            rules=rules,
            model=model,
            original=original,
            limits=limits,
            password=password,
            jobs=jobs,
            executor=executor,
        )
        for draft, result in zip(drafts, results, strict=True):
            yield target.put(draft, result)


def failure(path: str, code: str, message: str) -> dict[str, str]:
    """The record that stands for a draft that was not scanned."""
    return {"schema": FAILURE, "path": path, "code": code, "message": message}


class _Lines:
    """A JSON Lines file: one report or failure a line."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", errors="replace", newline="\n")
        self._name = path.name

    def put(self, draft: Draft, result: Report | ScanError) -> Outcome:
        outcome = outcome_of(draft.path, self._name, result)
        if isinstance(result, ScanError):
            line = json.dumps(outcome.to_dict(), ensure_ascii=False)
        else:
            line = result.to_json(indent=None)
        self._file.write(line + "\n")
        self._file.flush()
        return outcome

    def close(self) -> None:
        self._file.close()


class _Folder:
    """A JSON file for each report, and an index."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._index = (path / INDEX).open("w", encoding="utf-8", errors="replace", newline="\n")

    def put(self, draft: Draft, result: Report | ScanError) -> Outcome:
        outcome = outcome_of(draft.path, draft.output, result)
        target = self._path / draft.output
        if isinstance(result, ScanError):
            target.unlink(missing_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_text(target, result.to_json(indent=None) + "\n")
        self._index.write(json.dumps(outcome.to_dict(), ensure_ascii=False) + "\n")
        self._index.flush()
        return outcome

    def close(self) -> None:
        self._index.close()


def outcome_of(path: str, output: str, result: Report | ScanError) -> Outcome:
    """What became of a draft, from its result."""
    if isinstance(result, ScanError):
        return Outcome(path, code=result.code, message=result.message)
    counts = Counter(finding.severity for finding in result.findings)
    return Outcome(
        path=path,
        output=output,
        light=result.summary.light,
        balance=result.summary.balance,
        exposure=result.summary.exposure,
        findings=tuple(sorted(counts.items())),
    )


@contextmanager
def _open(path: Path) -> Iterator[Store]:
    try:
        store = _Lines(path) if path.suffix.lower() == ".jsonl" else _Folder(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
    try:
        yield store
    finally:
        store.close()


def _of_folder(folder: Path) -> tuple[Draft, ...]:
    """Files that clausescan reads; Word's lock files (~$) and hidden ones are none."""
    names = sorted(
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.suffix.lower() in READERS
        and not path.name.startswith("~$")
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )
    return tuple(Draft(str(folder / name), f"{name.as_posix()}.json") for name in names)


def _of_list(path: Path) -> tuple[Draft, ...]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no list of paths in UTF-8.") from error
    names = [line.strip() for line in lines]
    names = [name for name in names if name and not name.startswith("#")]
    return tuple(
        Draft(str(path.parent / name), f"{number:04d}-{Path(name).name}.json")
        for number, name in enumerate(names, start=1)
    )
