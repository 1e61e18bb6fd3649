"""The API of workbook."""

routes = []
