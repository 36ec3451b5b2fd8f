"""Read every draft under a folder in another process and count what came of it.

Usage: python benchmarks/families.py FOLDER [--suffix .pdf] [--seconds 20]

Prints one Markdown row for each folder below: files, read, clear errors with their codes, anything
else (another exception, a crash, more seconds than allowed), most CPU seconds and memory.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from clausescan.errors import ReadError
from clausescan.extract import read_document


@dataclass(frozen=True)
class Result:
    """What came of one file: ``read``, a code of `ReadError`, or ``other``."""

    outcome: str
    seconds: float = 0.0
    megabytes: int = 0


def serve(pipe: Connection) -> None:
    """Read the files whose paths come in, until None does."""
    while (path := pipe.recv()) is not None:
        start = time.process_time()
        try:
            read_document(path)
            outcome = "read"
        except ReadError as error:
            outcome = error.code
        except Exception as error:
            sys.stderr.write(f"{path}: {error!r}\n")
            outcome = "other"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        pipe.send(Result(outcome, time.process_time() - start, peak))


class Reader:
    """A process that reads files one by one and is replaced when it dies or takes too long."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def read(self, path: Path) -> Result:
        """What came of a file."""
        self._pipe.send(path)
        try:
            if self._pipe.poll(self._seconds):
                result: Result = self._pipe.recv()
                return result
        except EOFError:
            pass
        sys.stderr.write(f"{path}: crashed or took more than {self._seconds} s\n")
        self._process.kill()
        self._start()
        return Result("other", self._seconds)

    def close(self) -> None:
        """End the process."""
        self._pipe.send(None)
        self._process.join()


def row(name: str, results: list[Result]) -> str:
    """One line of the table."""
    counts = Counter(result.outcome for result in results)
    read, other = counts.pop("read", 0), counts.pop("other", 0)
    errors = ", ".join(f"{count} {code}" for code, count in counts.most_common()) or "-"
    seconds = max(result.seconds for result in results)
    peak = max(result.megabytes for result in results)
    return f"| {name} | {len(results)} | {read} | {errors} | {other} | {seconds:.2f} | {peak} |"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--suffix", default=".pdf")
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    reader = Reader(options.seconds)
    families: dict[str, list[Result]] = defaultdict(list)
    for path in sorted(options.folder.rglob("*")):
        if path.suffix.lower() == options.suffix and path.is_file():
            family = path.relative_to(options.folder).parts[0]
            families[family].append(reader.read(path))
    reader.close()
    for name, results in families.items():
        print(row(name, results))
    print(row("all", [result for results in families.values() for result in results]))


if __name__ == "__main__":
    main()
