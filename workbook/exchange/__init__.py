"""The workbook as an Excel file or CSV, out and back in."""
