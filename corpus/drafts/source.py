"""Sources of the sample drafts: what stands in ``src/NAME.toml``."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KINDS = frozenset({"title", "paragraph", "heading", "clause", "signature"})
LAYOUTS = frozenset({"single", "two-column", "interleaved"})
DIGITS = "零一二三四五六七八九"
CHINESE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f]+")


class SourceError(ValueError):
    """A source says something that cannot be built."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a draft: ``texts`` maps a language (``en``, ``zh``) to its words."""

    kind: str
    level: int
    number: str
    texts: dict[str, str]

    @property
    def numbered(self) -> bool:
        """Whether a number stands before the words."""
        return self.kind in {"heading", "clause"} and bool(self.number)


@dataclass(frozen=True, slots=True)
class Draft:
    """A source as read from TOML."""

    name: str
    title: str
    format: str
    layout: str
    auto: bool
    header: str
    footer: str
    blocks: tuple[Block, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that occur, English first."""
        return tuple(lang for lang in ("en", "zh") if any(lang in b.texts for b in self.blocks))


def read(path: Path) -> Draft:
    """Read one source.

    Raises:
        SourceError: unknown kind, layout or format, or automatic numbers that Word would
            compute otherwise than the source prints them.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    draft = Draft(
        name=path.stem,
        title=raw["title"],
        format=raw["format"],
        layout=raw["layout"],
        auto=raw["numbering"] == "auto",
        header=raw.get("header", ""),
        footer=raw.get("footer", ""),
        blocks=tuple(_block(item) for item in raw["block"]),
    )
    _check(draft)
    return draft


def _block(item: dict[str, Any]) -> Block:
    texts = {lang: item[lang].strip() for lang in ("en", "zh") if item.get(lang)}
    return Block(item["kind"], item.get("level", 0), item.get("number", ""), texts)


def _check(draft: Draft) -> None:
    if draft.format not in {"docx", "pdf"} or draft.layout not in LAYOUTS:
        raise SourceError(f"{draft.name}: unknown format or layout")
    if draft.auto and draft.format == "pdf":
        raise SourceError(f"{draft.name}: a PDF has no automatic numbers")
    counters = [0, 0, 0]
    for block in draft.blocks:
        if block.kind not in KINDS or not block.texts:
            raise SourceError(f"{draft.name}: bad block {block.kind} {block.number}")
        if draft.auto and block.numbered:
            _check_count(draft.name, block, counters)


def _check_count(name: str, block: Block, counters: list[int]) -> None:
    counters[block.level - 1] += 1
    counters[block.level :] = [0] * (3 - block.level)
    first, second, third = counters
    word = (str(first), f"{first}.{second}", f"({chr(96 + third)})")[block.level - 1]
    lang = "en" if "en" in block.texts else "zh"
    if label(word, block.level, lang) != label(block.number, block.level, lang):
        raise SourceError(f"{name}: {block.number} would be numbered {word}")


def chinese_numeral(value: int) -> str:
    """Chinese numeral of 1 to 99."""
    tens, ones = divmod(value, 10)
    head = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return head + (DIGITS[ones] if ones or not tens else "")


def label(number: str, level: int, language: str) -> str:
    """The number as printed in one language: ``1`` is ``1.`` in English, ``第一条`` in Chinese.

    A number already written the Chinese way is printed as it stands.
    """
    if level == 1 and number.isdigit():
        return f"{number}." if language == "en" else f"第{chinese_numeral(int(number))}条"
    if level == 3 and language == "zh" and re.fullmatch(r"\([a-z]\)", number):
        return f"（{chinese_numeral(ord(number[1]) - 96)}）"
    return number
