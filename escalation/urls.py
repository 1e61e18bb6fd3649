"""Where the pages of escalation live."""

from django.urls import path

from escalation.attainment.urls import urlpatterns as of_attainment
from escalation.cases.urls import urlpatterns as of_cases
from escalation.ladder.urls import urlpatterns as of_ladder
from escalation.views import acts, family, pages
from escalation.watching.urls import urlpatterns as of_watching

app_name = "escalation"
_ONE = "e/<str:reference>/escalations/<int:number>/"
urlpatterns = [
    path("escalations/", pages.mine, name="mine"),
    path("e/<str:reference>/escalations/", pages.listing, name="list"),
    path("e/<str:reference>/escalations/new/", pages.open_new, name="open"),
    path(_ONE, pages.detail, name="detail"),
    path(f"{_ONE}state/", pages.state, name="state"),
    path(f"{_ONE}case/", acts.case, name="case"),
    path(f"{_ONE}new-case/", acts.new_case, name="new-case"),
    path(f"{_ONE}answer/", acts.answer, name="answer"),
    path(f"{_ONE}hand-over/", acts.hand_over, name="hand-over"),
    path(f"{_ONE}lane/", acts.lane, name="lane"),
    path(f"{_ONE}wait/", acts.wait, name="wait"),
    path(f"{_ONE}go-on/", acts.go_on, name="go-on"),
    path(f"{_ONE}facts/", acts.facts, name="facts"),
    path(f"{_ONE}severity/", acts.severity, name="severity"),
    path(f"{_ONE}restored/", acts.restored, name="restored"),
    path(f"{_ONE}resolve/", acts.resolve, name="resolve"),
    path(f"{_ONE}say/", acts.say, name="say"),
    path(f"{_ONE}acknowledge/", family.acknowledge, name="acknowledge"),
    path(f"{_ONE}take/", family.take, name="take"),
    path(f"{_ONE}snooze/", family.snooze, name="snooze"),
    path(f"{_ONE}ask/", family.ask, name="ask"),
    path(f"{_ONE}reopen/", family.reopen, name="reopen"),
    path(f"{_ONE}follow/", family.follow, name="follow"),
    path(f"{_ONE}split/", family.split, name="split"),
    path(f"{_ONE}start-lane/", family.start_lane, name="start-lane"),
    path(f"{_ONE}link/", family.link, name="link"),
    path(f"{_ONE}unlink/", family.unlink, name="unlink"),
    path(f"{_ONE}merge/", family.merge, name="merge"),
    path(f"{_ONE}management/", family.management, name="management"),
    path(f"{_ONE}management-back/", family.management_back, name="management-back"),
    *of_attainment,
    *of_cases,
    *of_ladder,
    *of_watching,
]
