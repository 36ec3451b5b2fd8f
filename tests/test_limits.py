"""What one file may cost: each limit refuses a file made to break it, and says its name."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from extract_files import PdfFile, paragraph, word_file, wrapped

from clausescan.errors import ReadError, UsageError
from clausescan.extract import read_document
from clausescan.limits import DEFAULT, RATIO_FLOOR, Limits, limits_from
from clausescan.scanner import ScanError, scan, scan_many

WORDS = "The Distributor shall use its best efforts to sell the Products in the Territory."


def text_file(folder: Path) -> Path:
    path = folder / "draft.txt"
    path.write_text(WORDS, "utf-8")
    return path


def pdf_file(folder: Path) -> Path:
    pdf = PdfFile(folder / "draft.pdf").lines(wrapped(WORDS))
    return pdf.page().lines(wrapped(WORDS)).save()


def docx_file(folder: Path) -> Path:
    return word_file(folder / "draft.docx", paragraph(WORDS) * 3)


def packed(*, times: int, size: int) -> bytes:
    """So many zeros, packed so many times over."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000))
    data += packer.flush()
    for _ in range(times - 1):
        data = zlib.compress(data, 9)
    return data


def pdf_with_stream(path: Path, data: bytes, *, times: int) -> Path:
    """A PDF whose one page draws a packed stream."""
    filters = "/FlateDecode " * times
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        f"<</Filter[{filters}]/Length {len(data)}>>stream\r\n".encode() + data + b"\r\nendstream",
    ]
    body = b"".join(b"%d 0 obj%s\nendobj\n" % (n, item) for n, item in enumerate(objects, 1))
    path.write_bytes(b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF")
    return path


@pytest.mark.parametrize(
    ("make", "name", "value"),
    [
        (text_file, "file_bytes", 10),
        (text_file, "characters", 20),
        (docx_file, "characters", 100),
        (docx_file, "unpacked_bytes", 100),
        (docx_file, "part_bytes", 100),
        (docx_file, "parts", 2),
        (pdf_file, "characters", 90),
        (pdf_file, "pages", 1),
    ],
)
def test_a_file_beyond_a_limit_is_refused_by_its_name(
    tmp_path: Path, make: Callable[[Path], Path], name: str, value: int
) -> None:
    path = make(tmp_path)
    with pytest.raises(ReadError, match=name) as caught:
        read_document(path, limits=Limits(**{name: value}))
    assert caught.value.code == "too-large"
    assert str(path) in str(caught.value)
    assert read_document(path, limits=Limits(**{name: getattr(DEFAULT, name)})).text


@pytest.mark.parametrize("make", [text_file, docx_file, pdf_file])
def test_a_file_whose_time_is_up_is_refused(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    with pytest.raises(ReadError, match="seconds") as caught:
        read_document(make(tmp_path), limits=Limits(seconds=1e-9))
    assert caught.value.code == "timeout"


def test_depth_counts_the_elements_inside_each_other(tmp_path: Path) -> None:
    path = docx_file(tmp_path)  # document, body, p, r, t
    assert read_document(path, limits=Limits(depth=5)).text
    with pytest.raises(ReadError, match="nests"):
        read_document(path, limits=Limits(depth=4))


def test_a_part_of_a_word_file_may_not_grow_too_much(tmp_path: Path) -> None:
    path = docx_file(tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.bmp", bytes(RATIO_FLOOR + 1))
    with pytest.raises(ReadError, match="ratio"):
        read_document(path)
    assert read_document(path, limits=Limits(ratio=2000)).text


def test_xml_under_another_name_is_xml(tmp_path: Path) -> None:
    path = docx_file(tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.png", "<a>" + " " * 50_000 + "</a>")
    with pytest.raises(ReadError, match="part_bytes"):
        read_document(path, limits=Limits(part_bytes=40_000))


@pytest.mark.parametrize("times", [1, 2, 3, 6])
def test_a_stream_of_a_pdf_may_not_grow_too_much(tmp_path: Path, times: int) -> None:
    data = packed(times=times, size=2 * RATIO_FLOOR)
    assert len(data) < 200_000
    path = pdf_with_stream(tmp_path / "draft.pdf", data, times=times)
    with pytest.raises(ReadError, match="stream_bytes") as caught:
        read_document(path)
    assert caught.value.code == "too-large"


def test_a_stream_that_grows_little_is_drawn(tmp_path: Path) -> None:
    data = zlib.compress(b" " * 1_000_000)
    with pytest.raises(ReadError) as caught:
        read_document(pdf_with_stream(tmp_path / "draft.pdf", data, times=1))
    assert caught.value.code == "no-text"


def test_a_blank_image_may_grow_more(tmp_path: Path) -> None:
    path = pdf_with_stream(tmp_path / "draft.pdf", packed(times=1, size=2 * RATIO_FLOOR), times=1)
    path.write_bytes(path.read_bytes().replace(b"<</Filter", b"<</Subtype/Image/Filter"))
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert caught.value.code == "no-text"


def test_bytes_behind_the_end_of_a_packed_stream_are_passed_over(tmp_path: Path) -> None:
    noise = b"".join(hashlib.sha256(bytes(divmod(n, 256))).digest() for n in range(2000))
    path = pdf_with_stream(tmp_path / "draft.pdf", zlib.compress(noise) + noise, times=1)
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert caught.value.code == "no-text"


def test_the_limits_hold_through_a_whole_scan(tmp_path: Path) -> None:
    path = text_file(tmp_path)
    with pytest.raises(ReadError, match="characters"):
        scan(path, limits=Limits(characters=10))
    (result,) = scan_many([path], limits=Limits(characters=10))
    assert isinstance(result, ScanError)
    assert result.code == "too-large"


def test_limits_are_set_by_name() -> None:
    assert limits_from([]) == DEFAULT
    assert limits_from(["pages=5_000", "seconds=0.5"]) == Limits(pages=5000, seconds=0.5)


@pytest.mark.parametrize("wrong", ["pages", "pages=", "pages=many", "pages=0", "pages=-1", "x=1"])
def test_a_wrong_limit_is_named(wrong: str) -> None:
    with pytest.raises(UsageError, match=wrong.partition("=")[0]):
        limits_from([wrong])
