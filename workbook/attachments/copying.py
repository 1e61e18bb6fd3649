"""Gives a copied row files of its own: other entries for the same bytes, so that neither row can lose the other's."""

from __future__ import annotations

from datetime import datetime

from workbook.models import Attachment, Row

_SAME = ("engagement_id", "section", "field", "name", "size", "media_type", "sha256", "stored_as")


def to_row(source: Row, copy: Row, values: dict, *, by, now: datetime) -> dict:
    """The values of the copy, in which files of the source are named by the copy's own entries.

    Bytes are never deleted (histories speak of them), so entries may share them. Two queries at most.
    """
    files = Attachment.objects.filter(row=source, removed_at=None)
    words = {"row": copy, "uploaded_at": now, "uploaded_by_id": by.pk, "uploaded_by_name": by.name}
    old = list(files)
    made = Attachment.objects.bulk_create(
        Attachment(**{key: getattr(file, key) for key in _SAME}, **words) for file in old
    )
    own = {before.key: after.key for before, after in zip(old, made, strict=True)}
    return {field: _renamed(value, own) for field, value in values.items()}


def _renamed(value, own: dict[str, str]):
    return [own.get(item, item) for item in value] if own and isinstance(value, list) else value
