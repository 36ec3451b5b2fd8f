"""clausescan: who is bound by a draft contract, to what, and what is missing.

    import clausescan
    report = clausescan.scan("draft.docx")

Nothing is imported before it is asked for, so `import clausescan` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from clausescan.version import VERSION

if TYPE_CHECKING:
    from clausescan.errors import ClausescanError
    from clausescan.evaluation import evaluate
    from clausescan.limits import Limits
    from clausescan.pipeline import load
    from clausescan.report import Report
    from clausescan.scanner import ScanError, scan, scan_many
    from clausescan.training import train

__version__ = VERSION

__all__ = [
    "ClausescanError",
    "Limits",
    "Report",
    "ScanError",
    "evaluate",
    "load",
    "scan",
    "scan_many",
    "train",
]

_HOMES = {
    "ClausescanError": "clausescan.errors",
    "Limits": "clausescan.limits",
    "Report": "clausescan.report",
    "ScanError": "clausescan.scanner",
    "evaluate": "clausescan.evaluation",
    "load": "clausescan.pipeline",
    "scan": "clausescan.scanner",
    "scan_many": "clausescan.scanner",
    "train": "clausescan.training",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'clausescan' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
