"""Everything that is kept of a workbook; one file per subject."""

from workbook.models.cells import Cell, CellChange, Row, SectionStart

__all__ = ["Cell", "CellChange", "Row", "SectionStart"]
