"""What did the portal send? Reads the mail files that Django's file backend keeps on disk."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

# One file holds the mails of one connection, each ended by this line (django.core.mail.backends.console).
SEPARATOR = b"-" * 79 + b"\n"
NEWEST = 200
LINK = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True)
class Mail:
    """One mail; ``sent_at`` is aware UTC, ``name`` addresses it (file and place in it)."""

    name: str
    sent_at: datetime
    sender: str
    to: str
    subject: str
    body: str


def newest(folder: Path, limit: int = NEWEST) -> list[Mail]:
    """The latest mails, newest first."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)[:limit]
    mails = [mail for path in files for mail in mails_in(path)]
    return sorted(mails, key=lambda mail: (mail.sent_at, mail.name), reverse=True)[:limit]


def read(folder: Path, name: str) -> Mail | None:
    """The mail of this name; None for a name that is none of ours (also one that climbs out of the folder)."""
    stem, _dot, place = name.rpartition(".")
    if not re.fullmatch(r"[0-9A-Za-z-]+", stem) or not place.isdecimal():
        return None
    path = folder / f"{stem}.log"
    return next((mail for mail in mails_in(path) if mail.name == name), None) if path.is_file() else None


def mails_in(path: Path) -> list[Mail]:
    """Every mail of one file."""
    chunks = [chunk for chunk in path.read_bytes().split(SEPARATOR) if chunk.strip()]
    return [parsed(f"{path.stem}.{place}", chunk) for place, chunk in enumerate(chunks)]


def parsed(name: str, raw: bytes) -> Mail:
    """One mail from its bytes."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    part = message.get_body(preferencelist=("plain",))
    return Mail(
        name=name,
        sent_at=instant(message["Date"]),
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        body=part.get_content() if part else "",
    )


def instant(date: str | None) -> datetime:
    """A mail's Date line as an aware instant; "-0000" means UTC without saying where the sender is."""
    if not date:
        return datetime.fromtimestamp(0, UTC)
    parsed_date = parsedate_to_datetime(date)
    return parsed_date if parsed_date.tzinfo else parsed_date.replace(tzinfo=UTC)


def linked(body: str, base_url: str) -> list[tuple[str, str]]:
    """The body in pieces (text, path): path is set for links to this portal, which become clickable."""
    pieces, end = [], 0
    for match in LINK.finditer(body):
        url = match.group().rstrip(".,;)")
        if url != base_url and not url.startswith(f"{base_url}/"):
            continue
        pieces += [(body[end : match.start()], ""), (url, url.removeprefix(base_url) or "/")]
        end = match.start() + len(url)
    return [*pieces, (body[end:], "")]
