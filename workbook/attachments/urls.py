"""Addresses of this part, below /e/<reference>/workbook/."""

from django.urls import path

from workbook.attachments import views

urlpatterns = [
    path("files/<int:file>/", views.download, name="file"),
    path("<str:section>/files/", views.attach, name="attach"),
    path("<str:section>/files/<int:file>/remove/", views.remove, name="remove-file"),
]
