"""Where the pages of the war room live, under /e/<reference>/."""

from django.urls import path

from warroom import arrange_views, step_views, views
from warroom.charts import views as charts
from warroom.gamedays import views as gamedays
from warroom.noise import views as noise
from warroom.people import views as people
from warroom.picker import views as picker
from warroom.rehearsal import views as rehearsal
from warroom.replay import views as replay
from warroom.runbook.views import drawing, files, gates, plan, sheet, turn
from warroom.wall import views as walls
from warroom.words import announcement_views, entry_views, stakeholder_views
from warroom.words import views as updates

app_name = "warroom"
urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/more/", views.board_rest, name="board-rest"),
    path("board/metrics/", views.board_metrics, name="board-metrics"),
    path("board/updates/", updates.update, name="update"),
    path("board/updates/draft/", updates.draft, name="draft"),
    path("board/room/", views.war_room, name="room"),
    path("noise/", noise.noise, name="noise"),
    path("signals/<str:kind>/<int:number>/", noise.signal, name="signal"),
    path("people/", people.people, name="people"),
    path("people/roll-calls/", people.open_roll, name="roll-open"),
    path("people/roll-calls/rule/", people.roll_rule, name="roll-rule"),
    path("people/roll-calls/<int:number>/", people.roll, name="roll"),
    path("people/hand-overs/", people.hand_over, name="hand-over"),
    path("people/hand-overs/<int:number>/", people.take_over, name="take-over"),
    path("stakeholders/", stakeholder_views.links, name="stakeholders"),
    path("timeline/<int:entry>/", entry_views.entry, name="entry"),
    path("announcements/", announcement_views.page, name="announcements"),
    path("stakeholders/<int:link>/revoke/", stakeholder_views.revoke, name="stakeholder-revoke"),
    path("board/arrange/", arrange_views.arrange, name="arrange"),
    path("replay/", replay.page, name="replay"),
    path("replay/state/", replay.state, name="replay-state"),
    path("gamedays/", gamedays.gamedays, name="gamedays"),
    path("gamedays/begin/", gamedays.begin, name="gameday-begin"),
    path("gamedays/<int:day>/moments/<int:moment>/", gamedays.seen, name="gameday-seen"),
    path("gamedays/<int:day>/end/", gamedays.end, name="gameday-end"),
    path("board/pick/", picker.pick, name="pick"),
    path("board/walls/", walls.walls, name="walls"),
    path("board/walls/<int:link>/revoke/", walls.revoke, name="wall-revoke"),
    path("board/metrics/<int:row>/", charts.metric, name="metric"),
    path("board/metrics/<int:row>/points/", charts.points, name="metric-points"),
    path("board/metrics/<int:row>/points.csv", charts.points_csv, name="metric-csv"),
    path("board/metrics/<int:row>/line/", charts.metric_line, name="metric-line"),
    path("runbook/", views.runbook_page, name="runbook"),
    path("runbook/create/", views.runbook_create, name="runbook-create"),
    path("runbook/new/", plan.new, name="run-new"),
    path("runbook/<int:number>/", plan.run, name="run"),
    path("runbook/<int:number>/header/", plan.header, name="run-header"),
    path("runbook/<int:number>/life/", plan.life, name="run-life"),
    path("runbook/<int:number>/stream/", plan.stream, name="run-stream"),
    path("runbook/<int:number>/sheet/", sheet.sheet, name="sheet"),
    path("runbook/<int:number>/sheet/rows/", sheet.rows, name="sheet-rows"),
    path("runbook/<int:number>/sheet/<str:code>/", sheet.cell, name="sheet-cell"),
    path("runbook/<int:number>/chart/", drawing.chart, name="chart"),
    path("runbook/<int:number>/nodes/", drawing.nodes, name="nodes"),
    path("runbook/<int:number>/log/", drawing.log, name="run-log"),
    path("runbook/<int:number>/rehearsal/", rehearsal.page, name="rehearsal"),
    path("runbook/<int:number>/rehearsal.csv", rehearsal.file, name="rehearsal-csv"),
    path("runbook/<int:number>/turn/", turn.turn, name="turn"),
    path("runbook/<int:number>/export/<str:kind>/", files.export, name="run-export"),
    path("runbook/<int:number>/import/", files.bring_in, name="run-import"),
    path("runbook/<int:number>/gates/<str:code>/", gates.gate, name="gate"),
    path("runbook/<int:number>/gates/<str:code>/inputs/", gates.gate_inputs, name="gate-inputs"),
    path(
        "runbook/<int:number>/steps/<str:code>/files/<int:nth>/",
        step_views.evidence_file,
        name="evidence-file",
    ),
    path("runbook/<int:number>/steps/<str:code>/<str:action>/", step_views.step, name="step"),
]
