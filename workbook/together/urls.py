"""Addresses of this part, below /e/<reference>/workbook/."""

from django.urls import path

from workbook.together import views

urlpatterns = [path("<str:section>/here/", views.here, name="here")]
