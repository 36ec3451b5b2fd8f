"""Writes the tables of corpus/README.md from the files, so that they are never stale.

python corpus/datasheet.py             # write them
python corpus/datasheet.py --alike     # name sentences of one file that are nearly the same
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from clausescan.corpus import ClauseRecord, read_corpus
from clausescan.pipeline.taxonomy import load_taxonomy

CORPUS = Path(__file__).parent
DATASHEET = CORPUS / "README.md"
LANGUAGES = {"en": "English", "zh": "Chinese"}
SHOWN = 4
"""Labels that tell what a file is about."""


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(map(told, row))} |" for row in rows)])


def told(value: object) -> str:
    """A cell: numbers with their thousands marked."""
    return f"{value:,}" if isinstance(value, int) else str(value)


def files_table(folder: str) -> str:
    """A row a file: language, voices, sentences, hard negatives, most frequent labels."""
    rows: list[list[object]] = []
    for path in sorted((CORPUS / folder).glob("*.jsonl")):
        records = read_corpus(path)
        most = Counter(label for record in records for label in record.labels).most_common(SHOWN)
        rows.append(
            [
                f"`{path.name}`",
                LANGUAGES[records[0].language],
                len({record.document for record in records}),
                len(records),
                sum(not record.labels for record in records),
                sum(bool(record.near) for record in records),
                ", ".join(label for label, _ in most),
            ]
        )
    rows.append(["all", "", *(sum(int(str(row[n])) for row in rows) for n in range(2, 6)), ""])
    head = ("file", "language", "voices", "sentences", "without a label", "hard negatives",
            "labels it has most of")  # fmt: skip
    return table(head, rows)


def labels_table() -> str:
    """A row a label: sentences that carry it, and hard negatives for it, by language."""
    records = read_corpus(CORPUS / "clauses")
    counts = [
        Counter(label for r in records if r.language == language for label in getattr(r, key))
        for language in LANGUAGES
        for key in ("labels", "near")
    ]
    rows = [
        [f"`{label}`", *(count[label] for count in counts)] for label in sorted(load_taxonomy())
    ]
    rows.append(["fewest", *(min(count[label] for label in load_taxonomy()) for count in counts)])
    head = ("label", "English", "English, hard negatives", "Chinese", "Chinese, hard negatives")
    return table(head, rows)


def shape_table() -> str:
    """What the sentences are like, by language."""
    records = read_corpus(CORPUS / "clauses")
    parts = [[r for r in records if r.language == language] for language in LANGUAGES]
    questions: tuple[tuple[str, Callable[[list[ClauseRecord]], object]], ...] = (
        ("sentences", len),
        ("drafting voices", lambda part: len({r.document for r in part})),
        ("carry two labels or more", lambda part: share(part, lambda r: len(r.labels) > 1)),
        ("carry none", lambda part: share(part, lambda r: not r.labels)),
        ("have a heading", lambda part: share(part, lambda r: bool(r.heading))),
        ("median length", median),
    )
    rows = [[name, *(ask(part) for part in parts)] for name, ask in questions]
    return table(("", *LANGUAGES.values()), rows)


def share(records: Sequence[ClauseRecord], holds: Callable[[ClauseRecord], bool]) -> str:
    """How many records something holds for, in percent."""
    return f"{sum(map(holds, records)) / len(records):.0%}"


def median(records: Sequence[ClauseRecord]) -> str:
    """The length of the middle sentence: words, or characters where words are not spaced."""
    is_han = records[0].language == "zh"
    lengths = sorted(len(r.text) if is_han else len(r.text.split()) for r in records)
    return f"{lengths[len(lengths) // 2]} {'characters' if is_han else 'words'}"


TABLES: dict[str, Callable[[], str]] = {
    "clauses": lambda: files_table("clauses"),
    "shape": shape_table,
    "labels": labels_table,
    "hard": lambda: files_table("hard"),
}


def written(text: str) -> str:
    """The datasheet with its tables made anew."""
    for name, make in TABLES.items():
        start, end = f"<!-- table: {name} -->", "<!-- end -->"
        pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
        block = f"{start}\n\n{make()}\n\n{end}"
        text, count = pattern.subn(lambda _, block=block: block, text)
        if count != 1:
            raise SystemExit(f"{DATASHEET}: {start!r} must stand there once, not {count} times")
    return text


def alike(
    ones: Sequence[ClauseRecord], others: Sequence[ClauseRecord]
) -> Iterator[tuple[str, str, float]]:
    """Pairs of sentences of one language that are nearly the same."""
    from rapidfuzz import fuzz, process

    is_han = ones[0].language == "zh"
    scorer, limit = (fuzz.ratio, 75) if is_han else (fuzz.token_set_ratio, 85)
    rows, columns = ([record.text for record in part] for part in (ones, others))
    scores = process.cdist(rows, columns, scorer=scorer, score_cutoff=limit)
    for row, one in enumerate(ones):
        for column, other in enumerate(others):
            if scores[row, column] >= limit and (ones is not others or row < column):
                yield one.id, other.id, float(scores[row, column])


def all_alike() -> Iterator[tuple[str, str, float]]:
    """Pairs within a file, and between what is kept for testing and what is learned from."""
    for path in sorted(CORPUS.glob("*/*.jsonl")):
        records = read_corpus(path)
        yield from alike(records, records)
    for language in LANGUAGES:
        kept, learned = (
            [r for r in read_corpus(CORPUS / folder) if r.language == language]
            for folder in ("hard", "clauses")
        )
        yield from alike(kept, learned)


def main() -> None:
    """Write the tables, or name sentences that are alike."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alike", action="store_true", help="name near-duplicates")
    options = parser.parse_args()
    if not options.alike:
        DATASHEET.write_text(written(DATASHEET.read_text("utf-8")), "utf-8")
        return
    for one, two, score in all_alike():
        print(f"{one} and {two} are alike ({score:.0f})")


if __name__ == "__main__":
    main()
