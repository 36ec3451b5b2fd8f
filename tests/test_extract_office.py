"""Files that LibreOffice converts: what becomes of them, with a false LibreOffice and a true one."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import subprocess
import threading
import time
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from extract_files import deleted, inserted, paragraph, run, word_file, zip_file

from clausescan.document import Document
from clausescan.errors import ReadError
from clausescan.extract import office, read_document
from clausescan.extract.assemble import Source
from clausescan.extract.html import stripped
from clausescan.limits import Limits

needs_office = pytest.mark.skipif(
    office.soffice() is None, reason="LibreOffice is not installed (libreoffice-writer-nogui)"
)
DUTY = "The Distributor shall sell the Products."
RTF = r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 " + DUTY + r"\par{\deleted old }{\b Bold}\par}"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
ODT_ROOT = (
    '<office:document-content office:version="1.2"'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink">'
)
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/"'
    ' manifest:media-type="application/vnd.oasis.opendocument.text"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def odt_file(path: Path, inner: str, *, prolog: str = "") -> Path:
    text = f"<office:body><office:text>{inner}</office:text></office:body>"
    return zip_file(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"{prolog}{ODT_ROOT}{text}</office:document-content>",
            "META-INF/manifest.xml": MANIFEST,
        },
    )


def rtf_file(path: Path) -> Path:
    path.write_text(RTF, "ascii")
    return path


def texts(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def code_of(path: Path, **limits: float) -> str:
    with pytest.raises(ReadError) as caught:
        read_document(path, limits=Limits(**limits))  # type: ignore[arg-type]
    assert str(path) in str(caught.value)
    return caught.value.code


@pytest.fixture
def false_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shell script in the place of LibreOffice; by itself it does nothing."""
    script = tmp_path / "soffice"
    script.write_text("#!/bin/sh\n", "utf-8")
    script.chmod(0o755)
    monkeypatch.setattr(office, "soffice", lambda: str(script))
    return script


