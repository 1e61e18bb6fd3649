"""The pages on which administrators make templates of the workbook."""
