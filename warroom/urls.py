"""Where the pages of the war room live, under /e/<reference>/."""

from django.urls import path

from warroom import step_views, views

app_name = "warroom"
urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/more/", views.board_rest, name="board-rest"),
    path("board/updates/", views.update, name="update"),
    path("board/room/", views.war_room, name="room"),
    path("board/metrics/<int:row>/", views.metric, name="metric"),
    path("runbook/", views.runbook_page, name="runbook"),
    path("runbook/create/", views.runbook_create, name="runbook-create"),
    path("runbook/<str:code>/<str:action>/", step_views.step, name="step"),
]
