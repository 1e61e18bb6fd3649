"""Which files are taken, told by their ending and by how they begin. Standard library only."""

from __future__ import annotations

from pathlib import PurePath

OCTETS = "application/octet-stream"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE = "application/vnd.openxmlformats-officedocument."
#: Ending → media type and the bytes such a file begins with; none means text.
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    "webp": ("image/webp", (b"RIFF",)),
    "xlsx": (f"{_OFFICE}spreadsheetml.sheet", _ZIP),
    "docx": (f"{_OFFICE}wordprocessingml.document", _ZIP),
    "pptx": (f"{_OFFICE}presentationml.presentation", _ZIP),
    "vsdx": ("application/vnd.ms-visio.drawing", _ZIP),
    "zip": ("application/zip", _ZIP),
    "txt": ("text/plain", ()),
    "md": ("text/plain", ()),
    "log": ("text/plain", ()),
    "csv": ("text/csv", ()),
    "json": ("application/json", ()),
    "yaml": ("text/plain", ()),
    "yml": ("text/plain", ()),
    "eml": ("message/rfc822", ()),
    # What a browser could run is handed out as bytes without a meaning.
    "svg": (OCTETS, ()),
    "drawio": (OCTETS, ()),
}
_MARKS_OF_TEXT = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  # UTF-8 and UTF-16 with a byte-order mark


def ending(name: str) -> str:
    """The ending of a file's name, in small letters and without its dot."""
    return PurePath(name).suffix.lstrip(".").lower()


def media_type(name: str, head: bytes) -> str | None:
    """The media type of a file, or None for one that is not taken; ``head`` is how it begins (1 kB is enough)."""
    found = KINDS.get(ending(name))
    if found is None:
        return None
    kind, beginnings = found
    fits = head.startswith(beginnings) if beginnings else _is_text(head)
    return kind if fits else None


def _is_text(head: bytes) -> bool:
    return head.startswith(_MARKS_OF_TEXT) or b"\0" not in head


def safe_name(name: str) -> str:
    """The last part of a file's name without what could steer a terminal or a path; never empty."""
    plain = PurePath(name.replace("\\", "/")).name
    kept = "".join(sign for sign in plain if sign.isprintable())
    stem, suffix = PurePath(kept).stem.strip()[:150], PurePath(kept).suffix[:20]
    return f"{stem or 'file'}{suffix}"
