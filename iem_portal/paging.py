"""How long an answer of the API may get."""

from rest_framework.pagination import LimitOffsetPagination


class Pages(LimitOffsetPagination):
    """A hundred at a time, or as many as ``limit`` says, up to five hundred."""

    max_limit = 500
