from __future__ import annotations

import pytest
from extract_files import W, level, listed, numbering
from lxml import etree

from clausescan.extract.numbering import Numbering
from clausescan.extract.numerals import numeral
from clausescan.extract.ooxml import Styles, child


def xml(name: str, inner: str) -> etree._Element:
    return etree.fromstring(f'<w:{name} xmlns:w="{W}">{inner}</w:{name}>')


def labels(definition: str, items: list[str], *, styles: str = "") -> list[str]:
    """Labels of paragraphs with the given properties, in order."""
    counter = Numbering(xml("numbering", definition), Styles(xml("styles", styles)))
    return [counter.label(xml("pPr", item))[0] for item in items]


def at(levels: str, number: int = 1) -> list[str]:
    """Items at levels told by digits: ``0112``."""
    return [listed(int(digit), number) for digit in levels]


DECIMAL = numbering(level(0, "%1."), level(1, "%1.%2"), level(2, "(%3)", form="lowerLetter"))


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ("000", ["1.", "2.", "3."]),
        ("0110", ["1.", "1.1", "1.2", "2."]),
        ("01012", ["1.", "1.1", "2.", "2.1", "(a)"]),
        ("01212", ["1.", "1.1", "(a)", "1.2", "(a)"]),
        ("02", ["1.", "(a)"]),
        ("11", ["1.1", "1.2"]),
        ("0210", ["1.", "(a)", "1.2", "2."]),
    ],
)
def test_deeper_levels_restart_and_skipped_ones_count_as_begun(
    levels: str, expected: list[str]
) -> None:
    assert labels(DECIMAL, at(levels)) == expected


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ("", ["1.", "1.1", "2.", "2.1"]),
        ('<w:lvlRestart w:val="0"/>', ["1.", "1.1", "2.", "2.2"]),
        ('<w:lvlRestart w:val="1"/>', ["1.", "1.1", "2.", "2.1"]),
    ],
)
def test_a_level_restarts_as_its_definition_says(extra: str, expected: list[str]) -> None:
    definition = numbering(level(0, "%1."), level(1, "%1.%2", extra=extra))
    assert labels(definition, at("0101")) == expected


def test_a_list_that_overrides_its_start_restarts_once() -> None:
    override = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    definition = numbering(level(0, "%1."), lists=override)
    assert labels(definition, at("00") + at("00", 2)) == ["1.", "2.", "5.", "6."]


def test_lists_of_one_definition_share_its_counter() -> None:
    other = '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
    definition = numbering(level(0, "%1."), lists=other)
    assert labels(definition, at("0") + at("0", 2)) == ["1.", "2."]


def test_a_list_may_replace_a_level() -> None:
    other = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        f"{level(0, 'Annex %1', form='upperLetter')}</w:lvlOverride></w:num>"
    )
    assert labels(numbering(level(0, "%1."), lists=other), at("0", 2)) == ["Annex A"]


@pytest.mark.parametrize(
    ("top", "second", "expected"),
    [
        (level(0, "Article %1", form="upperRoman"), level(1, "%1.%2"), ["Article I", "I.1"]),
        (
            level(0, "Article %1", form="upperRoman"),
            level(1, "%1.%2", extra="<w:isLgl/>"),
            ["Article I", "1.1"],
        ),
        (
            level(0, "第%1章", form="chineseCountingThousand", start=10),
            level(1, "第%2条", form="japaneseCounting"),
            ["第十章", "第一条"],
        ),
        (level(0, "", form="none"), level(1, "%2)", form="lowerRoman"), ["", "i)"]),
        (level(0, "\uf0b7", form="bullet"), level(1, "%2、"), ["•", "1、"]),
        (level(0, "%1", start=0), level(1, "%1.%2", start=3), ["0", "0.3"]),
    ],
)
def test_patterns_show_counters_in_their_formats(
    top: str, second: str, expected: list[str]
) -> None:
    assert labels(numbering(top, second), at("01")) == expected


def test_legal_style_keeps_leading_zeros() -> None:
    definition = numbering(
        level(0, "%1", form="upperRoman"),
        level(1, "Section %1.%2", form="decimalZero", extra="<w:isLgl/>"),
    )
    assert labels(definition, at("01"))[1] == "Section 1.01"


def styled(name: str, inner: str, base: str = "") -> str:
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    return f'<w:style w:type="paragraph" w:styleId="{name}">{based}<w:pPr>{inner}</w:pPr></w:style>'


