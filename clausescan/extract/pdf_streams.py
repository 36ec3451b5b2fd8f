"""Looks for bombs among a PDF's packed streams before PDFium unpacks any of them.

Streams are found by their keyword, not through the file's own table, which a hostile file bends.
Only Flate is looked into, packed once or several times over; PDFium bounds what it makes of
other filters, and a process with a memory limit bounds PDFium.
"""

from __future__ import annotations

import re
import zlib

from clausescan.errors import ReadError
from clausescan.extract.assemble import Source
from clausescan.limits import RATIO_FLOOR

_STREAM = re.compile(rb"stream\r?\n(?=[\x08\x18\x28\x38\x48\x58\x68\x78])")
"""A stream whose first byte says Flate."""

_TWICE = re.compile(rb"/Filter\s*\[[^\]]*/(?:Flate|LZW)[^\]]*/(?:Flate|LZW)")
_MOST_PER_BYTE = 1032
"""What Flate can make of one byte; shorter streams cannot be bombs unless packed twice."""

_DICTIONARY = 1000
"""Bytes before a stream in which its dictionary is looked for."""

_STEP, _CHUNK = 100_000, 1_000_000
_DEEPEST = 4
"""How many times over a stream may be packed; more is a bomb, whatever comes out."""


def check_streams(source: Source) -> None:
    """Refuse a file with a stream that unpacks to more than the limits allow.

    Raises:
        ReadError: It has one.
    """
    limits, data = source.limits, source.data
    shortest = min(limits.stream_bytes, RATIO_FLOOR) // _MOST_PER_BYTE
    if _TWICE.search(data):
        shortest = 0
    for match in _STREAM.finditer(data):
        end = data.find(b"endstream", match.end())
        packed = (len(data) if end < 0 else end) - match.end()
        if packed <= shortest:
            continue
        most = limits.stream_bytes
        if not _is_image(data, match.start()):
            most = min(most, max(RATIO_FLOOR, packed * limits.ratio))
        if _unpacks_beyond(data[match.end() : match.end() + packed], most):
            raise ReadError(
                f"{source.path} holds a stream of {packed:,} bytes that unpacks to more than "
                f"{most:,}, which no contract does. Print it to a new PDF, or raise the limits "
                "stream_bytes and ratio.",
                code="too-large",
            )


def _is_image(data: bytes, at: int) -> bool:
    """Whether the dictionary before a stream calls it an image; blank ones pack very well."""
    return b"/Image" in data[max(0, at - _DICTIONARY) : at].rpartition(b" obj")[2]


def _unpacks_beyond(data: bytes, most: int) -> bool:
    """Whether a stream, or what it unpacks to in turn, unpacks to more than so many bytes."""
    for _ in range(_DEEPEST):
        size, data = _unpacked(data, most)
        if size > most:
            return True
        if not data:
            return False
    return True


def _unpacked(data: bytes, most: int) -> tuple[int, bytes]:
    """How much a stream unpacks to, and the outcome itself if that is packed once more."""
    unpacker = zlib.decompressobj()
    size, kept, is_packed = 0, bytearray(), False
    try:
        for start in range(0, len(data), _STEP):
            rest = data[start : start + _STEP]
            while rest and size <= most and not unpacker.eof:
                chunk = unpacker.decompress(rest, _CHUNK)
                rest = unpacker.unconsumed_tail
                if not size:
                    is_packed = _is_flate(chunk)
                if is_packed:
                    kept += chunk
                size += len(chunk)
    except zlib.error:
        pass
    return size, bytes(kept)


def _is_flate(data: bytes) -> bool:
    return len(data) > 1 and data[0] & 15 == 8 and int.from_bytes(data[:2]) % 31 == 0
