"""PDF files of the sample drafts, set with reportlab."""

import io
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)
from source import CHINESE, Block, Draft, label

SONG = "STSong-Light"
MARGIN = 2.5 * cm
GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, "inrowsplitstart"), (-1, "inrowsplitstart"), 0.5, colors.black),
        ("LINEABOVE", (0, "inrowsplitend"), (-1, "inrowsplitend"), 0.5, colors.black),
    ]
)


def render(draft: Draft) -> bytes:
    """The draft as the bytes of a PDF; set twice, since the footer tells the number of pages."""
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))
    _, pages = _set(draft, pages=0)
    data, _ = _set(draft, pages=pages)
    return data


def _set(draft: Draft, *, pages: int) -> tuple[bytes, int]:
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=draft.title,
        author="",
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        invariant=1,
    )
    furniture = partial(_draw_furniture, draft, pages)
    template.build(_story(draft), onFirstPage=furniture, onLaterPages=furniture)
    return out.getvalue(), template.page


def _draw_furniture(draft: Draft, pages: int, canvas: Any, template: Any) -> None:
    width, height = A4
    footer = draft.footer.replace("{pages}", str(pages)).replace("{page}", str(template.page))
    for text, baseline in ((draft.header, height - 1.5 * cm), (footer, 1.3 * cm)):
        canvas.setFont(SONG if CHINESE.search(text) else "Times-Roman", 9)
        canvas.drawCentredString(width / 2, baseline, text)
    if draft.header:
        canvas.setLineWidth(0.4)
        canvas.line(MARGIN, height - 1.75 * cm, width - MARGIN, height - 1.75 * cm)


def _story(draft: Draft) -> list[Flowable]:
    if draft.layout != "two-column":
        return [
            flowable
            for block in draft.blocks
            for lang, text in block.texts.items()
            for flowable in _whole(block, _flow(block, lang, text))
        ]
    above = [block for block in draft.blocks if block.kind == "title"]
    titles = [_flow(block, lang, text) for block in above for lang, text in block.texts.items()]
    return [flowable for title in titles for flowable in title] + [_table(draft)]


def _whole(block: Block, flow: list[Flowable]) -> list[Flowable]:
    """Keep a signature on one page; a table cell cannot hold such a group."""
    return [KeepTogether(flow)] if block.kind == "signature" else flow


def _table(draft: Draft) -> Flowable:
    """One ruled row a block, one column a language; a row may break across pages."""
    rows = [
        [_flow(block, lang, block.texts.get(lang, "")) for lang in draft.languages]
        for block in draft.blocks
        if block.kind != "title"
    ]
    width = (A4[0] - 2 * MARGIN) / len(draft.languages)
    return Table(rows, colWidths=[width] * len(draft.languages), style=GRID, splitInRow=1)


def _flow(block: Block, lang: str, text: str) -> list[Flowable]:
    style = _style(block, lang)
    body = _markup(text, lang)
    number = label(block.number, block.level, lang) if block.numbered and text else ""
    if number and block.level == 1:
        space = " " if lang == "en" else "\u3000"
        return [Paragraph(f"{_markup(number, lang)}{space}{body}", style)]
    if block.kind == "signature":
        return [Spacer(1, 12), Paragraph(body, style)]
    return [Paragraph(body, style, bulletText=number or None)]


def _markup(text: str, lang: str) -> str:
    body = escape(text)
    if lang == "en":
        body = CHINESE.sub(lambda match: f'<font name="{SONG}">{match[0]}</font>', body)
    return body.replace("\n", "<br/>")


def _style(block: Block, lang: str) -> ParagraphStyle:
    strong = block.kind in {"title", "heading"}
    latin = "Times-Bold" if strong else "Times-Roman"
    size = {"title": 14.0, "heading": 11.0}.get(block.kind, 10.5)
    left = {2: 34.0, 3: 62.0}.get(block.level, 0.0) if block.numbered else 0.0
    face = latin if lang == "en" else SONG
    return ParagraphStyle(
        f"{block.kind}-{lang}-{block.level}",
        fontName=face,
        fontSize=size,
        leading=size * (1.25 if lang == "en" else 1.45),
        alignment=_alignment(block, lang),
        leftIndent=left,
        bulletIndent=left - 34.0 if block.level == 2 else left - 24.0,
        bulletFontName=face,
        bulletFontSize=size,
        spaceBefore=8.0 if block.kind == "heading" else 0.0,
        spaceAfter=6.0,
        keepWithNext=1 if strong else 0,
        wordWrap="CJK" if lang == "zh" else None,
        splitLongWords=1,
        allowOrphans=1,
    )


def _alignment(block: Block, lang: str) -> int:
    if block.kind == "title":
        return int(TA_CENTER)
    return int(TA_JUSTIFY) if lang == "en" and block.kind in {"clause", "paragraph"} else 0
