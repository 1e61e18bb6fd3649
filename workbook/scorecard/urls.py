"""Addresses of the readiness pages; see workbook/urls.py."""

from django.urls import path

from workbook.scorecard.views import exempting, freezes, pages, reminders

urlpatterns = [
    path("readiness/", pages.page, name="readiness"),
    path("readiness/panel/", pages.panel, name="scorecard"),
    path("readiness/colours/", pages.colours, name="colours"),
    path("readiness/missing/", pages.missing_page, name="missing"),
    path("readiness/lines/<str:line>/", pages.override, name="override"),
    path("readiness/lines/<str:line>/withdraw/", pages.withdraw, name="withdraw-override"),
    path("readiness/sign/", pages.sign, name="sign"),
    path("readiness/sign/withdraw/", pages.unsign, name="unsign"),
    path("readiness/reminders/", reminders.page, name="reminders"),
    path("readiness/reminders/quiet/", reminders.quiet, name="quiet"),
    path("readiness/exempt/<int:mark>/", exempting.decide, name="decide-exemption"),
    path("freezes/", freezes.page, name="freezes"),
    path("freezes/<int:number>/", freezes.one, name="freeze"),
    path("<str:section>/not-applicable/", exempting.ask, name="exempt"),
]
