"""Everything that is kept of a workbook; one file per subject."""

from workbook.models.attachments import Attachment
from workbook.models.cells import Cell, CellChange, Row, SectionStart
from workbook.models.guests import GuestLink, GuestVisit
from workbook.models.imports import Import
from workbook.models.presence import Presence
from workbook.models.quota_requests import QuotaIncrease, WriteConsent
from workbook.models.readiness import (
    Digest,
    Freeze,
    NotApplicable,
    Override,
    Quiet,
    Reading,
    Signature,
)
from workbook.models.receipts import Receipt
from workbook.models.suggestions import AwsReading, AwsReadingPart, Suggestion
from workbook.models.tailoring import PresetUse, SectionSwitch
from workbook.models.talk import (
    Assignment,
    Comment,
    Note,
    OpenItem,
    SectionMove,
    SectionState,
    Thread,
    Wording,
)
from workbook.models.templates import Template, TemplateVersion

__all__ = [
    "Assignment",
    "Attachment",
    "AwsReading",
    "AwsReadingPart",
    "Cell",
    "CellChange",
    "Comment",
    "Digest",
    "Freeze",
    "GuestLink",
    "GuestVisit",
    "Import",
    "NotApplicable",
    "Note",
    "OpenItem",
    "Override",
    "Presence",
    "PresetUse",
    "Quiet",
    "QuotaIncrease",
    "Reading",
    "Receipt",
    "Row",
    "SectionMove",
    "SectionStart",
    "SectionState",
    "SectionSwitch",
    "Signature",
    "Suggestion",
    "Template",
    "TemplateVersion",
    "Thread",
    "Wording",
    "WriteConsent",
]
