"""Where administrators make templates of the workbook: below /templates/, of no engagement."""

from django.urls import path

from workbook.publishing.views import fields, sections, templates

app_name = "templates"
_DRAFT = "<slug:key>/draft/"
_SECTION = f"{_DRAFT}<str:section>/"
_TABLE = f"{_SECTION}<str:table>/"
urlpatterns = [
    path("", templates.listing, name="list"),
    path("copy/", templates.copy, name="copy"),
    path("<slug:key>/", templates.one, name="one"),
    path("<slug:key>/name/", templates.rename, name="rename"),
    path("<slug:key>/next/", templates.draft, name="draft"),
    path("<slug:key>/discard/", templates.discard, name="discard"),
    path("<slug:key>/publish/", templates.publish, name="publish"),
    path("<slug:key>/retire/", templates.retire, name="retire"),
    path("<slug:key>/upload/", templates.upload, name="upload"),
    path("<slug:key>/versions/<int:number>/", templates.read, name="read"),
    path("<slug:key>/versions/<int:number>/file/", templates.download, name="download"),
    path(f"{_DRAFT}order/", sections.arrange, name="arrange"),
    path(f"{_DRAFT}add/", sections.add_section, name="add-section"),
    path(_SECTION, sections.section, name="section"),
    path(f"{_SECTION}add/", sections.add_table, name="add-table"),
    path(_TABLE, sections.table, name="table"),
    path(f"{_TABLE}order/", sections.arrange_fields, name="arrange-fields"),
    path(f"{_TABLE}remove/", sections.remove_table, name="remove-table"),
    path(f"{_TABLE}starters/add/", sections.starter, name="add-starter"),
    path(f"{_TABLE}starters/<int:place>/", sections.starter, name="starter"),
    path(f"{_TABLE}starters/<int:place>/remove/", sections.remove_starter, name="remove-starter"),
    path(f"{_TABLE}fields/add/", fields.field, name="add-field"),
    path(f"{_TABLE}fields/<str:field>/", fields.field, name="field"),
    path(f"{_TABLE}fields/<str:field>/remove/", fields.remove, name="remove-field"),
]
