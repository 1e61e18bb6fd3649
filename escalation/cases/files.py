"""Which files may go along with a message to AWS Support? Those that the event's attachments hold, within AWS's limits.

Source of the limits: AWS Support API, AddAttachmentsToSet (three files a set, 5 MB each; a set lives for an hour).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.utils.translation import gettext as _

from engagements.models import Engagement
from iem_portal.aws import errors
from iem_portal.aws.errors import AwsError
from iem_portal.aws.support_writes import MOST_ATTACHED, NewAttachment
from iem_portal.registry import casework

MOST_BYTES = 5_000_000
#: What an engineer can open: texts, pictures, documents, archives. Others stay where they are.
ENDINGS = frozenset(
    {"txt", "log", "csv", "json", "yaml", "yml", "md", "eml", "pdf", "png", "jpg", "jpeg", "gif", "webp"}
    | {"xlsx", "docx", "pptx", "zip"}
)


def offered(engagement: Engagement) -> list:
    """The files of the event that AWS would take, newest first: `key`, `name` and `size` in bytes. One query."""
    found = [one for part in casework.all() if hasattr(part, "files") for one in part.files(engagement.pk)]
    return [one for one in found if _fits(one)]


def chosen(engagement: Engagement, keys: Iterable[str]) -> list[dict]:
    """These files as a write keeps them. Raises ValidationError (field `files`) for too many, or one not offered."""
    wanted = list(dict.fromkeys(map(str, keys)))
    if not wanted:
        return []
    if len(wanted) > MOST_ATTACHED:
        raise ValidationError({"files": _("AWS takes three files with a message. Choose fewer.")})
    known = {one.key: one for one in offered(engagement)}
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
    return 0 < one.size <= MOST_BYTES and one.name.rpartition(".")[2].lower() in ENDINGS
