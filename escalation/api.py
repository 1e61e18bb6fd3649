"""The API of escalation."""

routes = []
