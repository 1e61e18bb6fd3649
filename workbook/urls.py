"""Where the pages of the workbook live, below /e/<reference>/workbook/."""

from django.urls import path

from workbook.attachments import urls as attachments
from workbook.exchange import urls as exchange
from workbook.guests import urls as guests
from workbook.prefill import urls as prefill
from workbook.publishing import urls as publishing
from workbook.scorecard import urls as scorecard
from workbook.suggestions import urls as suggestions
from workbook.tailoring import urls as tailoring
from workbook.talk import urls as talk
from workbook.together import urls as together
from workbook.views import cells, history, pages, paste, rows

app_name = "workbook"
urlpatterns = [
    path("", pages.index, name="index"),
    path("progress/", pages.tile, name="progress"),
    path("progress/nav/", pages.nav, name="nav"),
    # Parts about the whole workbook begin with a word that is no section's key.
    *attachments.urlpatterns,
    *exchange.urlpatterns,
    *guests.urlpatterns,
    *prefill.urlpatterns,
    *publishing.urlpatterns,
    *scorecard.urlpatterns,
    *suggestions.urlpatterns,
    *tailoring.urlpatterns,
    *talk.urlpatterns,
    *together.urlpatterns,
    path("<str:section>/", pages.section, name="section"),
    path("<str:section>/cells/", cells.save, name="save-cell"),
    path("<str:section>/changes/", cells.changes, name="changes"),
    path("<str:section>/history/", history.of, name="history"),
    path("<str:section>/history/<int:change>/restore/", history.restore, name="restore-cell"),
    path("<str:section>/rows/<str:row>/", rows.page, name="row"),
    path("<str:section>/rows/<str:row>/save/", rows.save, name="save-row"),
    path("<str:section>/rows/<int:row>/<str:verb>/", rows.change, name="change-row"),
    path("<str:section>/tables/<str:table>/add/", rows.add, name="add-row"),
    path("<str:section>/tables/<str:table>/rows/", pages.more, name="more-rows"),
    path("<str:section>/tables/<str:table>/preview/", paste.preview, name="preview-cells"),
    path("<str:section>/tables/<str:table>/cells/", paste.save, name="save-cells"),
]
