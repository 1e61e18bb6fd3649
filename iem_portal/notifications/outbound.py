"""How does the portal ask an address that somebody typed in, without being sent into its own network?

The name is resolved once, every address it has is checked, and the connection goes to the one that was checked:
a name that changes its mind between check and use (DNS rebinding) gets nothing. No redirect is followed, no proxy
asked, and time and sizes are bounded. The standard library alone: it lets us say where to connect.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from iem_portal.notifications.errors import PermanentFailure, TemporaryFailure

CONNECT_S, ANSWER_S = 4.0, 6.0
# The whole of it, for receivers that answer a byte at a time; shorter than settings.EMAIL_TIMEOUT, which leases allow.
WHOLE_S = 9.0
LONGEST_BODY, LONGEST_ANSWER = 256_000, 4_000
LATER = frozenset({408, 425, 429})
# Ways through which a public-looking IPv6 address reaches a private IPv4 one: NAT64, 6to4, Teredo.
TUNNELS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


@dataclass(frozen=True)
class Answer:
    """What the receiver said: status, and the beginning of its body."""

    status: int
    text: str


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """POST once; the answer when it is a 2xx. Raises TemporaryFailure or PermanentFailure in the receiver's words."""
    if len(body) > LONGEST_BODY:
        raise PermanentFailure(f"the message is longer than {LONGEST_BODY} bytes")
    parts = checked(url)
    return _exchange("POST", parts, _public_address(parts), body, headers)


def get_own(url: str) -> Answer:
    """GET an address that the operator configured, so it may be http and lie inside; bounded as `post` is.

    The answer when it is a 2xx; redirects are not followed. Raises TemporaryFailure or PermanentFailure.
    """
    parts = checked(url, is_own=True)
    return _exchange("GET", parts, _resolved(parts)[0], None, {})


def _exchange(
    method: str, parts: SplitResult, address: tuple, body: bytes | None, headers: dict[str, str]
) -> Answer:
    connection = _Pinned(parts, address)
    watchdog = threading.Timer(WHOLE_S, connection.cut)
    watchdog.daemon = True
    watchdog.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body, {"User-Agent": "IEM-Portal", **headers})
        answer = connection.getresponse()
        text = answer.read(LONGEST_ANSWER).decode("utf-8", "replace")
        return _judged(answer.status, text, seconds(answer.headers))
    except ssl.SSLCertVerificationError as error:
        raise PermanentFailure(f"{parts.hostname}: {error.verify_message}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise TemporaryFailure(f"{parts.hostname}: {type(error).__name__} {error}") from error
    finally:
        watchdog.cancel()
        connection.close()


def checked(url: str, *, is_own: bool = False) -> SplitResult:
    """The parts of an address that may be asked; raises PermanentFailure with a sentence for the form.

    `is_own`: the operator set it, and may have chosen http.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
        host.encode("idna")
    except (ValueError, UnicodeError):
        raise PermanentFailure(_("This is not a web address.")) from None
    if not host or parts.username is not None or not url.isascii() or not url.isprintable() or " " in url:
        raise PermanentFailure(_("This is not a web address."))
    if parts.scheme != "https" and not (parts.scheme == "http" and (is_own or is_allowed(parts))):
        raise PermanentFailure(_("The address must begin with https://."))
    return parts


def is_allowed(parts: SplitResult) -> bool:
    """Whether the operator has named this host (or host:port) as one inside that may be told."""
    host = (parts.hostname or "").lower()
    return bool({host, f"{host}:{parts.port}"} & set(settings.WEBHOOK_ALLOWED_HOSTS))


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public internet: not private, loopback, link-local, metadata, multicast."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in tunnel for tunnel in TUNNELS) or ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _public_address(parts: SplitResult) -> tuple:
    """Where to connect; one private address among several is refused like a private one alone."""
    found = _resolved(parts)
    if not is_allowed(parts) and not all(is_public(row[4][0]) for row in found):
        raise PermanentFailure(f"{parts.hostname} leads into a private network that is not allowed")
    return found[0]


def _resolved(parts: SplitResult) -> list[tuple]:
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        return socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise TemporaryFailure(f"{parts.hostname}: {error}") from error


def _judged(status: int, text: str, pause_s: float) -> Answer:
    words = f"HTTP {status} {' '.join(text.split())[:200]}".strip()
    if 200 <= status < 300:
        return Answer(status, text)
    if status in LATER or status >= 500:
        raise TemporaryFailure(words, retry_after_s=pause_s)
    if 300 <= status < 400:
        words += " (redirects are not followed)"
    raise Refused(words, status)


class Refused(PermanentFailure):
    """The receiver said no, for good: `status` is a 3xx or 4xx."""

    def __init__(self, words: str, status: int):
        super().__init__(words)
        self.status = status


def seconds(headers: Mapping[str, str]) -> float:
    """The pause a receiver asks for: seconds, or a date by its own clock (RFC 9110, 10.2.3); 0 for nonsense."""
    asked = headers.get("Retry-After", "")
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    try:
        pause = parsedate_to_datetime(asked) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError, IndexError):
        return 0.0
    return max(pause.total_seconds(), 0.0)


@cache
def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name that was asked for (Host, SNI, certificate)."""

    def __init__(self, parts: SplitResult, found: tuple):
        port = parts.port or (443 if parts.scheme == "https" else 80)
        super().__init__(parts.hostname, port, timeout=ANSWER_S)
        self.default_port = 443 if parts.scheme == "https" else 80
        self._parts, self._found = parts, found
        # Ours to the end: `sock` is taken away when the receiver says that it will close after its answer.
        self._wire: socket.socket | None = None
        self._is_cut = False

    def connect(self) -> None:
        """Connect to the checked address, never to the name."""
        family, kind, protocol, _name, address = self._found
        self.sock = socket.socket(family, kind, protocol)
        self.sock.settimeout(CONNECT_S)
        self.sock.connect(address)
        self.sock.settimeout(ANSWER_S)
        if self._parts.scheme == "https":
            self.sock = _tls().wrap_socket(self.sock, server_hostname=self._parts.hostname)
        self._wire = self.sock
        if self._is_cut:
            raise TimeoutError("took too long")

    def cut(self) -> None:
        """End it, whatever it is doing; the thread that waits gets an OSError or an empty answer.

        A handshake under way has taken the socket for itself: then `connect` ends it right after.
        """
        self._is_cut = True
        wire = self._wire or self.sock
        if wire is not None:
            try:
                socket.socket.shutdown(wire, socket.SHUT_RDWR)
            except OSError:
                pass
