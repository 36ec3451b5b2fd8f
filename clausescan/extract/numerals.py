"""Numbers written the ways Word's number formats write them (ECMA-376 part 1, 17.18.59)."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_ONES = (
    "zero",
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def numeral(number: int, kind: str) -> str:
    """A number in a format of Word; decimal digits for formats unknown here.

    Args:
        number: The counter.
        kind: Name of the format, as in ``w:numFmt``.
    """
    if kind == "none":
        return ""
    write = _FORMATS.get(kind)
    if write is None or number < 0:
        return str(number)
    return write(number)


def _letters(number: int) -> str:
    """A to z, then aa, bb, cc: Word repeats the letter, thirty times at most."""
    if number < 1:
        return str(number)
    number = (number - 1) % 780 + 1
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text


def _counted(number: int, digits: str, units: tuple[str, str, str], *, short: bool) -> str:
    """Chinese counting below ten thousand: 一百零五; `short` drops the one of 一十五."""
    if number >= 10_000:
        return "".join(digits[int(digit)] for digit in str(number))
    if number == 0:
        return digits[0]
    text, gap = "", False
    for place, unit in ((1000, units[2]), (100, units[1]), (10, units[0]), (1, "")):
        digit, number = divmod(number, place)
        if digit:
            text += ("零" if gap and text else "") + digits[digit] + unit
            gap = False
        else:
            gap = True
    if short and text.startswith(digits[1] + units[0]):
        text = text[1:]
    return text


def _chinese(number: int) -> str:
    return _counted(number, _DIGITS, ("十", "百", "千"), short=True)


def _chinese_to_hundred(number: int) -> str:
    """From a hundred on digit by digit, as the format's definition has it."""
    return _chinese(number) if number < 100 else _chinese_digits(number)


def _chinese_digits(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _chinese_legal(number: int) -> str:
    return _counted(number, _LEGAL, ("拾", "佰", "仟"), short=False)


def _signs(signs: str) -> Callable[[int], str]:
    def write(number: int) -> str:
        return signs[number - 1] if 0 < number <= len(signs) else str(number)

    return write


def _enclosed(first: str, last: int) -> Callable[[int], str]:
    def write(number: int) -> str:
        return chr(ord(first) + number - 1) if 1 <= number <= last else str(number)

    return write


def _full_width(number: int) -> str:
    return "".join(chr(ord("０") + int(digit)) for digit in str(number))


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _words(number: int) -> str:
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{_ONES[hundreds]} hundred" + (f" {_words(rest)}" if rest else "")
    if number < 20_000:
        thousands, rest = divmod(number, 1000)
        return f"{_ONES[thousands]} thousand" + (f" {_words(rest)}" if rest else "")
    return str(number)


def _cardinal_words(number: int) -> str:
    text = _words(number)
    return text[:1].upper() + text[1:]


def _ordinal_words(number: int) -> str:
    words = _words(number)
    cut = max(words.rfind("-"), words.rfind(" ")) + 1
    last = words[cut:]
    if last in _ORDINALS:
        last = _ORDINALS[last]
    else:
        last = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    text = words[:cut] + last
    return text[:1].upper() + text[1:]


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperRoman": _roman,
    "ordinal": _ordinal,
    "cardinalText": _cardinal_words,
    "ordinalText": _ordinal_words,
    "numberInDash": lambda number: f"- {number} -",
    "chineseCounting": _chinese_to_hundred,
    "chineseCountingThousand": _chinese,
    "taiwaneseCounting": _chinese_to_hundred,
    "taiwaneseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "japaneseDigitalTenThousand": _chinese_digits,
    "ideographDigital": _chinese_digits,
    "taiwaneseDigital": _chinese_digits,
    "chineseLegalSimplified": _chinese_legal,
    "ideographLegalTraditional": _chinese_legal,
    "ideographTraditional": _signs(_STEMS),
    "ideographZodiac": _signs(_BRANCHES),
    "decimalEnclosedCircle": _enclosed("①", 20),
    "decimalEnclosedCircleChinese": _enclosed("①", 20),
    "decimalEnclosedParen": _enclosed("⑴", 20),
    "decimalEnclosedFullstop": _enclosed("⒈", 20),
    "ideographEnclosedCircle": _enclosed("㊀", 10),
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalHalfWidth": str,
}
