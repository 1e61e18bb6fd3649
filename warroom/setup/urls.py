"""Where the pages of an event's AWS accounts live, under /e/<reference>/aws/."""

from django.urls import path

from warroom.setup import views

app_name = "aws"
urlpatterns = [
    path("aws/", views.accounts_page, name="accounts"),
    path("aws/ledger/", views.ledger_page, name="ledger"),
    path("aws/budget/", views.budget_save, name="budget"),
    path("aws/events/", views.events_page, name="events"),
    path("aws/<str:account_id>/", views.account_page, name="account"),
    path("aws/<str:account_id>/save/", views.account_save, name="account-save"),
    path("aws/<str:account_id>/external-id/", views.external_id, name="account-external-id"),
    path("aws/<str:account_id>/probe/", views.probe, name="account-probe"),
]
