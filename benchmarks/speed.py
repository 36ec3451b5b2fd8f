"""Speed and memory, as ratios to a reference in the same run; only ratios can be compared.

    python benchmarks/speed.py FOLDER_OF_PDFS [--files 40] [--long FILE]

P is the CPU time that pypdfium2 needs to give the plain text of the same files. Figures go to
``benchmarks/results.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2

from clausescan.scanner import Report, scan, scan_many

RESULTS = Path(__file__).parent / "results.json"
BUDGETS = {"folder_cpu_in_P": 5.0, "two_processes_speedup": 1.7, "cold_cpu_over_spacy_s": 1.0}
BUDGETS |= {"import_cpu_s": 0.15, "help_cpu_s": 0.15, "peak_mb": 300.0}
_PEAK = (
    "import resource, sys, clausescan; clausescan.scan(sys.argv[1]); "
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
)


def plain_text_cpu(paths: Sequence[Path]) -> tuple[float, int]:
    """CPU seconds and pages of pypdfium2's plain text."""
    pages = 0
    start = time.process_time()
    for path in paths:
        document = pypdfium2.PdfDocument(path)
        for page in document:
            page.get_textpage().get_text_range()
            pages += 1
        document.close()
    return time.process_time() - start, pages


def scan_cpu(paths: Sequence[Path]) -> float:
    """CPU seconds of scanning the files one after the other in this process."""
    start = time.process_time()
    results = list(scan_many(paths))
    cpu = time.process_time() - start
    failed = [result for result in results if not isinstance(result, Report)]
    if failed:
        sys.exit(f"not scanned: {failed[0]}")
    return cpu


def wall(paths: Sequence[Path], jobs: int) -> float:
    """Seconds by the clock with a number of processes, their start and models included."""
    start = time.perf_counter()
    for _ in scan_many(paths, jobs=jobs):
        pass
    return time.perf_counter() - start


def cold_cpu(*arguments: str) -> float:
    """CPU seconds of a Python process of its own, median of five."""
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times)


def peak_mb(path: Path) -> float:
    """Peak memory of a process that scans one file."""
    command = [sys.executable, "-c", _PEAK, str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure(paths: Sequence[Path], long: Path) -> dict[str, Any]:
    """All figures."""
    short = min(paths, key=lambda path: abs(len(pypdfium2.PdfDocument(path)) - 8))
    scan(short)
    plain_text_cpu(paths[:2])
    ratios, rounds = [], 3
    for _ in range(rounds):
        reference, pages = plain_text_cpu(paths)
        ratios.append((scan_cpu(paths) / reference, reference))
    ratio, reference = sorted(ratios)[rounds // 2]
    one, two = wall(paths, 1), wall(paths, 2)
    spacy = cold_cpu("-c", "import spacy")
    return {
        "files": len(paths),
        "pages": pages,
        "P_s": round(reference, 3),
        "folder_cpu_in_P": round(ratio, 2),
        "two_processes_speedup": round(one / two, 2),
        "cold_pages": len(pypdfium2.PdfDocument(short)),
        "cold_cpu_over_spacy_s": round(cold_cpu("-m", "clausescan", "scan", str(short)) - spacy, 2),
        "spacy_import_cpu_s": round(spacy, 2),
        "import_cpu_s": round(cold_cpu("-c", "import clausescan"), 3),
        "help_cpu_s": round(cold_cpu("-m", "clausescan", "--help"), 3),
        "peak_pages": len(pypdfium2.PdfDocument(long)),
        "peak_mb": round(peak_mb(long)),
        "cores": os.cpu_count(),
    }


def main() -> None:
    """Measure, print against the budgets and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=40, help="the first so many, by name")
    parser.add_argument("--long", type=Path, help="for peak memory; default: the longest")
    options = parser.parse_args()
    found = (path for path in options.folder.rglob("*") if path.suffix.lower() == ".pdf")
    paths = sorted(found)[: options.files]
    if not paths:
        sys.exit(f"{options.folder} holds no PDF")
    long = options.long or max(paths, key=lambda path: len(pypdfium2.PdfDocument(path)))
    figures = measure(paths, long)
    for name, value in figures.items():
        limit = f"  (budget {BUDGETS[name]})" if name in BUDGETS else ""
        print(f"{name:<24} {value}{limit}")
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
