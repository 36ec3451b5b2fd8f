"""Small files that the extraction tests read; everything is written by the tests themselves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
_ROOTS = f'xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="{MC}" xmlns:wps="{WPS}"'
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
WIDTH, HEIGHT = 595.0, 842.0

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


class PdfFile:
    """A PDF written line by line, positions in points from the page's top left corner."""

    def __init__(self, path: Path, **options: Any) -> None:
        self.path = path
        self.canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), **options)

    def line(
        self, text: str, *, x: float = 72.0, y: float, size: float = 10.0, font: str = "Helvetica"
    ) -> PdfFile:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, HEIGHT - y, text)
        return self

    def lines(
        self,
        texts: list[str],
        *,
        x: float = 72.0,
        y: float = 100.0,
        step: float = 12.0,
        font: str = "Helvetica",
    ) -> PdfFile:
        for index, text in enumerate(texts):
            self.line(text, x=x, y=y + index * step, font=font)
        return self

    def shifted(
        self, pieces: list[str | float], *, x: float = 72.0, y: float, font: str, size: float = 10.0
    ) -> PdfFile:
        """One text object of strings and, between them, points to move to the right."""
        encoding = "utf-16-be" if font == "STSong-Light" else "cp1252"
        shown = [
            f"<{piece.encode(encoding).hex()}>" if isinstance(piece, str) else -piece * 1000 / size
            for piece in pieces
        ]
        text = self.canvas.beginText(x, HEIGHT - y)
        text.setFont(font, size)
        text._code.append(f"[{' '.join(str(piece) for piece in shown)}] TJ")
        self.canvas.drawText(text)
        return self

    def page(self) -> PdfFile:
        self.canvas.showPage()
        return self

    def save(self) -> Path:
        self.canvas.save()
        return self.path


def wrapped(words: str, width: int = 80) -> list[str]:
    """Words in lines of at most `width` characters."""
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def paragraph(
    text: str = "", *, properties: str = "", runs: str = "", run_properties: str = ""
) -> str:
    """XML of a paragraph: plain text, then any runs."""
    plain = run(text, properties=run_properties) if text else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{plain}{runs}</w:p>"


def run(text: str, *, properties: str = "", tag: str = "t") -> str:
    """XML of a run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def inserted(inner: str, *, author: str = "Wei", tag: str = "ins") -> str:
    """XML of runs inserted by a tracked change."""
    return f'<w:{tag} w:id="1" w:author="{author}" w:date="2024-05-06T07:08:09Z">{inner}</w:{tag}>'


def deleted(text: str, *, author: str = "Wei") -> str:
    """XML of a run deleted by a tracked change."""
    return inserted(run(text, tag="delText"), author=author, tag="del")


def listed(level: int = 0, number: int = 1) -> str:
    """Paragraph properties of a list item."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def table(*rows: list[str]) -> str:
    """XML of a table whose cells hold the given XML."""
    inner = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{inner}</w:tbl>"


def level(
    index: int, pattern: str, *, form: str = "decimal", start: int = 1, extra: str = ""
) -> str:
    """XML of one level of a list definition."""
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{extra}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def numbering(*levels: str, lists: str = "") -> str:
    """XML inside ``w:numbering``: one definition with list 1 and any further lists."""
    return (
        f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{lists}'
    )


def word_file(path: Path, body: str, *, prolog: str = "", **parts: str) -> Path:
    """A .docx from XML.

    Args:
        path: Where to write.
        body: XML inside ``w:body``.
        prolog: What stands before the document's root, such as a document type.
        parts: XML inside the roots of further parts: ``styles``, ``numbering``, ``footnotes``,
            ``endnotes``, ``header``, ``footer``, ``comments``.
    """
    roots = {"header": "hdr", "footer": "ftr"}
    overrides, relations = [_override("document", "document.main")], []
    members: dict[str, str] = {}
    for index, (name, xml) in enumerate(parts.items(), start=1):
        root = roots.get(name, name)
        members[f"word/{name}.xml"] = f"<w:{root} {_ROOTS}>{xml}</w:{root}>"
        overrides.append(_override(name, name))
        relations.append(_relation(f"rId{index}", f"{R}/{name}", f"{name}.xml"))
    members["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        + "".join(overrides)
        + "</Types>"
    )
    members["_rels/.rels"] = _relations(
        _relation("rId1", f"{R}/officeDocument", "word/document.xml")
    )
    members["word/_rels/document.xml.rels"] = _relations("".join(relations))
    members["word/document.xml"] = (
        f"{prolog}<w:document {_ROOTS}><w:body>{body}</w:body></w:document>"
    )
    return zip_file(path, members)


def edited(path: Path, change: Callable[[str, bytes], bytes], **more: bytes) -> Path:
    """The same zip with its members changed, and more members in ``word/``."""
    with zipfile.ZipFile(path) as archive:
        members = {name: change(name, archive.read(name)) for name in archive.namelist()}
    return zip_file(path, members | {f"word/{name}": data for name, data in more.items()})


def zip_file(path: Path, members: dict[str, str] | dict[str, bytes]) -> Path:
    """A zip of the given members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    path.write_bytes(buffer.getvalue())
    return path


def _override(name: str, kind: str) -> str:
    return f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>'


def _relation(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'


def _relations(inner: str) -> str:
    return f'<Relationships xmlns="{_RELATIONS}">{inner}</Relationships>'
