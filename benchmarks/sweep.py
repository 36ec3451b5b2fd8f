"""Every file of some folders read, each in a process of its own: read, refused with a reason, else.

    python benchmarks/sweep.py FOLDER… [--seconds 20] [--megabytes 1000] [--scan] \
        [--limit ocr_seconds=15]

Prints a table of the folders and names every file that was neither read nor refused, or that
took more time or memory than allowed. Exit code 1 if there is one.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from unittest.mock import patch

from clausescan.document import Document
from clausescan.errors import ReadError
from clausescan.extract import READERS, docx, pdf, read_document, text
from clausescan.limits import Limits, limits_from
from clausescan.scanner import scan

LOADED = (docx, pdf, text)
"""Imported here, so that each process has them and none is measured for loading them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    Attributes:
        path: The file.
        kind: ``read``, the code of a `ReadError`, or what went wrong.
        good: Whether it was read or refused with a reason.
        seconds: By the clock.
        megabytes: Peak memory of its process, Python and the readers included.
    """

    path: Path
    kind: str
    good: bool
    seconds: float
    megabytes: float


@dataclass(slots=True)
class Tally:
    """The outcomes of one folder, or of one family of files in it."""

    outcomes: list[Outcome] = field(default_factory=list)

    def row(self, name: str) -> str:
        """A line of the table."""
        codes = Counter(one.kind for one in self.outcomes if one.good and one.kind != "read")
        refused = ", ".join(f"{count} {code}" for code, count in sorted(codes.items()))
        slow = max(one.seconds for one in self.outcomes)
        large = max(one.megabytes for one in self.outcomes)
        read = sum(one.kind == "read" for one in self.outcomes)
        other = sum(not one.good for one in self.outcomes)
        return (
            f"| {name} | {len(self.outcomes)} | {read} | {refused or '0'} | {other} "
            f"| {slow:.1f} | {large:.0f} |"
        )


def files(folder: Path) -> Iterator[Path]:
    """The files of a folder that clausescan has a reader for."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix.lower() in READERS:
            yield path


def look(path: Path, seconds: float, work: Callable[[Path], str]) -> Outcome:
    """Work on one file in a forked process, stopped after so many seconds."""
    reader, writer = os.pipe()
    start = time.perf_counter()
    child = os.fork()
    if not child:
        os.close(reader)
        signal.alarm(int(seconds) + 1)
        os.write(writer, work(path).encode("utf-8", "replace")[:4000])
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        answer = pipe.read().decode("utf-8", "replace")
    _, status, usage = os.wait4(child, 0)
    taken = time.perf_counter() - start
    good = bool(answer) and not answer.startswith("!")
    kind = answer or f"killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return Outcome(path, kind.lstrip("!"), good, taken, usage.ru_maxrss / 1024)


def read(path: Path, *, limits: Limits, then: Callable[[Document], None] | None = None) -> str:
    """``read`` or a code; ``!`` and the error for anything else.

    Args:
        path: The file.
        limits: What it may cost.
        then: What to do with the document.
    """
    try:
        document = read_document(path, limits=limits)
        answer = check(document)
        if then is not None:
            then(document)
        return answer
    except ReadError as error:
        return error.code if str(path) in str(error) else "!a message without the file's name"
    except BaseException as error:
        return f"!{type(error).__name__}: {error}"


def scan_read(document: Document) -> None:
    """The rest of a scan, for a document that is read already."""
    with patch("clausescan.scanner.read_document", lambda *_, **__: document):
        scan(document.path)


def check(document: Document) -> str:
    """Whether the blocks follow each other inside the text."""
    end = 0
    for block in document.blocks:
        if not end <= block.start <= block.end <= len(document.text):
            return f"!block {block.paragraph} has wrong offsets"
        end = block.end
    return "read"


def load_pipelines() -> None:
    """Load the models here, so that no process loads them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "draft.txt")
        path.write_text(
            "The Supplier shall sell the Products.\n乙方应当在区域内销售产品。\n", "utf-8"
        )
        scan(path)


def stop(signum: int, frame: FrameType | None) -> None:
    """Ctrl-C ends the sweep, not one file."""
    del signum, frame
    os._exit(130)


def main() -> None:
    """Sweep, print the table and the bad files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--megabytes", type=float, default=1000.0)
    parser.add_argument("--scan", action="store_true", help="scan as well")
    parser.add_argument("--limit", action="append", default=[], metavar="NAME=NUMBER")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, stop)
    limits = limits_from(options.limit)
    work = partial(read, limits=limits, then=scan_read if options.scan else None)
    if options.scan:
        load_pipelines()
    print("| family | files | read | refused, by code | anything else | longest s | largest MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    total, bad = Tally(), []
    for folder in options.folders:
        families: dict[str, Tally] = {}
        for path in files(folder):
            outcome = look(path, options.seconds, work)
            family = path.relative_to(folder).parts[0] if path.parent != folder else "."
            families.setdefault(family, Tally()).outcomes.append(outcome)
            total.outcomes.append(outcome)
            if (
                not outcome.good
                or outcome.seconds > options.seconds
                or outcome.megabytes > options.megabytes
            ):
                bad.append(outcome)
        for family, tally in sorted(families.items()):
            print(tally.row(f"{folder.name}/{family}"), flush=True)
    print(total.row("all"))
    for one in bad:
        print(f"{one.path}: {one.kind} ({one.seconds:.1f} s, {one.megabytes:.0f} MB)")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
