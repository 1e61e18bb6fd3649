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

__all__ = [
    "Cell",
    "CellChange",
    "Digest",
    "Freeze",
    "NotApplicable",
    "Override",
    "Quiet",
    "Reading",
    "Row",
    "SectionStart",
    "Signature",
]
