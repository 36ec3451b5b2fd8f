"""Character error rate and time of text recognition on pages drawn by this script.

    CLAUSESCAN_OCR=rapidocr python benchmarks/ocr.py PDF… [--pages 2] [--dpi 200]

The first pages of PDFs that have text are drawn as grey pictures, spoiled in several ways, put
into a PDF as a scanner does, and read. The error rate is the edit distance to what is read of the
pages' own text, line by line from the top, blanks and the form of quotes, dashes and brackets
left out, as a share of that text.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
from PIL import Image, ImageFilter
from rapidfuzz.distance import Levenshtein

from clausescan.extract import read_document
from clausescan.extract.ocr import engine
from clausescan.limits import Limits

WHITE = 255
ALIKE = str.maketrans("“”‘’–—（）：；，", "\"\"''--():;,")
"""Marks that differ in form only count as one."""


def clean(picture: Image.Image) -> Image.Image:
    """As drawn."""
    return picture


def rotated(degrees: float) -> Callable[[Image.Image], Image.Image]:
    """Laid on the glass aslant."""

    def turn(picture: Image.Image) -> Image.Image:
        return picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=WHITE)

    return turn


def noisy(picture: Image.Image) -> Image.Image:
    """Blurred, with the grain of a bad scanner."""
    grain = Image.effect_noise(picture.size, 60)
    soft = picture.filter(ImageFilter.GaussianBlur(0.8))
    return Image.blend(soft, grain, 0.25)


def bad(picture: Image.Image) -> Image.Image:
    """Aslant and noisy."""
    return noisy(rotated(1.0)(picture))


SPOILS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "clean": clean,
    "rotated 1°": rotated(1.0),
    "rotated 3°": rotated(-3.0),
    "noisy": noisy,
    "noisy, rotated 1°": bad,
    "on its side": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
    "upside down": lambda picture: picture.transpose(Image.Transpose.ROTATE_180),
}


TURNED = ("on its side", "upside down")


def pictures(path: Path, pages: int, dpi: int) -> Iterator[Image.Image]:
    """The first pages of a PDF in grey."""
    document = pypdfium2.PdfDocument(path)
    for index in range(min(pages, len(document))):
        yield document[index].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
    document.close()


def cpu() -> float:
    """CPU seconds used so far, those of Tesseract's processes included."""
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def text_of(path: Path, *, turned: bool = False) -> tuple[str, float, int]:
    """A file's lines from top to bottom without blanks, CPU seconds, pages recognised.

    Args:
        path: The file.
        turned: Whether its pages lie otherwise than they are read; then its own order is kept.
    """
    start = cpu()
    document = read_document(path, limits=Limits(seconds=3600))
    taken = cpu() - start
    lines = [
        (line.page, line.box[1] + line.box[3], line.box[0], document.text[line.start : line.end])
        for block in document.blocks
        for line in block.lines
        if line.box
    ]
    if not turned:
        lines.sort()
    text = "".join("".join(line[-1].split()) for line in lines)
    return text.translate(ALIKE), taken, len(document.recognised)


def first_pages(path: Path, pages: int, folder: Path) -> Path:
    """A PDF of the first pages, text and all."""
    source, target = pypdfium2.PdfDocument(path), pypdfium2.PdfDocument.new()
    target.import_pages(source, list(range(min(pages, len(source)))))
    made = folder / "first.pdf"
    target.save(made)
    target.close()
    source.close()
    return made


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=2)
    parser.add_argument("--dpi", type=int, default=200)
    options = parser.parse_args()
    tool = engine()
    if tool is None:
        sys.exit("no engine is installed, or CLAUSESCAN_OCR switches it off")
    print(f"{tool.name}, pictures of {options.dpi} dpi")
    print("| page | letters | error rate | CPU s a page | pages recognised |")
    print("| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in options.files:
            source = first_pages(path, options.pages, folder)
            (reference, _, _), (in_order, _, _) = text_of(source), text_of(source, turned=True)
            drawn = list(pictures(path, options.pages, options.dpi))
            for spoil, change in SPOILS.items():
                scan = folder / "scan.pdf"
                first, *others = [change(picture) for picture in drawn]
                first.save(scan, resolution=options.dpi, save_all=True, append_images=others)
                turned = spoil in TURNED
                text, seconds, count = text_of(scan, turned=turned)
                right = in_order if turned else reference
                errors = Levenshtein.distance(right, text) / len(right)
                print(
                    f"| {path.stem}, {spoil} | {len(reference)} | {errors:.2%} "
                    f"| {seconds / len(drawn):.1f} | {count} of {len(drawn)} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
