"""The edge where reports come in from outside: JSON Schema and checked reading.

pydantic works from the same dataclasses that the scan fills, so format and code cannot drift.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from clausescan.errors import DataError, ReadError
from clausescan.report import SCHEMA, Report


@cache
def _adapter() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


def read_report(data: Mapping[str, Any]) -> Report:
    """A report from plain data.

    Raises:
        DataError: A field is missing or wrong, or the data is of another format.
    """
    found = data.get("schema")
    if found != SCHEMA:
        raise DataError(f"This is no {SCHEMA} report: its schema is {found!r}.")
    try:
        return _adapter().validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DataError(f"The report's field {place} is wrong: {first['msg']}.") from error


def load_report(path: Path) -> Report:
    """The report in a JSON file.

    Raises:
        ReadError: The file is not there or cannot be opened.
        DataError: It holds no report; the message names the file.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        if not isinstance(data, dict):
            raise DataError("This is no report: it holds no JSON object.")
        return read_report(data)
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}.", code="missing") from error
    except (DataError, ValueError) as error:
        raise DataError(f"{path}: {error}") from error
    except RecursionError as error:
        raise DataError(f"{path}: This is no report: its JSON goes too deep.") from error


def build_schema() -> dict[str, Any]:
    """The JSON Schema of a report, as published in ``data/report.schema.json``."""
    schema = _adapter().json_schema(mode="serialization")
    schema["properties"]["schema"]["const"] = SCHEMA
    for name, record in (schema.get("$defs", {}) | {"Report": schema}).items():
        record["title"] = name
        record["description"] = record.get("description", "").split("\n\n")[0].strip()
        record["required"] = list(record.get("properties", ()))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        **schema,
    }
