"""Where the pages of escalation live."""

from django.urls import path

from escalation.attainment.urls import urlpatterns as of_attainment
from escalation.cases.urls import urlpatterns as of_cases
from escalation.ladder.urls import urlpatterns as of_ladder
from escalation.views import acts, pages
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
    *of_attainment,
    *of_cases,
    *of_ladder,
    *of_watching,
]
