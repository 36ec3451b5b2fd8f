r"""Measure PDF extraction against reference texts: words, order, paragraph bounds, CPU time.

Usage: python benchmarks/fidelity.py PDF_FOLDER TXT_FOLDER

Prints one JSON object. Words are ``\w+``, NFKC, lower case.

- `f1` compares bags of words, `order` their sequence: twice the longest common subsequence over
  the sum of lengths. The references keep running footers where pages turn, we keep them behind the
  sentence that goes on, so `body_order` leaves margins out: the share of our body's words that
  stand in the reference in the same order.
- `boundary` asks how many line ends of the reference are block ends of ours and the other way
  round, over the references that keep one paragraph a line.
- `turn` asks the same where pages turn: whether a sentence that goes on over the page stays in one
  block. The references break there themselves, so a turn counts as gone over where the text
  before it has no end and either goes on with a small letter or stands in one line of the
  reference with what follows; as stopped at where it ends and a capital or a number follows.
- `cpu_ratio` is our CPU time over that of pypdfium2's plain text of the same files, interleaved.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import statistics
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from rapidfuzz.distance import LCSseq

from clausescan.document import BODY_KINDS, Document
from clausescan.extract import read_document

WORD = re.compile(r"\w+")
MID_LINE_CLAUSE = re.compile(r"[.;:][\"”)]? +(?:\d+\.\d+|\([a-z]\)|\d+\.) [A-Z]")
ENDS = re.compile(r"[.;:!?。；：！？][\"”’')）」】\]]*$")
"""The end of a sentence; with `STARTS`, a turn where a paragraph surely ends."""

STARTS = re.compile(r"[A-Z\d(（第“\"]")
ITEM = re.compile(
    r"\(?(?:[a-z]{1,4}|\d+(?:\.\d+)*)[.)]|[\W_]+$|[A-Z][A-Z ]+\b|(?:Exhibit|Schedule|Annex) "
)
"""The look of a list item, heading or rule of dashes, which no sentence goes on with."""


def words(text: str) -> list[str]:
    """Lower-case words of a text."""
    return WORD.findall(unicodedata.normalize("NFKC", text).lower())


def token_f1(ours: list[str], theirs: list[str]) -> float:
    """F1 of two bags of words."""
    if not ours and not theirs:
        return 1.0
    common = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * common / (len(ours) + len(theirs))


def order(ours: list[str], theirs: list[str]) -> float:
    """Share of both texts' words that stand in their longest common subsequence."""
    total = len(ours) + len(theirs)
    return 2 * LCSseq.similarity(ours, theirs) / total if total else 1.0


def body_order(document: Document, theirs: list[str]) -> float:
    """Share of the words of our body blocks that a reference has in the same order."""
    blocks = [block for block in document.blocks if block.kind in BODY_KINDS]
    ours = words("\n".join(document.text[block.start : block.end] for block in blocks))
    return LCSseq.similarity(ours, theirs) / max(len(ours), 1)


def bounds(pieces: list[str]) -> Counter[str]:
    """The four words either side of each joint between pieces, as a bag."""
    split = [words(piece) for piece in pieces]
    split = [piece for piece in split if piece]
    found: Counter[str] = Counter()
    for before, after in itertools.pairwise(split):
        found[" ".join(before[-3:]) + "|" + " ".join(after[:3])] += 1
    return found


def joints(document: Document, reference: str) -> tuple[Counter[str], Counter[str]]:
    """Joints of our body blocks and of the reference's lines.

    Running headers and page numbers are left out of both: the reference keeps them in its lines,
    and where they broke a sentence that goes on with a small letter it is made whole.
    """
    body: list[str] = []
    margins: list[str] = []
    for block in document.blocks:
        texts = body if block.kind in BODY_KINDS else margins
        texts.append(document.text[block.start : block.end])
    known = grams(words(" ".join(margins))) | {tuple(words(text)) for text in margins}
    lines: list[str] = []
    for line in reference.splitlines():
        if grams(words(line)) <= known:
            continue
        open_before = bool(lines) and not ENDS.search(lines[-1].rstrip())
        if open_before and line.lstrip()[:1].islower() and not ITEM.match(line.lstrip()):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return bounds(body), bounds(lines)


def grams(tokens: list[str]) -> set[tuple[str, ...]]:
    """Runs of three words; all of them where there are fewer."""
    return {tuple(tokens[index : index + 3]) for index in range(max(len(tokens) - 2, 1))}


def keeps_lines(reference: str) -> bool:
    """Whether a reference has one paragraph a line; some have a page, a list or all on one."""
    lengths = [len(line) for line in reference.splitlines() if line.strip()]
    listed = len(MID_LINE_CLAUSE.findall(reference))
    return (
        bool(lengths)
        and max(lengths) < 5000
        and statistics.mean(lengths) < 600
        and listed <= 0.05 * len(lengths)
    )