@pytest.mark.parametrize("suffix", [".doc", ".dot", ".rtf", ".odt", ".html", ".htm"])
def test_without_libreoffice_the_error_names_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(office, "soffice", lambda: None)
    path = tmp_path / f"draft{suffix}"
    path.write_bytes({".odt": b"PK\x03\x04", ".rtf": RTF.encode()}.get(suffix, b"<html>"))
    with pytest.raises(ReadError, match=r"Install LibreOffice .* or save it as \.docx") as caught:
        read_document(path)
    assert caught.value.code == "type"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("draft.doc", b"hello"),
        ("draft.doc", b"PK\x03\x04"),
        ("draft.rtf", b"%PDF-1.7"),
        ("draft.odt", RTF.encode()),
        ("draft.odt", OLE),
        ("draft.html", OLE),
    ],
)
def test_a_file_that_is_something_else_is_not_converted(
    tmp_path: Path, false_office: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert code_of(path) == "type"


def test_what_libreoffice_writes_is_read_as_the_original(
    tmp_path: Path, false_office: Path
) -> None:
    made = word_file(tmp_path / "made.docx", paragraph(DUTY))
    false_office.write_text(
        "#!/bin/sh\n"
        f'for a; do if [ "$last" = --outdir ]; then mkdir -p "$a"; cp {made} "$a/draft.docx"; fi\n'
        f'last=$a; done; pwd > {tmp_path}/pwd; echo "$*" > {tmp_path}/arguments\n',
        "utf-8",
    )
    path = rtf_file(tmp_path / "a draft.rtf")
    document = read_document(path)
    assert texts(document) == [DUTY]
    assert (document.path, document.format) == (str(path), "rtf")
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [notice.code for notice in document.notices] == ["converted"]
    arguments = (tmp_path / "arguments").read_text("utf-8")
    assert "a draft" not in arguments
    assert "-env:UserInstallation=file:///" in arguments
    assert not Path((tmp_path / "pwd").read_text("utf-8").strip()).exists()


def test_a_conversion_that_hangs_is_ended_with_all_its_processes(
    tmp_path: Path, false_office: Path
) -> None:
    false_office.write_text(
        f"#!/bin/sh\nsleep 600 & echo $! > {tmp_path}/child\nsleep 600\n", "utf-8"
    )
    path = rtf_file(tmp_path / "draft.rtf")
    assert code_of(path, convert_seconds=1.0) == "timeout"
    child = int((tmp_path / "child").read_text("utf-8"))
    for _ in range(50):
        if not Path(f"/proc/{child}").exists() or "Z" in _state(child):
            break
        time.sleep(0.1)
    else:
        pytest.fail("the child of LibreOffice still runs")


def _state(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").split()[2]
    except FileNotFoundError:
        return "Z"


def test_a_conversion_that_gives_nothing_is_an_error(tmp_path: Path, false_office: Path) -> None:
    assert code_of(rtf_file(tmp_path / "draft.rtf")) == "corrupt"


def old_word(*, flags: int, version: int = 0xC1) -> bytes:
    """The sector in which the text of an old Word file begins, behind two others."""
    return OLE[:8] + bytes(1016) + struct.pack("<2sH6xH", b"\xec\xa5", version, flags) + bytes(900)


LOCKED_MANIFEST = MANIFEST.replace(
    'full-path="content.xml" manifest:media-type="text/xml"/>',
    'full-path="content.xml" manifest:size="9"><manifest:encryption-data/></manifest:file-entry>',
)


def test_a_locked_file_says_so(tmp_path: Path, false_office: Path) -> None:
    odt = zip_file(
        tmp_path / "a.odt", {"content.xml": "@!", "META-INF/manifest.xml": LOCKED_MANIFEST}
    )
    doc = tmp_path / "a.doc"
    doc.write_bytes(old_word(flags=0x1300))
    package = tmp_path / "b.doc"
    package.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    for path in (odt, doc, package):
        with pytest.raises(
            ReadError, match=r"is encrypted\. Save a copy without a password"
        ) as caught:
            read_document(path)
        assert caught.value.code == "encrypted"


def test_a_manifest_that_is_damaged_is_an_error(tmp_path: Path, false_office: Path) -> None:
    members = {"content.xml": "<a/>", "META-INF/manifest.xml": "@" * 99}
    path = zip_file(tmp_path / "a.odt", members)
    checksum = zlib.crc32(b"@" * 99).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(checksum, bytes(4)))
    with pytest.raises(ReadError, match="is damaged"):
        read_document(path)


@pytest.mark.parametrize("content", [old_word(flags=0x1200), old_word(flags=0x1300, version=7)])
def test_an_old_word_file_without_a_lock_is_converted(
    tmp_path: Path, false_office: Path, content: bytes
) -> None:
    path = tmp_path / "a.doc"
    path.write_bytes(content)
    assert code_of(path) == "corrupt"


def test_bombs_and_entities_do_not_reach_libreoffice(tmp_path: Path, false_office: Path) -> None:
    false_office.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n", "utf-8")
    odt = odt_file(tmp_path / "a.odt", "&a;", prolog='<!DOCTYPE x [<!ENTITY a "b">]>')
    assert code_of(odt) == "corrupt"
    assert code_of(odt_file(tmp_path / "b.odt", "x" * 5000), part_bytes=2000) == "too-large"
    assert not (tmp_path / "ran").exists()


def document_of(path: Path, suffix: str) -> Path:
    """A Word file with tracked changes in another format, made by LibreOffice."""
    body = paragraph(DUTY) + paragraph("It may", runs=inserted(run(" not")) + deleted(" ever"))
    source = word_file(path / "source.docx", body)
    subprocess.run(
        [office.soffice() or "", f"-env:UserInstallation={(path / 'p').as_uri()}", "--headless",
         "--convert-to", suffix, "--outdir", str(path), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return path / f"source.{suffix}"


@needs_office
@pytest.mark.parametrize("suffix", ["doc", "rtf", "odt"])
def test_tracked_changes_survive_the_conversion(tmp_path: Path, suffix: str) -> None:
    document = read_document(document_of(tmp_path, suffix))
    assert texts(document) == [DUTY, "It may not"]
    changes = [(one.kind, one.text.strip()) for one in document.blocks[1].revisions]
    assert changes == [("inserted", "not"), ("deleted", "ever")]
    assert document.format == suffix
    assert document.notices[0].code == "converted"


@pytest.fixture
def visits() -> Iterator[list[str]]:
    """Paths that a server on this machine was asked for; the first entry is its address."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *_arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    asked.append(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield asked
    server.shutdown()
    thread.join()
    server.server_close()


@needs_office
@pytest.mark.parametrize("has_network", [True, False])
@pytest.mark.parametrize("suffix", ["rtf", "odt", "html"])
def test_nothing_outside_is_fetched(
    tmp_path: Path,
    visits: list[str],
    monkeypatch: pytest.MonkeyPatch,
    suffix: str,
    has_network: bool,
) -> None:
    if has_network:
        monkeypatch.setattr(office, "_without_network", lambda: ())
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET WORDS", "utf-8")
    url, path = visits[0], tmp_path / f"draft.{suffix}"
    if suffix == "rtf":
        fields = (f"INCLUDEPICTURE {url}/a.png", f"INCLUDETEXT {secret}")
        inner = "".join(rf"{{\field{{\*\fldinst {one}}}{{\fldrslt x}}}}" for one in fields)
        template = rf"{{\*\template {url}/t.dot}}"
        path.write_text(RTF[:-1] + template + inner + "}", "ascii")
    elif suffix == "odt":
        odt_file(
            path,
            f"<text:p>{DUTY}</text:p>"
            f'<text:section text:name="a"><text:section-source xlink:href="{secret.as_uri()}"/>'
            f'</text:section><text:section text:name="b"><text:section-source'
            f' xlink:href="{url}/s.odt"/></text:section>'
            f'<text:p><draw:frame><draw:image xlink:href="{url}/i.png" xlink:actuate="onLoad"/>'
            "</draw:frame></text:p>",
        )
    else:
        path.write_text(
            f'<html><head><link rel=stylesheet href="{url}/s.css"><base href="{url}/"></head>'
            f'<body background="{url}/b.png"><p style="background:url({url}/p.png)">{DUTY}</p>'
            f'<img src="{url}/i.png"><iframe src="{secret.as_uri()}"></iframe>'
            f'<object data="{url}/o"></object></body></html>',
            "utf-8",
        )
    document = read_document(path)
    assert texts(document)[0] == DUTY
    assert "SECRET" not in document.text
    assert visits[1:] == []


@needs_office
def test_a_page_gives_its_words_lists_and_tables_only(tmp_path: Path) -> None:
    path = tmp_path / "draft.html"
    path.write_text(
        "<html><head><title>T</title><script>alert(1)</script></head><body><h1>Agreement</h1>"
        f"<p onclick='x()'>{DUTY}<span style='display:none'>unless not</span> 乙方应销售产品。</p>"
        "<table><tr><td>A</td><td>B</td></tr></table><img src=x><noscript>n</noscript></body></html>",
        "utf-8",
    )
    document = read_document(path)
    assert texts(document) == ["Agreement", f"{DUTY} 乙方应销售产品。", "A", "B"]
    assert [block.row for block in document.blocks][-2:] == [(0, 0, 0), (0, 0, 1)]
    codes = [notice.code for notice in document.notices]
    assert codes == ["converted", "hidden-text", "images"]


@needs_office
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("named", [True, False])
def test_a_page_is_read_in_its_encoding(tmp_path: Path, encoding: str, named: bool) -> None:
    words = "乙方应尽最大努力在区域内销售产品，未经甲方书面同意不得转让本合同。"
    meta = f"<meta charset={encoding}>" if named else ""
    path = tmp_path / "draft.htm"
    path.write_bytes(
        f"<html><head>{meta}</head><body><p>{words}</p></body></html>".encode(encoding)
    )
    assert texts(read_document(path)) == [words]


def test_a_page_with_control_characters_can_be_stripped(tmp_path: Path) -> None:
    page = b"<p>a&#1;<img>b\x01<img src=x>c\x0b</p>"
    assert b"abc" in stripped(Source("a.html", page, "", "html")).data.translate(
        None, b" \x01\x0b"
    ).replace(b"&#1;", b"").replace(b"&#11;", b"")


@pytest.mark.parametrize(
    "page", [b"<p>a</p><i<i<img src=x>b", b"<p s\x01c=x hre\x02f=y>a</p>", b"<ol type='a\x01'>b"]
)
def test_no_name_in_a_page_becomes_a_tag_or_an_error(page: bytes) -> None:
    data = stripped(Source("a.html", page, "", "html")).data
    assert b"<img" not in data
    assert b"=x" not in data


@pytest.mark.skipif(shutil.which("unshare") is None, reason="unshare is not installed")
def test_the_network_is_taken_away_where_the_system_allows_it() -> None:
    command = office._without_network()
    if not command:
        pytest.skip("this system does not let users take the network away")
    links = subprocess.run([*command, "ls", "/sys/class/net"], capture_output=True, check=True)
    route = subprocess.run([*command, "cat", "/proc/net/route"], capture_output=True, check=True)
    assert len(route.stdout.splitlines()) <= 1, (links.stdout, os.getpid())
