"""The API of engagements."""

routes = []
