r"""Measure Word reading against the expected parses of other tools' fixtures.

Usage: python benchmarks/docx_oracles.py FOLDER [--libreoffice TXT_FOLDER] [--losses] [--json]

FOLDER holds one folder a family; every .docx below it is read, in both texts. Prints a table:

- `read`, `refused` (our errors, by code), `other` (anything else, which is a defect);
- `raw`: recall and precision of words against every ``w:t`` of body, notes and margins that is not
  deleted, moved away, hidden by its own run, in a field's code or in a formula (which we set in a
  line), found by a second, independent and much simpler reading of the XML;
- `docling`: the same against docling's own parse (``docling/groundtruth/*.json``), which counts
  the numbers of headings and the comments into the text, as we do here;
- `libreoffice`: the same, our numbers counted in, against its text export (``soffice --convert-to
  txt:Text:UTF8`` of copies named by path, ``/`` as ``__``, blanks as ``_``, brackets left out);
- `numbers`: how many of the paragraphs to which we give a number begin with the same one there;
- `references`: how many of the cross-references to a paragraph's number show, as Word stored it,
  the number that we give that paragraph;
- rows named LIR are lists of 3,500 numbers in one format each;
- `redlines`: pairs of files that say what one text of a third must be.

Differences that are meant:

- ours adds formulas, the words of SmartArt and lettering, numbers inside paragraphs (LISTNUM), the
  state of check boxes and the choices of old forms, which ``raw`` lacks: precision below 1;
- docling writes formulas in LaTeX and repeats the text of merged cells; ours are one line each;
- LibreOffice prints deleted text and text that was moved away, leaves out notes, margins and text
  boxes, ignores ``isLgl``, writes numbers as words in the language of the paragraph and Chinese
  ones over ninety-nine with units (``chineseCounting``: Word and Open-XML-PowerTools write digits),
  goes on with circled numbers above twenty.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from clausescan.document import Document
from clausescan.errors import ReadError
from clausescan.extract import read_document

WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
STORY = re.compile(r"word/(?:document\d*|footnotes|endnotes|header\d*|footer\d*)\.xml")
GONE = ("del", "moveFrom", "rt", "Fallback", "conflictDel", "oMath")
SIGNS = {"noBreakHyphen": "-"}
LONGEST_NUMBER = 20
REDLINES = (
    ("python-redlines/expected_redline.docx", "python-redlines/original.docx",
     "python-redlines/modified.docx"),
    ("openxmlpowertools/CA/CA001-Plain-COMPARE-CA001-Plain-Mod.docx",
     "openxmlpowertools/CA/CA001-Plain.docx", "openxmlpowertools/CA/CA001-Plain-Mod.docx"),
)  # fmt: skip


@dataclass
class Tally:
    """Counts of one family."""

    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)
    bags: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, oracle: str, ours: Counter[str], theirs: Counter[str]) -> None:
        """Compare two bags of words."""
        bag = self.bags.setdefault(oracle, Counter())
        bag["both"] += (ours & theirs).total()
        bag["ours"] += ours.total()
        bag["theirs"] += theirs.total()

    def row(self) -> dict[str, Any]:
        """The family's figures."""
        found: dict[str, Any] = {
            "read": self.read,
            "refused": dict(self.refused),
            "other": dict(self.other),
        }
        for oracle, bag in self.bags.items():
            if oracle in ("numbers", "references"):
                found[oracle] = f"{bag['both']}/{bag['ours']}"
                continue
            recall = bag["both"] / bag["theirs"] if bag["theirs"] else 1.0
            precision = bag["both"] / bag["ours"] if bag["ours"] else 1.0
            found[oracle] = f"{recall:.4f} {precision:.4f}"
        return found


def bag_of(text: str) -> Counter[str]:
    """Words and Han characters of a text."""
    return Counter(WORD.findall(unicodedata.normalize("NFKC", text).lower()))