def of_style(name: str, inner: str = "") -> str:
    return f'<w:pStyle w:val="{name}"/>{inner}'


def test_styles_number_their_paragraphs_and_name_their_levels() -> None:
    definition = numbering(
        level(0, "%1.", extra='<w:pStyle w:val="A"/>'),
        level(1, "%1.%2", extra='<w:pStyle w:val="B"/>'),
    )
    number = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    styles = styled("A", number) + styled("B", number) + styled("C", "", "B")
    items = [of_style(name) for name in "ABCAC"]
    assert labels(definition, items, styles=styles) == ["1.", "1.1", "1.2", "2.", "2.1"]


def test_a_paragraph_may_leave_the_list_of_its_style() -> None:
    styles = styled("A", listed(0))
    items = [of_style("A"), of_style("A", listed(0, 0)), of_style("A")]
    assert labels(DECIMAL, items, styles=styles) == ["1.", "", "2."]


def test_a_paragraph_may_change_the_list_and_keep_the_level() -> None:
    other = '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
    definition = numbering(level(0, "%1."), level(1, "%1.%2"), lists=other)
    styles = styled("B", listed(1))
    items = [listed(0), of_style("B"), of_style("B", '<w:numPr><w:numId w:val="2"/></w:numPr>')]
    assert labels(definition, items, styles=styles) == ["1.", "1.1", "1.2"]


def test_a_list_style_lends_its_definition() -> None:
    linked = (
        '<w:abstractNum w:abstractNumId="7"><w:numStyleLink w:val="L"/></w:abstractNum>'
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num>'
    )
    styles = f'<w:style w:type="numbering" w:styleId="L"><w:pPr>{listed(0)}</w:pPr></w:style>'
    assert labels(DECIMAL + linked, at("01", 2), styles=styles) == ["1.", "1.1"]


@pytest.mark.parametrize(
    "properties", ["", listed(0, 99), listed(8), "<w:numPr/>", of_style("unknown")]
)
def test_paragraphs_outside_lists_have_no_label(properties: str) -> None:
    assert labels(DECIMAL, [properties]) == [""]


def test_circles_among_styles_end() -> None:
    styles = styled("A", "", "B") + styled("B", "", "A")
    assert labels(DECIMAL, [of_style("A")], styles=styles) == [""]


def test_elements_are_found_by_local_name_only() -> None:
    strict = etree.fromstring(
        '<x xmlns="http://purl.oclc.org/ooxml/wordprocessingml/main"><b/></x>'
    )
    assert child(strict, "b") is not None
    assert child(None, "b") is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("decimal", {1: "1", 12: "12"}),
        ("decimalZero", {1: "01", 12: "12"}),
        ("lowerLetter", {1: "a", 26: "z", 27: "aa", 28: "bb"}),
        ("upperLetter", {2: "B", 53: "AAA", 781: "A"}),
        ("lowerRoman", {4: "iv", 9: "ix", 14: "xiv", 40: "xl"}),
        ("upperRoman", {1994: "MCMXCIV", 0: "0", 4000: "4000"}),
        ("ordinal", {1: "1st", 2: "2nd", 3: "3rd", 11: "11th", 21: "21st", 112: "112th"}),
        (
            "cardinalText",
            {1: "One", 21: "Twenty-one", 105: "One hundred five", 1001: "One thousand one"},
        ),
        (
            "ordinalText",
            {
                1: "First",
                20: "Twentieth",
                22: "Twenty-second",
                100: "One hundredth",
                101: "One hundred first",
                1000: "One thousandth",
            },
        ),
        ("chineseCounting", {1: "一", 10: "十", 11: "十一", 21: "二十一", 100: "一〇〇"}),
        ("chineseCountingThousand", {20: "二十", 100: "一百", 105: "一百零五", 110: "一百一十"}),
        ("chineseLegalSimplified", {1: "壹", 10: "壹拾", 25: "贰拾伍"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
        ("ideographZodiac", {1: "子", 12: "亥", 13: "13"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
        ("decimalFullWidth", {12: "１２"}),
        ("ideographDigital", {10: "一〇"}),
        ("none", {1: ""}),
        ("unheardOf", {7: "7"}),
        ("chineseCountingThousand", {0: "〇", 1005: "一千零五", 12345: "一二三四五"}),
    ],
)
def test_numbers_are_written_as_word_writes_them(kind: str, expected: dict[int, str]) -> None:
    assert {number: numeral(number, kind) for number in expected} == expected
