"""Puts a reader's pieces into one text and keeps their offsets; the only place that counts them."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from clausescan.document import (
    Block,
    Comment,
    Document,
    Line,
    Notice,
    Recognised,
    Revision,
    language_of,
)
from clausescan.errors import ReadError
from clausescan.limits import DEFAULT, Limits


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was let in: what its reader needs and what the document repeats of it.

    Attributes:
        path: As given by the caller, for display only.
        data: The file's bytes.
        sha256: Hex digest of `data`.
        format: Its suffix without the dot, in lower case.
        original: Whether the text before the tracked changes is wanted.
        password: What opens it, if it is encrypted; never shown.
        limits: What it may cost.
        deadline: When its time is up, as `time.monotonic` counts.
    """

    path: str
    data: bytes
    sha256: str
    format: str
    original: bool = False
    password: str = field(default="", repr=False)
    limits: Limits = DEFAULT
    deadline: float = math.inf

    def check(self, characters: int) -> None:
        """Stop a reader that takes too long or has found too much.

        Args:
            characters: Number of characters read so far.

        Raises:
            ReadError: Time is up, or there are more characters than the limit.
        """
        if characters > self.limits.characters:
            raise ReadError(
                f"{self.path} has more than {self.limits.characters:,} characters of text. Split "
                "it, or raise the limit characters.",
                code="too-large",
            )
        if time.monotonic() > self.deadline:
            raise ReadError(
                f"{self.path} could not be read in {self.limits.seconds:g} seconds. Split it, or "
                "raise the limit seconds.",
                code="timeout",
            )


@dataclass(slots=True)
class Assembler:
    """Collects blocks in reading order; each is set off from the one before by a line break.

    With a source, its limits are held.
    """

    source: Source | None = None
    parts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    position: int = 0

    def add(
        self,
        text: str,
        block: Block,
        *,
        lines: Sequence[Line] = (),
        revisions: Sequence[Revision] = (),
    ) -> None:
        """Append one block.

        Args:
            text: Its text, without line breaks at either end.
            block: Kind, number and the like; its offsets are overwritten.
            lines: Offsets relative to `text`.
            revisions: Offsets relative to `text`.
        """
        start = self.position
        if self.source is not None:
            self.source.check(start + len(text))
        self.blocks.append(
            replace(
                block,
                start=start,
                end=start + len(text),
                paragraph=len(self.blocks) + 1,
                language=language_of(text),
                lines=tuple(
                    Line(start + line.start, start + line.end, line.page, line.box)
                    for line in lines
                ),
                revisions=tuple(replace(one, start=start + one.start) for one in revisions),
            )
        )
        self.parts.append(text)
        self.position = start + len(text) + 1

    @property
    def text(self) -> str:
        """All text so far."""
        return "\n".join(self.parts)

    def document(
        self,
        source: Source,
        *,
        pages: int = 0,
        pages_read: int = 0,
        recognised: Sequence[Recognised] = (),
        unread: Sequence[str] = (),
        notices: Sequence[Notice] = (),
        comments: Sequence[Comment] = (),
    ) -> Document:
        """The finished document."""
        return Document(
            path=source.path,
            format=source.format,
            sha256=source.sha256,
            text=self.text,
            blocks=tuple(self.blocks),
            pages=pages,
            pages_read=pages_read,
            recognised=tuple(recognised),
            unread=tuple(unread),
            notices=tuple(notices),
            comments=tuple(comments),
        )
