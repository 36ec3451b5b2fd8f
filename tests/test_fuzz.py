"""Spoiled files: each is read and scanned, or refused with a reason; nothing else ever happens.

The gate tries a few dozen of each kind, always the same ones, and three of each kind that LibreOffice
converts, which takes seconds; ``make fuzz SECONDS=60`` tries new ones for so long each and leaves
the last file in ``out/fuzz``, where a crash can be looked at.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import time
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
from extract_files import (
    PdfFile,
    deleted,
    inserted,
    level,
    listed,
    numbering,
    paragraph,
    run,
    table,
    word_file,
    wrapped,
)
from hypothesis import HealthCheck, Phase, given, seed, settings
from mutations import Change, changes, spoil_bytes, spoil_members, spoil_objects, spoil_xml

from clausescan.errors import ReadError
from clausescan.extract import office, read_document
from clausescan.extract.assemble import Source
from clausescan.extract.html import stripped
from clausescan.limits import Limits
from clausescan.scanner import scan

SECONDS = float(os.environ.get("CLAUSESCAN_FUZZ_SECONDS", "0"))
EXAMPLES = 40
CONVERTED_EXAMPLES = 3
KEPT = Path(__file__).parents[1] / "out" / "fuzz"
LIMITS = Limits(seconds=20, characters=200_000)

PARTIES = (
    "This Agreement is made between Nordlicht Pumpen GmbH, Hamburg, Germany (“Supplier”) and "
    "Suzhou Hengrui Trading Co., Ltd., a company under the laws of the PRC (“Distributor”)."
)
DUTY = "The Distributor shall use its best efforts to sell the Products in the Territory."
CHINESE = "乙方应尽最大努力在区域内销售产品，未经甲方书面同意不得转让本合同。"


def plain_seed(folder: Path) -> Path:
    """Wrapped lines, which the reader joins, and a table of dashes."""
    path = folder / "seed.txt"
    lines = wrapped(f"{PARTIES} {DUTY} " * 6, width=70)
    path.write_text(
        "\n".join([*lines, "", f"1. {DUTY}", "2. " + CHINESE, "Page 1", "-" * 60]), "utf-8"
    )
    return path


def text_seed(folder: Path) -> Path:
    lines = ["# AGREEMENT", PARTIES, f"1. {DUTY}", f"2. {CHINESE}", "| a | b |", "|---|---|"]
    path = folder / "seed.md"
    path.write_text("\n\n".join([*lines, "| 1 | 2 |", "- item", "> quote"]), "utf-8")
    return path


def page_seed(folder: Path) -> Path:
    path = folder / "seed.html"
    path.write_text(
        f"<html><head><meta charset=utf-8><title>T</title></head><body><h1>Deal</h1><p>{PARTIES}"
        f"<span style='display:none'>no</span>{CHINESE}<table><tr><td colspan=2>a<td>b</table>"
        "<img src=x><!-- c --><ol start=2><li>x</ol>&amp;&#20;</body></html>",
        "utf-8",
    )
    return path


def word_seed(folder: Path) -> Path:
    box = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>"
        f"{paragraph('Boxed')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict/></mc:Fallback></mc:AlternateContent></w:r>"
    )
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>'
    )
    body = (
        paragraph(PARTIES)
        + paragraph(DUTY, properties=listed() + '<w:outlineLvl w:val="0"/>')
        + paragraph(runs=inserted(run("new")) + deleted("old") + box, properties=listed(1))
        + table([paragraph(DUTY), paragraph(CHINESE)], [paragraph("2"), table([paragraph("x")])])
        + f"<w:sdt><w:sdtContent>{paragraph(runs=field)}</w:sdtContent></w:sdt>"
        + paragraph("hidden", run_properties="<w:vanish/>")
    )
    return word_file(
        folder / "seed.docx",
        body,
        numbering=numbering(level(0, "%1."), level(1, "%1.%2", form="chineseCounting")),
        styles='<w:style w:type="paragraph" w:default="1" w:styleId="A"><w:name w:val="A"/></w:style>',
        footnotes=f'<w:footnote w:id="1">{paragraph("Note")}</w:footnote>',
        header=paragraph("Head"),
        comments=f'<w:comment w:id="1">{paragraph("Why?")}</w:comment>',
    )


def rtf_seed(folder: Path) -> Path:
    path = folder / "seed.rtf"
    chinese = "".join(f"\\u{ord(letter)}?" for letter in CHINESE)
    path.write_text(
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\revtbl{Unknown;}{A;}}\f0 "
        rf"Deal\par{{\pntext 1.\tab}}{DUTY}\par{{\revised\revauth1 new}}{{\deleted old}}\par "
        rf"\trowd\cellx2000\cellx4000 {chinese}\intbl\cell b\cell\row\pard "
        r"{\field{\*\fldinst PAGE}{\fldrslt 1}}{\footnote Note}{\v hidden}\bin3 abc\par}",
        "ascii",
    )
    return path


def converted_seed(folder: Path, suffix: str) -> Path:
    """The Word file as LibreOffice writes it in another format."""
    command = [office.soffice() or "", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command += ["--headless", "--convert-to", suffix, "--outdir", str(folder)]
    command.append(str(word_seed(folder)))
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / f"seed.{suffix}"


def pdf_seed(folder: Path) -> Path:
    pdf = PdfFile(folder / "seed.pdf", pageCompression=0).lines(wrapped(PARTIES))
    pdf.line(CHINESE, y=200, font="STSong-Light").line("1. Duty", y=240, font="Helvetica-Bold")
    for x in (72, 200, 400):
        pdf.canvas.line(x, 500, x, 300)
    for y in (500, 400, 300):
        pdf.canvas.line(72, y, 400, y)
    pdf.line("left", x=80, y=400).line("right", x=210, y=400)
    pdf.canvas.acroForm.textfield(name="party", value="Acme GmbH", x=72, y=200)
    return pdf.page().lines(wrapped(DUTY)).line("Page 2", y=800).save()


Spoil = Callable[[bytes, Sequence[Change]], bytes]
TARGETS: dict[str, tuple[Callable[[Path], Path], Spoil]] = {
    "plain bytes": (plain_seed, spoil_bytes),
    "text bytes": (text_seed, spoil_bytes),
    "html bytes": (page_seed, spoil_bytes),
    "docx bytes": (word_seed, spoil_bytes),
    "docx members": (word_seed, spoil_members),
    "docx xml": (word_seed, spoil_xml),
    "pdf bytes": (pdf_seed, spoil_bytes),
    "pdf objects": (pdf_seed, spoil_objects),
}
CONVERTED: dict[str, tuple[Callable[[Path], Path], Spoil]] = {
    "converted rtf bytes": (rtf_seed, spoil_bytes),
    "converted html bytes": (page_seed, spoil_bytes),
    "converted doc bytes": (partial(converted_seed, suffix="doc"), spoil_bytes),
    "converted odt members": (partial(converted_seed, suffix="odt"), spoil_members),
    "converted odt xml": (partial(converted_seed, suffix="odt"), spoil_xml),
}
"""Kinds of which each example takes LibreOffice a second or more."""


def strip(path: Path) -> None:
    """Strip a page, which is our part of reading it."""
    source = Source(str(path), path.read_bytes(), "", "html", limits=LIMITS)
    try:
        assert not re.search(rb"<img[\s/>]", stripped(source).data)
    except ReadError as error:
        check_message(path, error)


def check_message(path: Path, error: ReadError) -> None:
    if str(path) not in str(error):
        raise AssertionError("the message does not name the file") from error


def check(path: Path) -> None:
    """Read a file and, if that succeeds, scan it."""
    try:
        document = read_document(path, limits=LIMITS)
    except ReadError as error:
        check_message(path, error)
        return
    end = 0
    for block in document.blocks:
        assert end <= block.start <= block.end <= len(document.text)
        end = block.end
        for line in block.lines:
            assert block.start <= line.start <= line.end <= block.end
    with patch("clausescan.scanner.read_document", lambda *_, **__: document):
        scan(path, limits=LIMITS).to_json()


@pytest.mark.parametrize("name", TARGETS)
def test_a_spoiled_file_is_read_or_refused(name: str, tmp_path: Path) -> None:
    make, spoil = TARGETS[name]
    fuzz(name, make(tmp_path), spoil, strip if make is page_seed else check, EXAMPLES)


@pytest.mark.skipif(office.soffice() is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", CONVERTED)
def test_a_spoiled_file_is_converted_or_refused(name: str, tmp_path: Path) -> None:
    make, spoil = CONVERTED[name]
    fuzz(name, make(tmp_path), spoil, check, CONVERTED_EXAMPLES)


def fuzz(name: str, file: Path, spoil: Spoil, look: Callable[[Path], None], examples: int) -> None:
    """Look at so many spoiled copies of a file, or for as long as `SECONDS` says."""
    data = file.read_bytes()
    folder = KEPT if SECONDS else file.parent
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name.replace(' ', '-')}{file.suffix}"

    def target(spoils: list[Change]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # zipfile warns of members put in twice
            path.write_bytes(spoil(data, spoils))
            look(path)

    options = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=not SECONDS,
        phases=[Phase.generate, Phase.shrink] if SECONDS else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    end = time.monotonic() + SECONDS
    while True:
        attempt = given(changes)(target)
        options(seed(random.getrandbits(64))(attempt) if SECONDS else attempt)()
        if time.monotonic() >= end:
            break
