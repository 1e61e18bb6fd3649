"""The API of review."""

routes = []
