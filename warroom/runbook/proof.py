"""Files that prove a step: taken by the portal's rules for attachments, stored before the transaction begins."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.files import File
from django.utils.translation import gettext as _

from warroom.models import Step
from warroom.runbook._base import StepError
from workbook.attachments import files, kinds
from workbook.types import InvalidValue

#: So many files may prove one step.
MOST_FILES = 20


@contextmanager
def kept(step: Step, upload: File | None, by, now: datetime) -> Iterator[list[dict]]:
    """Store an uploaded file (none: nothing) for as long as the body succeeds; gives the files of the step with it.

    Raises StepError beside the field `file`, in the writer's words.
    """
    if upload is None:
        yield list(step.evidence_files)
        return
    name = kinds.safe_name(upload.name or "")
    try:
        kind = files.accepted(name, upload)
    except InvalidValue as error:
        raise StepError(str(error), "file") from None
    if len(step.evidence_files) >= MOST_FILES:
        raise StepError(_("At most %(count)s files in one place.") % {"count": MOST_FILES}, "file")
    found = {"name": name, "size": upload.size, "kind": kind, "sha256": files.digest(upload)}
    upload.seek(0)
    place = f"{step.runbook.engagement.reference}/steps/{uuid.uuid4().hex}"
    found["stored_as"] = files.store().save(place, upload)
    found |= {"at": now.isoformat(), "by": by.name}
    try:
        yield [*step.evidence_files, found]
    except Exception:
        files.store().delete(found["stored_as"])
        raise


def named(evidence: str, upload: File | None) -> str:
    """The evidence in one line, for the log: what was written, and the name of the file."""
    name = kinds.safe_name(upload.name or "") if upload else ""
    return " · ".join(filter(None, [evidence[:300], name]))
