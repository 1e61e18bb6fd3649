"""Addresses of this part, below /e/<reference>/workbook/."""

from django.urls import path

from workbook.tailoring import views

urlpatterns = [
    path("tailor/", views.page, name="tailor"),
    path("tailor/line/", views.line, name="tailor-line"),
    path("tailor/rows/", views.add_rows, name="add-preset-rows"),
    path("tailor/<str:section>/switch/", views.switch, name="switch-section"),
]
