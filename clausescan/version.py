"""The version, in one place for code; a test holds pyproject.toml to it."""

VERSION = "0.1.0"
