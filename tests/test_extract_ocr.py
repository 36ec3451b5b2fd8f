"""Pages that are pictures: with engines made by hand, and with the true ones where installed."""

from __future__ import annotations

import io
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pypdfium2
import pytest
from extract_files import HEIGHT, WIDTH, PdfFile, wrapped
from PIL import Image
from reportlab.lib.utils import ImageReader

from clausescan.document import Document, Recognised
from clausescan.errors import ReadError
from clausescan.extract import ocr, pdf_ocr, read_document
from clausescan.extract.ocr import Picture, Piece, Tesseract, rows
from clausescan.limits import Limits
from clausescan.scanner import scan

LONG = (
    "The Distributor shall use its best efforts to sell the Products in the Territory and shall "
    "not, without the prior written consent of the Supplier, sell competing goods there."
)


def piece(
    text: str, x: float, y: float, *, width: float = 500, sure: float = 0.9, slant: float = 0.0
) -> Piece:
    """A piece 20 pixels high, turned about the picture's corner by so many radians."""
    corners = ((x, y), (x + width, y), (x + width, y + 20), (x, y + 20))
    cosine, sine = math.cos(slant), math.sin(slant)
    turned = tuple((a * cosine - b * sine, a * sine + b * cosine) for a, b in corners)
    return Piece(text, turned, sure)  # type: ignore[arg-type]


@dataclass
class Engine:
    """Gives the same pieces for every picture, or what a function makes of it."""

    pieces: list[Piece] = field(default_factory=list)
    make: Callable[[Picture], list[Piece]] | None = None
    name: str = "Hand"
    dpi: int = 144
    needs_level: bool = False
    at_once: int = 1
    seen: list[Picture] = field(default_factory=list)

    def read(self, picture: Picture, seconds: float) -> list[Piece]:
        assert seconds > 0
        assert len(picture.pixels) == picture.width * picture.height
        self.seen.append(picture)
        return self.make(picture) if self.make else self.pieces


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[Engine | None], None]:
    return lambda engine: monkeypatch.setattr(pdf_ocr, "engine", lambda: engine)


def image(pdf: PdfFile) -> PdfFile:
    """A page covered by a picture: white above, black below."""
    picture = Image.new("L", (60, 80), 255)
    picture.paste(0, (0, 40, 60, 80))
    pdf.canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)
    return pdf


def mixed(path: Path) -> Path:
    """A page of text, then two pictures."""
    pdf = PdfFile(path).lines(wrapped(LONG)).page()
    return image(image(pdf).page()).save()


