"""clausescan: who is bound by a draft contract, to what, and what is missing."""

__version__ = "0.1.0"
