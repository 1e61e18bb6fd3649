"""The API of warroom."""

routes = []
