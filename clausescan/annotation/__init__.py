"""Annotated clauses to and from the tools people annotate with, and what to annotate next.

One module a format; `clausescan.annotation.formats` lists them.
"""
