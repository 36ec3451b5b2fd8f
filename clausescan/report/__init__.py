"""The report: all that a scan found, as plain records that go to a file and back.

The names of its fields are a published format, ``clausescan.report/1``; its JSON Schema is
``clausescan/data/report.schema.json``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clausescan.contract import Clause, Contract, Norm, Party
from clausescan.document import Notice, Recognised
from clausescan.errors import UsageError
from clausescan.findings import Finding
from clausescan.scoring import Summary

if TYPE_CHECKING:
    from clausescan.explanation import Explanation

SCHEMA = "clausescan.report/1"

FORMATS = {"json": ".json", "text": ".txt", "md": ".md"}
"""Formats that a report can be written in, and their suffixes."""

PLANNED = {".html": "HTML", ".xlsx": "Excel", ".docx": "annotated Word"}


@dataclass(frozen=True, slots=True)
class Versions:
    """What made the report.

    Attributes:
        clausescan: Version of the package.
        model: Name and version of each model used, e.g. ``en_clausescan-0.1.0``.
        rules: Version of the playbook.
    """

    clausescan: str
    model: str
    rules: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the draft the report speaks of.

    Attributes:
        pages_total: Pages of the file; 0 where the format has none.
        pages_read: Pages whose text was read.
        ocr_pages: Pages read by text recognition.
        unread: Parts that were not read.
        redactions: Places where text is blacked out.
        missing_annexes: Annexes that are cited but not in the file.
        norms: Duties, bans, rights and freedoms found.
        norms_unassigned: Those of them that name no party.
        recognised: Each page read by text recognition, with how sure it is.
    """

    pages_total: int
    pages_read: int
    ocr_pages: int
    unread: tuple[str, ...]
    redactions: int
    missing_annexes: tuple[str, ...]
    norms: int
    norms_unassigned: int
    recognised: tuple[Recognised, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """The file that was scanned.

    Attributes:
        path: As the caller gave it.
        sha256: Hex digest of its bytes.
        format: The file's suffix in lower case, without the dot: ``pdf``, ``docx`` …
        title: Title of the contract, or "".
        pages: Number of pages; 0 where the format has none.
        words: Number of words; a Han character counts as one.
        languages: ``en``, ``zh``, most used first.
        archetype: Kind of deal, e.g. ``distribution``, or "".
        coverage: How much of it was read.
    """

    path: str
    sha256: str
    format: str
    title: str
    pages: int
    words: int
    languages: tuple[str, ...]
    archetype: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A difference between the two language versions of a clause.

    Attributes:
        kind: ``modality``, ``number``, ``date`` … as the format names them.
        severity: ``critical``, ``high``, ``medium`` or ``advisory``.
        clauses: Ids of the clauses.
        en: The English words.
        zh: The Chinese words.
        why: What the difference changes.
    """

    kind: str
    severity: str
    clauses: tuple[str, ...]
    en: str
    zh: str
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that a scan found.

    Attributes:
        schema: Name and version of the format.
        versions: What made it.
        document: The file that was scanned.
        us: The party's name as the caller gave it; "" when the foreign side was assumed.
        ours: Ids of the parties for whom the report is; empty when the sides are not known.
        parties: In order of appearance.
        clauses: In reading order.
        norms: In reading order.
        findings: Worst first.
        discrepancies: Between the two language versions.
        summary: Who is bound, how much it can hurt, traffic light and verdict.
        warnings: What was not read or understood.
    """

    schema: str
    versions: Versions
    document: Source
    us: str
    ours: tuple[str, ...]
    parties: tuple[Party, ...]
    clauses: tuple[Clause, ...]
    norms: tuple[Norm, ...]
    findings: tuple[Finding, ...]
    discrepancies: tuple[Discrepancy, ...]
    summary: Summary
    warnings: tuple[Notice, ...]

    @property
    def sides_known(self) -> bool:
        """Whether it is known which side is ours."""
        return bool(self.ours)

    def to_dict(self) -> dict[str, Any]:
        """The report as dicts, lists, strings and numbers, in the order of the format."""
        data: dict[str, Any] = plain(self)
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """The report that `to_dict` gave.

        Unknown fields are left out, so that a report of a later version can be read.

        Raises:
            DataError: A field is missing or wrong, or the data is of another format.
        """
        # Imported late: only those who read reports need pydantic.
        from clausescan.report.schema import read_report

        return read_report(data)

    def explain(
        self,
        clause: str,
        *,
        label: str | None = None,
        model: str | os.PathLike[str] | None = None,
    ) -> Explanation:
        """Why a clause carries its labels, or why it lacks one.

        Args:
            clause: Id or number of the clause.
            label: The one label to explain, given or not; default: all that were given.
            model: Folder of the model to ask; default: the installed one.

        Raises:
            UsageError: There is no such clause or label, or several clauses have the number.
            ModelError: The folder holds no model.
        """
        # Imported late: it needs the models, which a report does not.
        from clausescan.explanation.explaining import explain

        return explain(self, clause, label=label, model=None if model is None else Path(model))

    def to_json(self, *, indent: int | None = 2) -> str:
        """The report as one JSON object; `indent=None` puts it on one line."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False, indent=indent)

    def to_text(self, *, width: int = 100, colour: bool = False) -> str:
        """The report for a terminal.

        Args:
            width: Columns; a Chinese character takes two.
            colour: Whether to add terminal colours.
        """
        from clausescan.report.text import render_text

        return render_text(self, width=width, colour=colour)

    def to_markdown(self) -> str:
        """The report as Markdown."""
        from clausescan.report.markdown import render_markdown

        return render_markdown(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the report in the format that the suffix names: .json, .txt or .md.

        Raises:
            UsageError: There is no such format, or the file cannot be written there.
        """
        write_text(path, self.render(format_of(path)))

    def render(self, form: str) -> str:
        """The report as a text in one of `FORMATS`.

        Raises:
            UsageError: There is no such format.
        """
        if form == "json":
            return self.to_json() + "\n"
        if form == "text":
            return self.to_text()
        if form == "md":
            return self.to_markdown()
        known = ", ".join(FORMATS)
        raise UsageError(f"There is no report format {form!r}; there are {known}.")


def make_report(
    contract: Contract,
    findings: tuple[Finding, ...],
    summary: Summary,
    *,
    versions: Versions,
    us: str = "",
    our_party: str = "",
) -> Report:
    """Put a report together from what the steps of a scan gave.

    Args:
        contract: With scores.
        findings: Those that hurt us first.
        summary: Of both.
        versions: What made them.
        us: Our party's name as the caller gave it, or "".
        our_party: Its id; "" for the foreign side.
    """
    document = contract.document
    unassigned = sum(norm.bearer == "unknown" for norm in contract.norms)
    return Report(
        schema=SCHEMA,
        versions=versions,
        document=Source(
            path=document.path,
            sha256=document.sha256,
            format=document.format,
            title=contract.title,
            pages=document.pages,
            words=document.words,
            languages=contract.languages,
            archetype=contract.archetype,
            coverage=Coverage(
                pages_total=document.pages,
                pages_read=document.pages_read,
                ocr_pages=len(document.recognised),
                unread=document.unread,
                redactions=contract.redactions,
                missing_annexes=contract.missing_annexes,
                norms=len(contract.norms),
                norms_unassigned=unassigned,
                recognised=document.recognised,
            ),
        ),
        us=us,
        ours=_ours(contract, our_party),
        parties=contract.parties,
        clauses=contract.clauses,
        norms=contract.norms,
        findings=findings,
        discrepancies=(),
        summary=summary,
        warnings=contract.notices,
    )


def _ours(contract: Contract, our_party: str) -> tuple[str, ...]:
    if not contract.sides_known:
        return ()
    own = contract.party_by_id.get(our_party)
    side = own.side if own else "foreign"
    return tuple(party.id for party in contract.parties if party.side == side)


def plain(value: Any) -> Any:
    """A record as dicts, lists, strings and numbers; private fields stay out."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(value[key]) for key in sorted(value)}
    return {name: plain(getattr(value, name)) for name in _public_fields(value.__class__)}


@cache
def _public_fields(record: Any) -> tuple[str, ...]:
    return tuple(item.name for item in fields(record) if not item.name.startswith("_"))


def format_of(path: str | os.PathLike[str]) -> str:
    """The format that a path's suffix names.

    Raises:
        UsageError: There is no such format, with those there are.
    """
    suffix = Path(path).suffix.lower()
    for form, own in FORMATS.items():
        if own == suffix:
            return form
    known = ", ".join(FORMATS.values())
    if suffix in PLANNED:
        raise UsageError(
            f"{path}: {PLANNED[suffix]} reports are not in this version; it writes {known}."
        )
    raise UsageError(f"{path}: a report's file name ends in {known}.")


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a file whole or not at all; a half surrogate from a broken PDF becomes "?".

    Raises:
        UsageError: It cannot be written there.
    """
    target = Path(path)
    data = text.encode("utf-8", "replace")
    # A device or pipe (/dev/stdout) cannot be replaced by a file.
    special = target.exists() and not target.is_file()
    draft = target if special else target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        draft.write_bytes(data)
        if not special:
            draft.replace(target)
    except OSError as error:
        if not special and draft.exists():
            draft.unlink()
        raise UsageError(f"{target} cannot be written: {error.strerror}.") from error
