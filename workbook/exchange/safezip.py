"""Can an uploaded file be read without harm? Looks at content, never at the name. Standard library only."""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO
from xml.parsers import expat

MAX_UPLOAD = 10 * 1024 * 1024
#: Unpacked: all parts together, one part of texts, how much a part may grow, how many parts and elements.
MAX_UNPACKED, MAX_STRINGS, MAX_RATIO, MAX_PARTS, MAX_ELEMENTS = 60_000_000, 24_000_000, 150, 2_000, 1_500_000
#: Below this size a part may be as repetitive as it likes: empty styled cells pack very well.
_SMALL = 4_000_000
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_TYPES, _BOOK = "[Content_Types].xml", "spreadsheetml.sheet.main+xml"
_ACTIVE = ("vbaproject", "xl/macrosheets/", "xl/activex/", "xl/ctrlprops/")
_OUTWARD = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/", "xl/embeddings/")
_CHUNK = 1 << 16


class Unreadable(ValueError):
    """Why a file is not taken; ``code`` has its words in words.py, ``values`` go into them."""

    def __init__(self, code: str, **values):
        super().__init__(code)
        self.code = code
        self.values = values


def size_of(file: BinaryIO) -> int:
    """The length of a file in bytes; the file stands at its beginning afterwards."""
    size = file.seek(0, 2)
    file.seek(0)
    return size


def looks_packed(file: BinaryIO) -> bool:
    """Whether the file is a zip or an old Office file, and so no text."""
    head = file.read(8)
    file.seek(0)
    return head.startswith((_ZIP, b"PK\x05\x06", _OLE))


def check(file: BinaryIO) -> None:
    """Raise Unreadable unless this is an .xlsx without macros, links to elsewhere, tricks and excess."""
    size = size_of(file)
    if not size:
        raise Unreadable("empty")
    if size > MAX_UPLOAD:
        raise Unreadable("too_big")
    head = file.read(8)
    file.seek(0)
    if head.startswith(_OLE):
        raise Unreadable(_old_kind(file))
    if not head.startswith(_ZIP):
        raise Unreadable("not_excel")
    try:
        with zipfile.ZipFile(file) as archive:
            _check_parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise Unreadable("damaged") from None
    finally:
        file.seek(0)


def _old_kind(file: BinaryIO) -> str:
    """An encrypted workbook and the format of 1997 share their beginning; stream names are UTF-16."""
    content = file.read()
    file.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "encrypted"
    names = ("Workbook", "Book")
    return "old_excel" if any(name.encode("utf-16-le") in content for name in names) else "not_excel"


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("encrypted")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unreadable("bomb")
    if any(_is_swollen(part) for part in parts) or len(set(names)) != len(names):
        raise Unreadable("bomb")
    if _TYPES not in archive.namelist():
        raise Unreadable("not_excel")
    kinds = archive.read(_TYPES).decode("utf-8", "replace")
    if "macroenabled" in kinds.lower() or any(word in name for name in names for word in _ACTIVE):
        raise Unreadable("macros")
    if _BOOK not in kinds:
        raise Unreadable("not_excel")
    if any(name.startswith(_OUTWARD) for name in names):
        raise Unreadable("links")
    _check_xml(archive, parts)


def _is_swollen(part: zipfile.ZipInfo) -> bool:
    if part.filename.lower().endswith("sharedstrings.xml") and part.file_size > MAX_STRINGS:
        return True
    return part.file_size > max(_SMALL, MAX_RATIO * part.compress_size)


def _check_xml(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """No part may declare a document type (entities live there), and all together only so many elements."""
    seen = 0
    for part in parts:
        if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(part) as stream:
            seen = _walk(stream, seen)


def _walk(stream, seen: int) -> int:
    """The number of elements so far. Raises Unreadable for a document type, bad XML, or too many."""

    def begin(_name, _attributes):
        nonlocal seen
        seen += 1
        if seen > MAX_ELEMENTS:
            raise Unreadable("bomb")

    def refuse(*_words):
        raise Unreadable("doctype")

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise Unreadable("damaged") from None
    return seen
