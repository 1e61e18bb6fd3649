"""Addresses of this part, below /e/<reference>/workbook/."""

from django.urls import path

from workbook.talk import desk_views, item_views, views

urlpatterns: list = [
    path("open-items/", item_views.listing, name="open-items"),
    path("<str:section>/cell/", views.cell, name="cell"),
    path("<str:section>/comments/", views.say, name="say"),
    path("<str:section>/comments/<int:comment>/<str:verb>/", views.change, name="comment"),
    path("<str:section>/talks/<int:thread>/<str:verb>/", views.thread, name="talk"),
    path("<str:section>/notes/", views.note, name="note"),
    path("<str:section>/notes/<int:note>/delete/", views.delete_note, name="delete-note"),
    path("<str:section>/ask/", item_views.ask, name="ask"),
    path("<str:section>/open-items/<int:item>/<str:verb>/", item_views.close, name="close-item"),
    path("<str:section>/state/", desk_views.state, name="state"),
    path("<str:section>/state/submit/", desk_views.submit, name="submit"),
    path("<str:section>/state/review/", desk_views.review, name="review"),
    path("<str:section>/assign/", desk_views.assign, name="assign"),
    path("<str:section>/assignments/<int:assignment>/remove/", desk_views.unassign, name="unassign"),
]
