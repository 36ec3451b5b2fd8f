"""The blind drafts are as they were frozen: neither words nor gold follow a figure."""

from __future__ import annotations

import hashlib
from pathlib import Path

DRAFTS = Path(__file__).parents[1] / "corpus" / "drafts"


def test_blind_drafts_are_frozen() -> None:
    lines = DRAFTS.joinpath("BLIND.sha256").read_text("utf8").splitlines()
    frozen = {name: digest for digest, name in (line.split("  ") for line in lines)}
    kept = {*DRAFTS.glob("src/test-*.toml"), *DRAFTS.glob("test-*.gold.json")}
    assert frozen == {
        path.relative_to(DRAFTS).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in kept
    }
    assert len(frozen) == 20
