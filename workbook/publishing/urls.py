"""Addresses of this part, below /e/<reference>/workbook/."""

from django.urls import path

from workbook.publishing.views import newer

urlpatterns = [
    path("newer/", newer.newer, name="newer"),
    path("newer/line/", newer.line, name="newer-line"),
    path("newer/take/", newer.take, name="take-newer"),
]