@dataclass
class Tally:
    """Counts of agreement: how many both have, we have, the reference has."""

    both: int = 0
    ours: int = 0
    theirs: int = 0

    def scores(self, name: str) -> dict[str, float]:
        """Precision, recall and F1 under a name."""
        precision = self.both / max(self.ours, 1)
        recall = self.both / max(self.theirs, 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        figures = {"precision": precision, "recall": recall, "f1": f1}
        return {f"{name}_{key}": round(value, 4) for key, value in figures.items()}


def turns(document: Document) -> Iterator[tuple[str, str, bool]]:
    """Where pages turn: the last body line, the first of the next page, whether they are joined."""
    last: dict[int, tuple[int, str]] = {}
    first: dict[int, tuple[int, str]] = {}
    for index, block in enumerate(document.blocks):
        if block.kind not in ("paragraph", "heading"):
            continue
        for line in block.lines:
            text = document.text[line.start : line.end].strip()
            if text:
                last[line.page] = (index, text)
                first.setdefault(line.page, (index, text))
    for page, (index, text) in last.items():
        if page + 1 in first:
            other, following = first[page + 1]
            yield text, following, index == other


def goes_on(before: str, after: str, reference: str) -> bool | None:
    """Whether a sentence goes on over a page turn; None where nothing tells.

    Args:
        before: Last line of a page.
        after: First line of the next.
        reference: The reference's words, its line ends kept as ``|``.
    """
    if ENDS.search(before):
        return False if STARTS.match(after) else None
    if ITEM.match(after):
        return None
    joint = " ".join(words(before)[-4:]) + " " + " ".join(words(after)[:4])
    return True if joint in reference or after[:1].islower() else None


def compare_turns(document: Document, reference: str, tally: Tally) -> None:
    """Add a document's page turns to the counts of those that were joined."""
    marked = " | ".join(" ".join(words(line)) for line in reference.splitlines() if words(line))
    for before, after, joined in turns(document):
        wanted = goes_on(before, after, marked)
        if wanted is None:
            continue
        tally.ours += joined
        tally.theirs += wanted
        tally.both += joined and wanted


def plain_text(path: Path) -> None:
    """The reference extraction: pypdfium2's text of every page."""
    document = pypdfium2.PdfDocument(path)
    for page in document:
        text_page = page.get_textpage()
        text_page.get_text_range()
        text_page.close()
        page.close()
    document.close()


def cpu(work: Callable[[Path], object], paths: list[Path]) -> float:
    """CPU seconds of one pass over the files."""
    start = time.process_time()
    for path in paths:
        work(path)
    return time.process_time() - start


def measure(pdfs: Path, texts: Path) -> dict[str, object]:
    """All figures for a folder of PDFs with a .txt of the same stem for each."""
    paths = sorted(path for path in pdfs.iterdir() if path.suffix.lower() == ".pdf")
    by_stem = {path.stem.strip(): path for path in texts.glob("*.txt")}
    f1: dict[str, float] = {}
    sequence: dict[str, float] = {}
    body: dict[str, float] = {}
    boundaries, page_turns = Tally(), Tally()
    pages = lined = 0
    for path in paths:
        document = read_document(path)
        pages += document.pages
        if path.stem.strip() not in by_stem:
            continue
        reference = by_stem[path.stem.strip()].read_text(encoding="utf-8")
        ours, theirs = words(document.text), words(reference)
        f1[path.name], sequence[path.name] = token_f1(ours, theirs), order(ours, theirs)
        body[path.name] = body_order(document, theirs)
        compare_turns(document, reference, page_turns)
        if keeps_lines(reference):
            lined += 1
            found, wanted = joints(document, reference)
            boundaries.both += sum((found & wanted).values())
            boundaries.ours += sum(found.values())
            boundaries.theirs += sum(wanted.values())
    rounds = [(cpu(read_document, paths), cpu(plain_text, paths)) for _ in range(3)]
    return {
        "files": len(paths),
        "pages": pages,
        "compared": len(f1),
        "f1_median": round(statistics.median(f1.values()), 4),
        "f1_worst": worst(f1),
        "order_median": round(statistics.median(sequence.values()), 4),
        "order_worst": worst(sequence),
        "body_order_median": round(statistics.median(body.values()), 4),
        "body_order_worst": worst(body),
        "boundary_files": lined,
        **boundaries.scores("boundary"),
        "turns": page_turns.theirs,
        **page_turns.scores("turn"),
        "cpu_seconds": round(statistics.median(one for one, _ in rounds), 3),
        "cpu_ratio": round(statistics.median(one / other for one, other in rounds), 2),
    }


def worst(scores: dict[str, float]) -> dict[str, float]:
    """The three lowest."""
    return {
        name: round(score, 4)
        for name, score in sorted(scores.items(), key=lambda item: item[1])[:3]
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("texts", type=Path)
    arguments = parser.parse_args()
    result = measure(arguments.pdfs, arguments.texts)
    sys.stdout.write(json.dumps(result, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
