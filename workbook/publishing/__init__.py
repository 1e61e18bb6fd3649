"""Templates of the workbook that administrators publish, and what a newer one would change."""
