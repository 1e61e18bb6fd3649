"""Which files may go along with a message to AWS Support? Those that the event's attachments hold, within AWS's limits.

Source of the limits: AWS Support API, AddAttachmentsToSet (three files a set, 5 MB each; a set lives for an hour).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.access import Permission, check
from escalation.models import CaseFile, Escalation
from iem_portal.aws import errors
from iem_portal.aws.errors import AwsError
from iem_portal.aws.support_writes import MOST_ATTACHED, NewAttachment
from iem_portal.registry import casework

MOST_BYTES = 5_000_000
#: So many files may be put to the cases of one escalation.
MOST_KEPT = 60
HEAD = 1024
#: What an engineer can open: texts, pictures, documents, archives. Others stay where they are.
ENDINGS = frozenset(
    {"txt", "log", "csv", "json", "yaml", "yml", "md", "eml", "pdf", "png", "jpg", "jpeg", "gif", "webp"}
    | {"xlsx", "docx", "pptx", "zip"}
)


def offered(escalation: Escalation) -> list:
    """The files that AWS would take: those put to its cases, then those of the event, newest first. Two queries.

    Each has `key`, `name` and `size` in bytes.
    """
    parts = [part for part in casework.all() if hasattr(part, "files")]
    found = [one for part in parts for one in part.files(escalation.engagement_id)]
    return [one for one in [*CaseFile.objects.filter(escalation=escalation), *found] if _fits(one)]


def keep(
    *, escalation: Escalation, uploads: Iterable[File], by, now: datetime
) -> tuple[list[CaseFile], list[str]]:
    """Keep files that somebody puts to the cases: those taken, and in words what is wrong with the others.

    What was taken is offered from then on, so that it need not be chosen again after a refusal. The bytes are
    stored before the row, for a store may be a network away. Raises PermissionDenied.
    """
    check(by, escalation.engagement, Permission.ESCALATE)
    kept, problems = [], []
    room = MOST_KEPT - CaseFile.objects.filter(escalation=escalation).count()
    for upload in uploads:
        name, kind = _looked_at(upload)
        problem = _problem(name, kind, upload.size or 0, room)
        if problem:
            problems.append(f"{name}: {problem}")
        else:
            kept.append(_stored(escalation, name, upload, by, now))
            room -= 1
    return kept, problems


def _looked_at(upload: File) -> tuple[str, str | None]:
    """Its name without what could steer a path, and its kind by ending and beginning; None for one not taken."""
    head = upload.read(HEAD)
    upload.seek(0)
    parts = [part for part in casework.all() if hasattr(part, "looked_at")]
    return parts[0].looked_at(upload.name or "", head) if parts else (upload.name or "", None)


def _problem(name: str, kind: str | None, size: int, room: int) -> str:
    if not size:
        return _("This file is empty.")
    if size > MOST_BYTES:
        return _("AWS takes files of 5 MB at most.")
    if kind is None or not _has_ending(name):
        return _("AWS Support is not sent this kind of file. Put it into a zip file.")
    return "" if room > 0 else _("There are too many files here already.")


def _stored(escalation: Escalation, name: str, upload: File, by, now: datetime) -> CaseFile:
    store = storages["attachments"]
    stored_as = store.save(f"{escalation.engagement.reference}/cases/{uuid.uuid4().hex}", upload)
    words = {"uploaded_at": now, "by_id": by.pk, "by_name": by.name}
    try:
        with transaction.atomic():
            return CaseFile.objects.create(
                escalation=escalation, name=name, size=upload.size, stored_as=stored_as, **words
            )
    except Exception:
        store.delete(stored_as)
        raise


def chosen(escalation: Escalation, keys: Iterable[str]) -> list[dict]:
    """These files as a write keeps them. Raises ValidationError (field `files`) for too many, or one not offered."""
    wanted = list(dict.fromkeys(map(str, keys)))
    if not wanted:
        return []
    if len(wanted) > MOST_ATTACHED:
        raise ValidationError({"files": _("AWS takes three files with a message. Choose fewer.")})
    known = {one.key: one for one in offered(escalation)}
    if not known.keys() >= set(wanted):
        raise ValidationError({"files": _("One of these files is gone, or AWS does not take it.")})
    found = [known[key] for key in wanted]
    return [{"name": one.name, "size": one.size, "stored_as": one.stored_as} for one in found]


def read(kept: Iterable[dict]) -> list[NewAttachment]:
    """Their bytes; no database here. Raises AwsError where the store does not have one any more."""
    store = storages["attachments"]
    found = []
    for one in kept:
        try:
            with store.open(one["stored_as"]) as stored:
                found.append(NewAttachment(one["name"], stored.read(MOST_BYTES + 1)))
        except OSError as error:
            raise AwsError(errors.INVALID, "FileMissing", f"{one['name']}: {type(error).__name__}") from error
    return found


def named(kept: Iterable[dict]) -> str:
    """Their names in one line, for a log."""
    return ", ".join(one["name"] for one in kept)


def _fits(one) -> bool:
    return 0 < one.size <= MOST_BYTES and _has_ending(one.name)


def _has_ending(name: str) -> bool:
    return name.rpartition(".")[2].lower() in ENDINGS
