"""Addresses of this part, below /e/<reference>/workbook/."""

from django.urls import path

from workbook.publishing import views

urlpatterns = [
    path("newer/", views.newer, name="newer"),
    path("newer/line/", views.line, name="newer-line"),
    path("newer/take/", views.take, name="take-newer"),
]
