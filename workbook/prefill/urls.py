"""Addresses of this part, below /e/<reference>/workbook/."""

from django.urls import path

from workbook.prefill import views

urlpatterns = [
    path("aws-consent/", views.agree, name="aws-consent"),
    path("<str:section>/from-aws/", views.page, name="from-aws"),
    path("<str:section>/from-aws/bar/", views.bar, name="from-aws-bar"),
    path("<str:section>/from-aws/state/", views.state, name="from-aws-state"),
    path("<str:section>/increases/", views.increases, name="increases"),
    path("<str:section>/increases/<int:row>/", views.increase, name="increase"),
]
