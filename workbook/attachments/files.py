"""Keeps a file beside a cell or a row, takes it away again, and hands it out."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import F
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from engagements.models import Engagement
from workbook import announcing, rows
from workbook.attachments import kinds
from workbook.catalogue import Field, Section, Table
from workbook.cells import MAX_TRIES, Conflict, save_cell
from workbook.models import Attachment, Cell, CellChange, Row
from workbook.types import InvalidValue

MAX_BYTES = 20_000_000
MAX_FILES = 20
HEAD = 1024
#: Types of fields whose value names the files themselves.
NAMING = ("file", "file_or_link")


class FileMissing(LookupError):
    """The engagement has no such file."""


def store() -> Storage:
    """Where the bytes are: the data directory, or a bucket of S3."""
    return storages["attachments"]


def attach(
    *,
    engagement: Engagement,
    section: Section,
    table: Table,
    row: int | str,
    field: str,
    upload: File,
    by,
    now: datetime,
) -> Attachment:
    """Keep a file beside a cell, or beside a row for an empty ``field``; a file field's value names it from now on.

    The bytes are stored before the transaction begins, for S3 is a network away. Raises InvalidValue in the
    writer's words, RowMissing for a row that is not there.
    """
    name = kinds.safe_name(upload.name or "")
    kind = accepted(name, upload)
    with transaction.atomic():
        target = rows.resolve(engagement=engagement, section=section, table=table, row=row, by=by, now=now)
    if Attachment.objects.filter(row=target, field=field, removed_at=None).count() >= MAX_FILES:
        raise InvalidValue(_("At most %(count)s files in one place.") % {"count": MAX_FILES})
    stored_as = store().save(f"{engagement.reference}/{uuid.uuid4().hex}", upload)
    try:
        with transaction.atomic():
            kept = Attachment.objects.create(
                engagement=engagement,
                section=section.key,
                row=target,
                field=field,
                name=name,
                size=upload.size,
                media_type=kind,
                sha256=digest(upload),
                stored_as=stored_as,
                uploaded_at=now,
                uploaded_by_id=by.pk,
                uploaded_by_name=by.name,
            )
            _name_in_cell(section, table, target, field, lambda named: [*named, kept.key], by, now)
            _keep(target, field, CellChange.How.FILE_ADDED, by, now, after=name)
    except Exception:
        store().delete(stored_as)
        raise
    return kept


def remove(*, engagement: Engagement, section: Section, file: int, by, now: datetime) -> Attachment:
    """Take a file out of its place; its bytes stay, for histories speak of it. Raises FileMissing."""
    found = find(engagement, file)
    table = section.table(found.row.table)
    if found.section != section.key or table is None:
        raise FileMissing(file)
    with transaction.atomic():
        changed = Attachment.objects.filter(pk=found.pk, removed_at=None).update(
            removed_at=now, removed_by_name=by.name
        )
        if not changed:
            raise FileMissing(file)
        _name_in_cell(section, table, found.row, found.field, lambda named: _without(named, found), by, now)
        _keep(found.row, found.field, CellChange.How.FILE_REMOVED, by, now, before=found.name)
    return found


def find(engagement: Engagement, file: int) -> Attachment:
    """A file of this engagement that was not removed. Raises FileMissing."""
    found = Attachment.objects.select_related("row", "engagement").filter(
        pk=file, engagement=engagement, removed_at=None
    )
    try:
        return found.get()
    except Attachment.DoesNotExist:
        raise FileMissing(file) from None


def of_place(engagement: Engagement, row: int, field: str) -> list[Attachment]:
    """The files beside a cell or a row, oldest first. One query."""
    return list(Attachment.objects.filter(engagement=engagement, row=row, field=field, removed_at=None))


def accepted(name: str, upload: File) -> str:
    """The media type of a file that is taken. Raises InvalidValue."""
    if not upload.size:
        raise InvalidValue(_("This file is empty."))
    if upload.size > MAX_BYTES:
        raise InvalidValue(_("A file may have %(size)s at most.") % {"size": filesizeformat(MAX_BYTES)})
    upload.seek(0)
    kind = kinds.media_type(name, upload.read(HEAD))
    upload.seek(0)
    if kind is None:
        raise InvalidValue(
            _(
                "This kind of file is not taken, or its content is not what its ending says. Taken are: %(endings)s."
            )
            % {"endings": ", ".join(kinds.KINDS)}
        )
    return kind


def digest(upload: File) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    upload.seek(0)
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    return found.hexdigest()


def _without(named: list[str], file: Attachment) -> list[str]:
    return [item for item in named if item != file.key]


def _name_in_cell(
    section: Section,
    table: Table,
    row: Row,
    field: str,
    change: Callable[[list[str]], list[str]],
    by,
    now: datetime,
) -> None:
    """A file field's value names its files and links; another field's value is its own.

    Whoever names another file at the same moment is not overwritten: the value is looked at again.
    """
    spec: Field | None = table.by_key.get(field)
    if spec is None or spec.type not in NAMING:
        return
    for _attempt in range(MAX_TRIES):
        cell = Cell.objects.filter(row=row, field=field).values_list("value", "version").first()
        value, version = cell or (None, 0)
        outcome = save_cell(
            engagement=row.engagement,
            section=section.key,
            row=row.key or row.pk,
            field=field,
            value=change(value if isinstance(value, list) else [value] if value else []),
            base_version=version,
            by=by,
            now=now,
        )
        if not isinstance(outcome, Conflict):
            return


def _keep(row: Row, field: str, how: str, by, now: datetime, *, before: str = "", after: str = "") -> None:
    """A line of the row's history; files have no version of their own, the row's goes on."""
    Row.objects.filter(pk=row.pk).update(version=F("version") + 1)
    row.refresh_from_db(fields=["version"])
    line = rows.change(
        row, by, now, how=how, version=row.version, value_from=before or None, value_to=after or None
    )
    line.save(force_insert=True)
    announcing.changed(row.engagement, row.section, now=now)
