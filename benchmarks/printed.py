"""A Word file and its print must say the same: compare DOCX files with LibreOffice's PDF of them.

Usage: python benchmarks/printed.py DOCX_OR_FOLDER…

Prints one JSON object. Compared are the body's blocks, NFKC, single blanks, without rules of
underscores (a print draws them) and without decimal clause numbers (LibreOffice sets some in
Chinese where Word does not).

- `paragraphs`: twice the blocks that are equal in both over all blocks of both.
- `characters`: twice the longest common subsequence of characters over those of both; `letters`
  leaves blanks and paragraph ends out.
- `parties`: in how many files a scan finds the same parties with the same aliases in both;
  `apart` names the others.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path

from rapidfuzz.distance import Indel

from clausescan import scan
from clausescan.document import BODY_KINDS
from clausescan.extract import office, read_document

RULE = re.compile("_+")
NUMBER = re.compile(r"^[\d一二三四五六七八九十]+(?:\.\d+)+ ?")


def printed(path: Path, folder: Path) -> Path:
    """A file's print to PDF, made with a profile of its own."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office.soffice() or "soffice", profile, "--headless", "--convert-to", "pdf"]
    command += ["--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / f"{path.stem}.pdf"


def paragraphs(path: Path) -> list[str]:
    """The body's blocks, each with the number that Word computes for it."""
    document = read_document(path)
    found: list[str] = []
    for block in document.blocks:
        if block.kind in BODY_KINDS:
            text = f"{block.number} {document.text[block.start : block.end]}"
            text = " ".join(unicodedata.normalize("NFKC", RULE.sub(" ", text)).split())
            found.append(NUMBER.sub("", text))
    return [text for text in found if text]


def parties(path: Path) -> set[tuple[str, ...]]:
    """Names and aliases, each with its blanks taken out."""
    return {
        tuple(sorted({"".join(name.split()) for name in (party.name, *party.aliases)}))
        for party in scan(path).parties
    }


def measure(paths: list[Path]) -> dict[str, object]:
    """All figures over some files."""
    equal = blocks = common = characters = same_letters = letters = 0
    apart: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        for path in paths:
            copy = printed(path, Path(name))
            one, other = paragraphs(path), paragraphs(copy)
            equal += 2 * sum((Counter(one) & Counter(other)).values())
            blocks += len(one) + len(other)
            ours, theirs = "\n".join(one), "\n".join(other)
            common += len(ours) + len(theirs) - Indel.distance(ours, theirs)
            characters += len(ours) + len(theirs)
            ours, theirs = "".join(ours.split()), "".join(theirs.split())
            same_letters += len(ours) + len(theirs) - Indel.distance(ours, theirs)
            letters += len(ours) + len(theirs)
            if parties(path) != parties(copy):
                apart.append(path.name)
    return {
        "files": len(paths),
        "paragraphs": round(equal / max(blocks, 1), 4),
        "characters": round(common / max(characters, 1), 5),
        "letters": round(same_letters / max(letters, 1), 5),
        "parties": len(paths) - len(apart),
        "apart": apart,
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", type=Path, nargs="+")
    paths: list[Path] = []
    for path in parser.parse_args().paths:
        paths += sorted(path.glob("*.docx")) if path.is_dir() else [path]
    sys.stdout.write(json.dumps(measure(paths), indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
