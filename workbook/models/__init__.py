"""Everything that is kept of a workbook; one file per subject."""

from workbook.models.cells import Cell, CellChange, Row, SectionStart
from workbook.models.readiness import (
    Digest,
    Freeze,
    NotApplicable,
    Override,
    Quiet,
    Reading,
    Signature,
)
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
    "Cell",
    "CellChange",
    "Comment",
    "Digest",
    "Freeze",
    "NotApplicable",
    "Note",
    "OpenItem",
    "Override",
    "Quiet",
    "Reading",
    "Row",
    "SectionMove",
    "SectionStart",
    "SectionState",
    "Signature",
    "Template",
    "TemplateVersion",
    "Thread",
    "Wording",
]
