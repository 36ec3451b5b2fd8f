"""Old Word, RTF, OpenDocument and HTML files into documents, by way of LibreOffice and .docx.

LibreOffice runs in a profile of its own that is thrown away, without macros, without updates of
links, without network where the system can take it away, for a limited time. What it writes is
read like any Word file. The name of the file it sees is ours.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from clausescan.document import Document, Notice
from clausescan.errors import ReadError
from clausescan.extract import docx
from clausescan.extract.archive import checked_names, encrypted, head_of
from clausescan.extract.assemble import Source
from clausescan.extract.html import stripped

INSTALL = "Install LibreOffice (on Debian: apt-get install libreoffice-writer-nogui)"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_FIB = b"\xec\xa5"
_FIB_VERSIONS = range(0x65, 0x113)
_FIB_ENCRYPTED = 0x0100
"""How the stream of an old Word file begins: mark, version at byte 2, this flag at byte 10."""

_SECTOR = 512
_MANIFEST = "META-INF/manifest.xml"
_DEAD_PROXY = "http://127.0.0.1:9"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A format as its first bytes show it, whatever the suffix says.

    Attributes:
        name: For messages.
        suffix: Of the copy that LibreOffice reads.
        filter: LibreOffice's name of its reader, so that it does not guess another.
    """

    name: str
    suffix: str
    filter: str


_WORD = _Kind("an old Word file", ".doc", "MS Word 97")
_RTF = _Kind("an RTF file", ".rtf", "Rich Text Format")
_ODT = _Kind("an OpenDocument text", ".odt", "writer8")
_HTML = _Kind("an HTML page", ".html", "HTML (StarWriter)")

_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Save/Document", "CreateBackup", "false"),
    ("Writer/Content/Update", "Link", "2"),
    ("Writer/Content/Update", "Field", "false"),
    ("Calc/Content/Update", "Link", "2"),
)
_PROXY = (
    ("Settings", "ooInetProxyType", "1"),
    ("Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Settings", "ooInetHTTPProxyPort", "9"),
    ("Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Settings", "ooInetHTTPSProxyPort", "9"),
)


def read(source: Source) -> Document:
    """Read a .doc, .dot, .rtf, .odt, .html or .htm file.

    Raises:
        ReadError: LibreOffice is missing, cannot read it or takes too long, or the file is not
            what its suffix says, encrypted, a bomb or without text.
    """
    kind = _kind(source)
    program = soffice()
    if program is None:
        raise ReadError(
            f"{source.path}: .{source.format} files are not read without LibreOffice. {INSTALL}, "
            "or save it as .docx in Word and scan that.",
            code="type",
        )
    data, notices = source.data, [_converted(kind)]
    if kind is _ODT:
        names = checked_names(source, refused=b"<!ENTITY")
        if _MANIFEST in names and b"encryption-data" in head_of(source, _MANIFEST):
            raise encrypted(source.path)
    elif kind is _WORD and _is_locked(source.data):
        raise encrypted(source.path)
    elif kind is _HTML:
        page = stripped(source)
        data = page.data
        notices += page.notices
    word = _convert(source, data, kind, program)
    document = docx.read(replace(source, data=word))
    return replace(document, notices=(*notices, *document.notices))


def soffice() -> str | None:
    """LibreOffice's program, or None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def _kind(source: Source) -> _Kind:
    """What a file is by its first bytes; Word opens RTF and HTML under .doc, and so do we."""
    data = source.data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(_OLE):
        found = _WORD
    elif data.startswith(b"{\\rtf"):
        found = _RTF
    elif data.startswith(b"PK\x03\x04"):
        found = _ODT
    elif source.format in ("html", "htm") or data[:200].lower().startswith((b"<!doc", b"<html")):
        found = _HTML
    else:
        found = None
    allowed = {"odt": (_ODT,), "html": (_HTML,), "htm": (_HTML,)}
    if found not in allowed.get(source.format, (_WORD, _RTF, _HTML)) or found is None:
        what = "something else" if found is None else found.name
        raise ReadError(
            f"{source.path} is not a .{source.format} file but {what}. Export it again.",
            code="type",
        )
    return found


def _is_locked(data: bytes) -> bool:
    """Whether a password locks an old Word file, or a new one under an old one's name."""
    if _ENCRYPTED_PACKAGE in data:
        return True
    for at in range(_SECTOR, len(data) - 12, _SECTOR):
        if data.startswith(_FIB, at):
            _, version, flags = struct.unpack_from("<HH6xH", data, at)
            if version in _FIB_VERSIONS and flags & _FIB_ENCRYPTED:
                return True
    return False


def _converted(kind: _Kind) -> Notice:
    return Notice(
        "converted",
        f"The draft is {kind.name}; it was read as LibreOffice converts it to .docx. Numbers and "
        "tracked changes may differ from what Word shows.",
    )


def _convert(source: Source, data: bytes, kind: _Kind, program: str) -> bytes:
    """The .docx that LibreOffice makes of a file."""
    seconds = min(source.limits.convert_seconds, source.deadline - time.monotonic())
    with tempfile.TemporaryDirectory(prefix="clausescan-") as name:
        folder = Path(name)
        draft = folder / f"draft{kind.suffix}"
        draft.write_bytes(data)
        _write_profile(folder / "profile")
        command = [
            *_without_network(),
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
            f"--infilter={kind.filter}",
            *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out")),
            str(draft),
        ]
        is_done = _run(command, folder, seconds, source.limits.memory_bytes)
        made = folder / "out" / "draft.docx"
        if not is_done:
            raise ReadError(
                f"{source.path}: LibreOffice took more than {seconds:.0f} seconds to convert it. "
                "Save it as .docx in Word and scan that, or raise the limit convert_seconds.",
                code="timeout",
            )
        if not made.is_file() or made.stat().st_size > source.limits.file_bytes:
            raise ReadError(
                f"{source.path}: LibreOffice could not convert it; it may be damaged or "
                "encrypted. Save it as .docx in Word without a password and scan that.",
                code="corrupt",
            )
        return made.read_bytes()


def _run(command: list[str], folder: Path, seconds: float, memory: int) -> bool:
    """Run LibreOffice; False if it took too long. All its processes are gone afterwards."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
    }
    environment |= dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), _DEAD_PROXY)
    with subprocess.Popen(  # noqa: S603  # the arguments are ours, the file's name among them
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            _bound_memory(process.pid, memory)
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
    return True


def _bound_memory(process: int, memory: int) -> None:
    if sys.platform.startswith("linux"):
        import resource

        with contextlib.suppress(ProcessLookupError, PermissionError, ValueError):
            resource.prlimit(process, resource.RLIMIT_DATA, (memory, memory))


@cache
def _without_network() -> tuple[str, ...]:
    """The command that takes the network from another, where the system allows it."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    command = (unshare, "--map-root-user", "--net")
    done = subprocess.run([*command, "true"], capture_output=True, check=False)  # noqa: S603
    return command if done.returncode == 0 else ()


def _write_profile(folder: Path) -> None:
    """LibreOffice's settings: no macros, no updates of links, a proxy that leads nowhere."""
    user = folder / "user"
    user.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _settings()
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items '
        f'xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>',
        "utf-8",
    )


def _settings() -> Iterator[tuple[str, str, str]]:
    for path, name, value in _SETTINGS:
        yield f"Office.{path}", name, value
    for path, name, value in _PROXY:
        yield f"Inet/{path}", name, value