def bag_of_blocks(document: Document) -> Counter[str]:
    """Words of all blocks."""
    bag: Counter[str] = Counter()
    for block in document.blocks:
        bag += bag_of(document.text[block.start : block.end])
    return bag


def raw_bag(path: Path) -> Counter[str]:
    """Words of all text elements that a reader sees, paragraph by paragraph."""
    bag: Counter[str] = Counter()
    with zipfile.ZipFile(path) as archive:
        main = _main_part(archive)
        names = [name for name in archive.namelist() if name == main or STORY.fullmatch(name)]
        for name in names:
            root = etree.fromstring(archive.read(name))
            bag += sum((bag_of(text) for text in _raw_paragraphs(root)), Counter())
    return bag


def _main_part(archive: zipfile.ZipFile) -> str:
    relations = etree.fromstring(archive.read("_rels/.rels"))
    for one in relations:
        if str(one.get("Type")).endswith("/officeDocument"):
            return str(one.get("Target")).lstrip("/")
    return ""


def _raw_paragraphs(root: Any) -> Iterator[str]:
    inside = 0
    for paragraph in root.iter("{*}p"):
        words: list[str] = []
        for item in paragraph.iter(
            "{*}t", "{*}tab", "{*}br", "{*}cr", "{*}fldChar", "{*}noBreakHyphen"
        ):
            kind = etree.QName(item).localname
            if kind == "fldChar":
                mark = next(value for key, value in item.items() if key.endswith("fldCharType"))
                inside += {"begin": 1, "separate": -1}.get(mark, 0)
            elif _is_seen(item, paragraph):
                words.append(item.text or "" if kind == "t" else SIGNS.get(kind, " "))
        yield "".join(words)


def _is_seen(item: Any, paragraph: Any) -> bool:
    """Whether it belongs to this paragraph, not to one in a box, and is not gone or hidden."""
    owner = next(item.iterancestors("{*}p"), None)
    if owner is not paragraph:
        return False
    if any(etree.QName(one).localname in GONE for one in item.iterancestors()):
        return False
    return item.getparent().find("{*}rPr/{*}vanish") is None


def docling_bag(path: Path) -> Counter[str] | None:
    """Words of docling's parse of a file, None without one."""
    truth = path.parent.parent / "groundtruth" / f"{path.name}.json"
    if not truth.exists():
        return None
    parsed = json.loads(truth.read_text("utf-8"))
    bag = sum((bag_of(one["orig"]) for one in parsed["texts"]), Counter())
    for table in parsed["tables"]:
        cells = (cell for cell in table["data"]["table_cells"] if "ref" not in cell)
        bag += sum((bag_of(cell["text"]) for cell in cells), Counter())
    return bag


def compare_numbers(document: Document, exported: str) -> Iterator[tuple[str, str]]:
    """Our number and LibreOffice's for each numbered paragraph found in its export.

    LibreOffice's is the one that agrees, where several paragraphs have the same words.
    """
    heads: dict[str, list[str]] = {}
    lines = ["".join(line.split()) for line in exported.splitlines()]
    for block in document.blocks:
        text = "".join(document.text[block.start : block.end].split())
        number = "".join(block.number.split())
        if not number or number == "•":
            continue
        if text not in heads:
            ends = (line for line in lines if line.endswith(text))
            heads[text] = [line[: len(line) - len(text)] for line in ends]
        found = [head for head in heads[text] if len(head) <= LONGEST_NUMBER]
        if not found:
            continue
        theirs = number if number in found else found[0]
        heads[text].remove(theirs)
        yield number, theirs


def count_references(path: Path) -> int:
    """How many cross-references to numbers of paragraphs a file's text holds."""
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read(_main_part(archive)))
    codes = ("".join(item.itertext()) for item in root.iter("{*}instrText"))
    return sum(1 for code in codes if re.match(r"\s*REF\s.*\\[nrw]\b", code))


