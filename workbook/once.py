"""Does a request that carries a key once, however often it is sent: a second one gets the answer of the first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from engagements.models import Engagement
from workbook.models import Receipt

#: For so long a request may be sent again; a page that is open longer asks for a preview first.
KEPT = timedelta(days=1)


class AnotherRequest(ValueError):
    """This key was used for something else."""


def key_of(text: object) -> UUID | None:
    """The key of a request, or None when it has none that can be used."""
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def do(
    act: Callable[[], Any],
    *,
    engagement: Engagement,
    key: UUID | None,
    reader: str,
    asked: bytes,
    now: datetime,
) -> Any:
    """The result of ``act``, plain JSON: of this call, or of the earlier one with the same key.

    ``asked`` is what the request asks for, to know it again. Without a key it is simply done. Both are in one
    transaction, so a request that failed may be sent again. Raises AnotherRequest.
    """
    if key is None:
        return act()
    digest = hashlib.sha256(asked).hexdigest()
    own = Receipt.objects.filter(engagement=engagement, key=key, reader=reader)
    with transaction.atomic():
        receipt = _begun(engagement, key, reader, digest, now)
        if receipt is None:
            done = own.get()
            if done.digest != digest:
                raise AnotherRequest(str(key))
            return done.result
        Receipt.objects.filter(at__lt=now - KEPT).delete()
        result = act()
        own.update(result=result)
    return result


def _begun(engagement: Engagement, key: UUID, reader: str, digest: str, now: datetime) -> Receipt | None:
    """A receipt of this request, or None when there is one: the database lets only one of two be first."""
    try:
        with transaction.atomic():
            return Receipt.objects.create(
                engagement=engagement, key=key, reader=reader, digest=digest, at=now
            )
    except IntegrityError:
        return None
