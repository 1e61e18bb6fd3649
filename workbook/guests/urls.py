"""Addresses of this part, below /e/<reference>/workbook/."""

from django.urls import path

from workbook.guests import views

urlpatterns = [
    path("<str:section>/guests/", views.page, name="guests"),
    path("<str:section>/guests/<int:link>/revoke/", views.revoke, name="revoke-guest"),
]