def measure(folder: Path, exports: Path | None, *, losses: bool) -> dict[str, dict[str, Any]]:
    """Figures by family."""
    tallies: dict[str, Tally] = {}
    for path in sorted(folder.rglob("*.docx")):
        family = path.relative_to(folder).parts[0] if path.parent != folder else folder.name
        family += " LIR" if path.name.startswith("LIR") else ""
        tally = tallies.setdefault(family, Tally())
        try:
            document = read_document(path)
            read_document(path, original=True)
        except ReadError as error:
            tally.refused[error.code] += 1
            continue
        except Exception as error:
            tally.other[f"{path.name}: {type(error).__name__}"] += 1
            continue
        tally.read += 1
        ours = bag_of_blocks(document)
        extra = sum((bag_of(block.number) for block in document.blocks), Counter())
        extra += sum((bag_of(one.text) for one in document.comments), Counter())
        extra += sum((bag_of(one.author + " " + one.date) for one in document.comments), Counter())
        theirs = {"raw": raw_bag(path), "docling": docling_bag(path)}
        exported = _export_of(path, folder, exports)
        if exported is not None:
            theirs["libreoffice"] = bag_of(exported)
            for mine, other in compare_numbers(document, exported):
                tally.add("numbers", Counter([mine]), Counter([other]))
                if losses and mine != other:
                    print(f"{path.relative_to(folder)}: number {mine!r}, LibreOffice {other!r}")
        stale = next((one.message for one in document.notices if one.code == "stale-reference"), "")
        stored = count_references(path)
        tally.bags.setdefault("references", Counter()).update(
            ours=stored, both=stored - int(stale.partition(" ")[0] or 0)
        )
        for oracle, bag in theirs.items():
            if bag is None:
                continue
            mine = ours if oracle == "raw" else ours + (extra & (bag - ours))
            tally.add(oracle, mine, bag)
            if losses and oracle != "libreoffice" and bag - mine:
                print(
                    f"{path.relative_to(folder)}: {oracle} has {dict((bag - mine).most_common(9))}"
                )
    return {family: tally.row() for family, tally in sorted(tallies.items())}


def measure_redlines(folder: Path) -> dict[str, str]:
    """Whether both texts of a redline are the two files that it was made from."""
    found = {}
    for redline, before, after in REDLINES:
        if not (folder / redline).exists():
            continue
        texts = [
            _squeezed(read_document(folder / redline, original=original))
            for original in (True, False)
        ]
        wanted = [_squeezed(read_document(folder / name)) for name in (before, after)]
        found[redline] = " ".join(
            "equal" if one == two else "differs" for one, two in zip(texts, wanted, strict=True)
        )
    return found


def _squeezed(document: Document) -> str:
    return "".join(document.text.split())


def _export_of(path: Path, folder: Path, exports: Path | None) -> str | None:
    if exports is None:
        return None
    name = "__".join(path.relative_to(folder).with_suffix(".txt").parts)
    file = exports / name.replace(" ", "_").replace("(", "").replace(")", "")
    return file.read_text("utf-8-sig") if file.exists() else None


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--libreoffice", type=Path, help="folder of its text exports")
    parser.add_argument("--losses", action="store_true", help="name the words that we lack")
    parser.add_argument("--json", action="store_true", help="JSON, not Markdown")
    options = parser.parse_args()
    rows = measure(options.folder, options.libreoffice, losses=options.losses)
    redlines = measure_redlines(options.folder)
    if options.json:
        print(json.dumps({"families": rows, "redlines": redlines}, indent=2))
        return 0
    columns = ("read", "refused", "other", "raw", "docling", "libreoffice", "numbers", "references")
    print(f"| family | {' | '.join(columns)} |\n|{'---|' * (len(columns) + 1)}")
    for family, row in rows.items():
        print(f"| {family} | {' | '.join(str(row.get(name) or '-') for name in columns)} |")
    print(*(f"{name}: original, final {text}" for name, text in redlines.items()), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
