"""Addresses of this part; they stand in the `escalation:` namespace."""

from django.urls import path

from escalation.attainment import views

urlpatterns = [
    path("escalations/attainment/", views.attainment, name="attainment"),
    path("escalations/attainment/<slug:what>.csv", views.attainment_csv, name="attainment-csv"),
    path("e/<str:reference>/escalations/<int:number>/cause/", views.cause, name="cause"),
]
