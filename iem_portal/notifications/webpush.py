"""How is a note for a browser sealed, so that the push service in between cannot read it?

Message encryption of RFC 8291 (aes128gcm, RFC 8188, one record) and the sender's identity of RFC 8292 (VAPID), on
the `cryptography` library. The sender's key is made from SECRET_KEY: nothing more to keep, and the same on every node.
"""

from __future__ import annotations

import base64
import json
import os
from functools import cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.crypto import salted_hmac

CURVE = ec.SECP256R1()
# Order of the curve (SEC 2, section 2.4.2).
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
RECORD_BYTES = 4096


def seal(
    note: bytes, *, p256dh: str, auth: str, salt: bytes = b"", own: ec.EllipticCurvePrivateKey | None = None
):
    """The body of the request; `p256dh` and `auth` are the browser's, base64url. ValueError for keys that are none.

    `salt` and `own` are new for each note; only the test with the numbers of RFC 8291, appendix A, gives them.
    """
    salt, own = salt or os.urandom(16), own or ec.generate_private_key(CURVE)
    theirs = decoded(p256dh)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    mine = public_bytes(own)
    secret = _hkdf(decoded(auth), shared, b"WebPush: info\0" + theirs + mine, 32)
    key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, note + b"\x02", None)
    return salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(mine)]) + mine + sealed


def identity(endpoint: str, *, until: int) -> str:
    """The Authorization header that says who sends: a token for the push service, valid until (epoch seconds)."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": until, "sub": settings.BASE_URL}
    head = encoded(json.dumps({"typ": "JWT", "alg": "ES256"}).encode())
    signed = f"{head}.{encoded(json.dumps(claims).encode())}"
    r, s = decode_dss_signature(own_key().sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={public_key()}"


def public_key() -> str:
    """The sender's public key as browsers take it (applicationServerKey), base64url."""
    return encoded(public_bytes(own_key()))


def own_key() -> ec.EllipticCurvePrivateKey:
    """The sender's key; another SECRET_KEY makes another one, and browsers subscribe anew."""
    return _key(settings.SECRET_KEY)


@cache
def _key(secret: str) -> ec.EllipticCurvePrivateKey:
    wide = salted_hmac("notifications.webpush", "vapid", secret=secret, algorithm="sha512").digest()
    return ec.derive_private_key(int.from_bytes(wide, "big") % (ORDER - 1) + 1, CURVE)


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The point of a key, uncompressed (65 bytes)."""
    form = serialization.PublicFormat.UncompressedPoint
    return key.public_key().public_bytes(serialization.Encoding.X962, form)


def encoded(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of base64url with or without padding."""
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