def texts(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def codes(document: Document) -> list[str]:
    return [notice.code for notice in document.notices]


def test_only_pages_without_text_are_recognised(
    tmp_path: Path, use: Callable[[Engine | None], None]
) -> None:
    engine = Engine([piece("1. First duty.", 144, 200), piece("2. Second duty.", 144, 400)])
    use(engine)
    document = read_document(mixed(tmp_path / "a.pdf"))
    assert len(engine.seen) == 2
    assert texts(document) == [LONG] + ["1. First duty.", "2. Second duty."] * 2
    assert (document.pages, document.pages_read) == (3, 3)
    assert document.recognised == (Recognised(2, 0.9), Recognised(3, 0.9))
    assert document.unread == ()
    assert codes(document) == ["ocr"]
    assert "pages 2–3 were recognised from images by Hand, 90% sure" in document.notices[0].message


def test_a_picture_is_the_page_as_it_looks_in_grey(
    tmp_path: Path, use: Callable[[Engine | None], None]
) -> None:
    engine = Engine([piece("Words", 100, 100)])
    use(engine)
    read_document(mixed(tmp_path / "a.pdf"))
    picture = engine.seen[0]
    assert (picture.width, picture.height) == (int(WIDTH * 2), int(HEIGHT * 2))
    top, bottom = picture.pixels[: picture.width * 700], picture.pixels[-picture.width * 700 :]
    assert set(top) == {255}
    assert set(bottom) == {0}
    opened = Image.open(io.BytesIO(picture.pgm))
    assert opened.size == (picture.width, picture.height)


def test_lines_keep_their_place_on_the_page(
    tmp_path: Path, use: Callable[[Engine | None], None]
) -> None:
    use(Engine([piece("Some words", 144, 200)]))
    document = read_document(image(PdfFile(tmp_path / "a.pdf")).save())
    (line,) = document.blocks[0].lines
    assert (line.page, line.box) == (1, (72.0, 100.0, 322.0, 110.0))


def test_a_page_that_is_hard_to_recognise_is_named(
    tmp_path: Path, use: Callable[[Engine | None], None]
) -> None:
    use(Engine([piece("Wrds", 144, 200, sure=0.6)]))
    document = read_document(image(PdfFile(tmp_path / "a.pdf")).save())
    assert codes(document) == ["ocr", "ocr-unsure"]
    assert "1 (60%)" in document.notices[1].message


def test_a_picture_without_words_stays_unread(
    tmp_path: Path, use: Callable[[Engine | None], None]
) -> None:
    use(Engine())
    document = read_document(mixed(tmp_path / "a.pdf"))
    assert document.recognised == ()
    assert document.pages_read == 1
    assert document.unread == ("pages 2–3: image without words",)


def test_without_an_engine_the_pages_and_the_remedy_are_named(
    tmp_path: Path, use: Callable[[Engine | None], None]
) -> None:
    use(None)
    document = read_document(mixed(tmp_path / "a.pdf"))
    assert codes(document) == ["scanned-page", "scanned-page"]
    for number, notice in enumerate(document.notices, start=2):
        assert notice.message.startswith(f"Page {number} ")
        assert "pip install clausescan[ocr]" in notice.message
    with pytest.raises(ReadError, match=r"page 1: image .*\(pip install clausescan\[ocr\]"):
        read_document(image(PdfFile(tmp_path / "b.pdf")).save())


def test_pages_for_which_there_is_no_time_are_named(
    tmp_path: Path, use: Callable[[Engine | None], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(Engine([piece("Words", 144, 200)]))
    monkeypatch.setattr(pdf_ocr, "_TIME_SHARE", -1.0)
    document = read_document(mixed(tmp_path / "a.pdf"), limits=Limits(seconds=100))
    assert document.unread == ("pages 2–3: words not recognised in time",)
    assert codes(document) == ["ocr-time"]
    assert "on pages 2–3; they were not read" in document.notices[0].message
    assert "Raise the limits ocr_seconds and seconds" in document.notices[0].message
    assert (document.pages_read, document.recognised) == (1, ())


class Clock:
    """Stands for the module `time`, moved by hand."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead


@pytest.mark.parametrize("cut", [False, True], ids=["between pages", "inside a page"])
def test_the_time_for_recognition_ends_it_and_nothing_else(
    tmp_path: Path,
    use: Callable[[Engine | None], None],
    monkeypatch: pytest.MonkeyPatch,
    cut: bool,
) -> None:
    clock = Clock()
    monkeypatch.setattr(pdf_ocr, "time", clock)

    def make(picture: Picture) -> list[Piece]:
        del picture
        clock.ahead += 100 if cut and clock.ahead else 25
        return [] if clock.ahead > 60 else [piece("1. First duty.", 144, 200)]

    use(Engine(make=make))
    pdf = PdfFile(tmp_path / "a.pdf").lines(wrapped(LONG))
    for _ in range(4):
        image(pdf.page())
    document = read_document(pdf.save(), limits=Limits(ocr_seconds=60))
    read = [one.page for one in document.recognised]
    # A page is not begun that would end too late if it took as long as the slowest before it.
    assert read == ([2] if cut else [2, 3])
    late = "pages 3–5" if cut else "pages 4–5"
    assert document.unread == (f"{late}: words not recognised in time",)
    assert codes(document) == ["ocr-time", "ocr"]
    assert document.pages_read == 1 + len(read)
    assert document.text.startswith(LONG)


@pytest.mark.parametrize("stamp", ["", "Filed with the registry under number 12345"])
def test_a_scan_of_which_no_page_was_reached_is_an_error(
    tmp_path: Path,
    use: Callable[[Engine | None], None],
    monkeypatch: pytest.MonkeyPatch,
    stamp: str,
) -> None:
    use(Engine([piece("Words", 144, 200)]))
    monkeypatch.setattr(pdf_ocr, "_TIME_SHARE", -1.0)
    pdf = image(PdfFile(tmp_path / "a.pdf")).line(stamp, y=800)
    path = image(pdf.page()).line(stamp, y=800).save()
    with pytest.raises(
        ReadError, match=r"pages 1–2: words not recognised in time\. Raise the limits ocr_seconds"
    ):
        read_document(path)


def test_an_engine_reads_as_many_pages_at_once_as_it_says(
    tmp_path: Path, use: Callable[[Engine | None], None]
) -> None:
    both = threading.Barrier(2, timeout=60)

    def make(picture: Picture) -> list[Piece]:
        both.wait()
        return [piece("black" if picture.pixels[0] < 128 else "white", 144, 200)]

    use(Engine(make=make, at_once=2))
    pdf = image(PdfFile(tmp_path / "a.pdf")).page()
    pdf.canvas.drawImage(ImageReader(Image.new("L", (60, 80), 0)), 0, 0, WIDTH, HEIGHT)
    document = read_document(image(image(pdf.page()).page()).save())
    assert texts(document) == ["white", "black", "white", "white"]
    assert [block.page for block in document.blocks] == [1, 2, 3, 4]


def test_a_process_of_a_batch_reads_one_page_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr.os, "cpu_count", lambda: 2)
    assert Tesseract("tesseract", "eng").at_once == 2
    monkeypatch.setattr(ocr, "parent_process", object)
    assert Tesseract("tesseract", "eng").at_once == 1


def test_an_image_of_monstrous_size_is_not_unpacked(
    tmp_path: Path, use: Callable[[Engine | None], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine([piece("Words", 144, 200)])
    use(engine)
    monkeypatch.setattr(pdf_ocr, "_MOST_IMAGE_PIXELS", 60 * 80 - 1)
    document = read_document(mixed(tmp_path / "a.pdf"))
    assert document.recognised == ()
    assert engine.seen == []
    assert all("too large to recognise" in notice.message for notice in document.notices)


def test_a_page_laid_on_its_side_is_turned_and_the_next_begins_there(
    tmp_path: Path, use: Callable[[Engine | None], None]
) -> None:
    def make(picture: Picture) -> list[Piece]:
        if picture.width < picture.height:  # as displayed: the lines run up
            corners = ((200.0, 900.0), (200.0, 400.0), (220.0, 400.0), (220.0, 900.0))
            return [Piece("rubbish", corners, 0.9)]
        is_upright = picture.pixels[0] == 255  # turned clockwise, the black half stands left
        return [piece("Some words.", 144, 200, sure=0.4 if is_upright else 0.95)]

    engine = Engine(make=make)
    use(engine)
    document = read_document(mixed(tmp_path / "a.pdf"))
    assert len(engine.seen) == 3
    assert texts(document)[1:] == ["Some words."] * 2
    (line,) = document.blocks[1].lines
    # 72 from the left and 100 from the top as read; clockwise turned, that is the bottom left.
    assert line.box == (100.0, HEIGHT - 322.0, 110.0, HEIGHT - 72.0)


def test_a_slanted_page_keeps_its_lines_apart() -> None:
    slant = math.radians(2)
    lines = [piece(f"line {n}", 100, 100 + 30 * n, width=900, slant=slant) for n in range(5)]
    found = rows(lines[::-1])
    assert [row.text for row in found] == [f"line {n}" for n in range(5)]
    for row in found:
        assert row.box[3] - row.box[1] == pytest.approx(20, abs=0.5)
        assert row.shown[3] - row.shown[1] > 45


@pytest.mark.parametrize("degrees", [-4.0, 4.0])
def test_a_slanted_page_is_drawn_level_for_an_engine_that_needs_it(
    tmp_path: Path, use: Callable[[Engine | None], None], degrees: float
) -> None:
    picture = Image.new("L", (1190, 1684), 255)
    picture.paste(0, (200, 900, 1000, 904))  # a line, 29 points below the middle
    slanted = picture.rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=255)
    pdf = PdfFile(tmp_path / "a.pdf")
    pdf.canvas.drawImage(ImageReader(slanted), 0, 0, WIDTH, HEIGHT)

    def make(drawn: Picture) -> list[Piece]:
        black = [index for index, value in enumerate(drawn.pixels) if value < 128]
        levels = {index // drawn.width for index in black}
        if len(levels) > 10:
            return [piece("rubbish", 0, 0, width=800, sure=0.5, slant=math.radians(degrees))]
        top, left = min(levels), min(index % drawn.width for index in black)
        return [piece("Some words", left, top, width=800)]

    engine = Engine(make=make, needs_level=True)
    use(engine)
    document = read_document(pdf.save())
    assert document.text == "Some words"
    box = document.blocks[0].lines[0].box
    assert box is not None
    # The line's middle is that of the page across; aslant it is 800 pixels times the sine high.
    assert (box[0] + box[2]) / 2 == pytest.approx(600 / 2, abs=4)
    assert box[3] - box[1] == pytest.approx(400 * math.sin(math.radians(4)) + 10, abs=2)


def test_pieces_side_by_side_are_joined_unless_they_are_columns() -> None:
    near = [piece("there", 160, 102, width=50), piece("Hello", 100, 100, width=50)]
    han = [piece("本合同", 100, 150, width=50), piece("乙方", 152, 151, width=50)]
    far = [piece("left", 100, 200, width=200), piece("right", 400, 200, width=200)]
    assert [row.text for row in rows(near + far + han)] == [
        "Hello there", "本合同乙方", "left", "right",
    ]  # fmt: skip


def test_columns_of_two_languages_become_rows(
    tmp_path: Path, use: Callable[[Engine | None], None]
) -> None:
    english = "The Distributor shall sell the Products here"
    chinese = "乙方应在区域内尽最大努力销售产品并不得"
    pieces = []
    for row in range(8):
        y = 200 + row * 28 + 30 * (row // 4)
        pieces += [piece(english, 140, y, width=400), piece(chinese, 640, y, width=400)]
    use(Engine(pieces))
    document = read_document(image(PdfFile(tmp_path / "a.pdf")).save())
    assert {block.language for block in document.blocks} == {"en", "zh"}
    assert all(block.row is not None for block in document.blocks)


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


WHITE = Picture(10, 10, b"\xff" * 100)


def test_words_of_tesseract_become_lines(tmp_path: Path) -> None:
    table = (
        "level\tpage\tblock\tpar\tline\tword\tleft\ttop\twidth\theight\tconf\ttext\n"
        "4\t1\t1\t1\t1\t0\t10\t10\t200\t20\t-1\t\n"
        "5\t1\t1\t1\t1\t1\t10\t10\t50\t20\t96.5\tHello\n"
        "5\t1\t1\t1\t1\t2\t70\t14\t50\t20\t91.5\tworld\n"
        "5\t1\t1\t1\t2\t1\t10\t50\t50\t20\t80\t本\n"
        "5\t1\t1\t1\t2\t2\t60\t50\t50\t20\t70\t合同\n"
        "5\t1\t1\t1\t3\t1\t10\t90\t50\t20\t-1\t \n"
    )
    (tmp_path / "table").write_text(table, "utf-8")
    program = script(tmp_path / "tesseract", f"cat > {tmp_path}/page; cat {tmp_path}/table")
    first, second = Tesseract(program, "eng").read(WHITE, 10)
    assert first == Piece("Hello world", ((10, 10), (120, 14), (120, 34), (10, 30)), 0.94)
    assert (second.text, second.confidence) == ("本合同", 0.75)
    assert (tmp_path / "page").read_bytes() == WHITE.pgm


def test_a_tesseract_that_hangs_or_fails_reads_nothing(tmp_path: Path) -> None:
    hanging = script(tmp_path / "a", "exec sleep 600")
    assert Tesseract(hanging, "eng").read(WHITE, 0.2) == []
    assert Tesseract(script(tmp_path / "b", "exit 1"), "eng").read(WHITE, 10) == []


def test_the_engine_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUSESCAN_OCR", "off")
    assert ocr.engine() is None


def scanned(path: Path, words: str) -> Path:
    """A PDF whose page is a picture of words at 200 dots an inch."""
    source = PdfFile(path.with_suffix(".source.pdf")).lines(wrapped(words), step=16).save()
    document = pypdfium2.PdfDocument(source)
    picture = document[0].render(scale=200 / 72, grayscale=True).to_pil()
    document.close()
    pdf = PdfFile(path)
    pdf.canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)
    return pdf.save()


@pytest.mark.parametrize("name", ["rapidocr", "tesseract"])
def test_a_true_engine_reads_a_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    if name == "rapidocr" and find_spec("rapidocr") is None:
        pytest.skip("rapidocr is not installed (pip install clausescan[ocr])")
    monkeypatch.setenv("CLAUSESCAN_OCR", name)
    if ocr.engine() is None:
        pytest.skip(f"{name} is not installed")
    report = scan(scanned(tmp_path / "a.pdf", LONG))
    coverage = report.document.coverage
    assert coverage.ocr_pages == len(coverage.recognised) == 1
    assert 0.8 < coverage.recognised[0].confidence <= 1
    assert [clause.text for clause in report.clauses] == [LONG]
    assert "1 of them by text recognition" in report.to_text()
