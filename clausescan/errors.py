"""What can go wrong, as one small tree.

ClausescanError
 ├─ ReadError          the file could not be read: wrong type, encrypted, corrupt, empty, a bomb
 ├─ DataError          a playbook, phrase list or corpus file is wrong
 ├─ ModelError         a model is missing or does not fit
 └─ UsageError         the call or command makes no sense as it stands

Every message is one sentence or two that name the file, what is wrong and what to do.
"""


class ClausescanError(Exception):
    """Base of every error that clausescan raises on purpose."""


class ReadError(ClausescanError):
    """A draft could not be read.

    Attributes:
        code: Short stable reason: ``missing``, ``type``, ``empty``, ``encrypted``, ``corrupt``,
            ``too-large``, ``timeout``, ``no-text``.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class DataError(ClausescanError):
    """A rule, phrase or corpus file breaks its format."""


class ModelError(ClausescanError):
    """A model folder is missing, unknown or made for other features."""


class UsageError(ClausescanError):
    """The caller asked for something that cannot be done as asked."""
