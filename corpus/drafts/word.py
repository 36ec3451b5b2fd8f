"""Word files of the sample drafts: python-docx with real multilevel numbering."""

import io
import re
import zipfile
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from source import Block, Draft, label

FIXED = datetime(2026, 1, 5, 9, 0)
NUMBERING_ID = {"en": 41, "zh": 42}
# (number format, text, whether Chinese counters above are printed as digits), one a level
LEVELS = {
    "en": (("decimal", "%1.", False), ("decimal", "%1.%2", False), ("lowerLetter", "(%3)", False)),
    "zh": (
        ("chineseCountingThousand", "第%1条", False),
        ("decimal", "%1.%2", True),
        ("chineseCounting", "（%3）", False),
    ),
}
INDENT = ((1.25, 1.25), (1.25, 1.25), (2.25, 1.0))  # left and hanging, in cm, one a level


def render(draft: Draft) -> bytes:
    """The draft as the bytes of a .docx file."""
    document = Document()
    _set_page(document, draft)
    _add_styles(document)
    if draft.auto:
        _add_numbering(document)
    if draft.layout == "two-column":
        _add_table(document, draft)
    else:
        for block in draft.blocks:
            for lang, text in block.texts.items():
                _fill(document.add_paragraph(), block, lang, text, auto=draft.auto)
    return _same_bytes(document)


def _set_page(document: Any, draft: Draft) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.comments = draft.title, "", ""
    properties.created = properties.modified = FIXED
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    for part, text in ((section.header, draft.header), (section.footer, draft.footer)):
        if text:
            paragraph = part.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _add_fields(paragraph, text)


def _add_fields(paragraph: Any, text: str) -> None:
    fields = {"{page}": "PAGE", "{pages}": "NUMPAGES"}
    for piece in re.split(r"(\{pages?\})", text):
        if piece in fields:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), fields[piece])
            run = paragraph.add_run("1")
            _set_fonts(run.font)
            field.append(run._r)
            paragraph._p.append(field)
        elif piece:
            _set_fonts(paragraph.add_run(piece).font)


def _set_fonts(font: Any, size: float = 9.0) -> None:
    font.name, font.size = "Times New Roman", Pt(size)
    font.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "SimSun")


def _add_styles(document: Any) -> None:
    normal = document.styles["Normal"]
    _set_fonts(normal, 10.5)
    normal.paragraph_format.space_after = Pt(6)
    for lang in NUMBERING_ID:
        for level, (left, hanging) in enumerate(INDENT, start=1):
            style = document.styles.add_style(_style(lang, level), WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = normal
            style.paragraph_format.left_indent = Cm(left)
            style.paragraph_format.first_line_indent = Cm(-hanging)


def _style(lang: str, level: int) -> str:
    return f"Clause {lang.upper()} {level}"


def _add_numbering(document: Any) -> None:
    numbering = document.part.numbering_part.element
    for child in list(numbering):
        numbering.remove(child)
    for lang, identifier in NUMBERING_ID.items():
        numbering.append(parse_xml(_abstract(document, lang, identifier)))
    for lang, identifier in NUMBERING_ID.items():
        numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{identifier}">'
                f'<w:abstractNumId w:val="{identifier}"/></w:num>'
            )
        )
        for level in (1, 2, 3):
            properties = document.styles[_style(lang, level)].element.get_or_add_pPr()
            number = properties.get_or_add_numPr()
            number.get_or_add_ilvl().val = level - 1
            number.get_or_add_numId().val = identifier


def _abstract(document: Any, lang: str, identifier: int) -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{number}"/>'
        f'<w:pStyle w:val="{document.styles[_style(lang, index + 1)].style_id}"/>'
        f'{"<w:isLgl/>" if legal else ""}<w:suff w:val="tab"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{round(INDENT[index][0] * 567)}" '
        f'w:hanging="{round(INDENT[index][1] * 567)}"/></w:pPr></w:lvl>'
        for index, (number, text, legal) in enumerate(LEVELS[lang])
    )
    return (
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{identifier}">'
        f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )


def _add_table(document: Any, draft: Draft) -> None:
    """One ruled row a block, one column a language; the title stands above the table."""
    head = [block for block in draft.blocks if block.kind == "title"]
    for block in head:
        for lang, text in block.texts.items():
            _fill(document.add_paragraph(), block, lang, text, auto=draft.auto)
    table = document.add_table(rows=0, cols=len(draft.languages))
    table.style = "Table Grid"
    for block in draft.blocks:
        if block.kind == "title":
            continue
        for lang, cell in zip(draft.languages, table.add_row().cells, strict=True):
            if lang in block.texts:
                _fill(cell.paragraphs[0], block, lang, block.texts[lang], auto=draft.auto)


def _fill(paragraph: Any, block: Block, lang: str, text: str, *, auto: bool) -> None:
    if block.kind == "title":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if block.kind == "signature":
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.space_before = Pt(12)
    if block.numbered:
        paragraph.style = _style(lang, block.level)
        if not auto:
            text = f"{label(block.number, block.level, lang)}\t{text}"
    run = paragraph.add_run(text)
    if block.kind in {"title", "heading"}:
        run.bold = True
        paragraph.paragraph_format.keep_with_next = True
        mark = OxmlElement("w:rPr")  # the paragraph mark's weight is the number's weight
        mark.append(OxmlElement("w:b"))
        paragraph._p.get_or_add_pPr().append(mark)
    if block.kind == "title":
        run.font.size = Pt(14)


def _same_bytes(document: Any) -> bytes:
    """Save with one fixed time on every member of the archive."""
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as before, zipfile.ZipFile(out, "w") as after:
        for item in before.infolist():
            member = zipfile.ZipInfo(item.filename, FIXED.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(member, before.read(item))
    return out.getvalue()
