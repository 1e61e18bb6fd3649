"""Addresses of this part, below /e/<reference>/workbook/."""

from django.urls import path

from workbook.exchange import views

urlpatterns: list = [
    path("export/", views.export, name="export"),
    path("export/<str:section>/<str:table>.csv", views.export_table, name="export-table"),
    path("import/", views.importing, name="import"),
    path("import/<int:pk>/", views.review, name="import-review"),
    path("import/<int:pk>/map/", views.assign, name="import-map"),
    path("import/<int:pk>/apply/", views.apply, name="import-apply"),
    path("import/<int:pk>/end/", views.end, name="import-end"),
]
