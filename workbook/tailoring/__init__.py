"""Fits the workbook to one engagement: sections switched by hand, and the rows that its type of event usually needs."""
