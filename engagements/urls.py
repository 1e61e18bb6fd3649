"""Where the pages of engagements live."""

from django.urls import path

from engagements.views import criteria, dates, gates, hooks, opening, overview, people, portfolio, timeline

app_name = "engagements"
urlpatterns = [
    path("", portfolio.portfolio_page, name="portfolio"),
    path("engagements/new/", opening.open_page, name="open"),
    path("engagements/new/rows/<str:kind>/", opening.row, name="row"),
    path("engagements/new/dates/", opening.dates, name="dates"),
    path("join/<str:token>/", people.join, name="join"),
    path("e/<str:reference>/", overview.overview_page, name="overview"),
    path("e/<str:reference>/figures/", overview.figures_panel, name="figures"),
    path("e/<str:reference>/edit/", overview.edit_page, name="edit"),
    path("e/<str:reference>/accounts/add/", overview.add_account, name="account-add"),
    path("e/<str:reference>/standing/", overview.standing, name="standing"),
    path("e/<str:reference>/window/", dates.window_page, name="window"),
    path("e/<str:reference>/milestones/", dates.milestones_page, name="milestones"),
    path("e/<str:reference>/milestones/<str:code>/", dates.milestone, name="milestone"),
    path("e/<str:reference>/phase/", gates.phase_page, name="phase"),
    path("e/<str:reference>/gate/", gates.gate_panel, name="gate"),
    path("e/<str:reference>/timeline/", timeline.timeline_page, name="timeline"),
    path("e/<str:reference>/team/", people.team_page, name="team"),
    path("e/<str:reference>/team/add/", people.add, name="member-add"),
    path("e/<str:reference>/team/<int:pk>/", people.change, name="member"),
    path("e/<str:reference>/team/<int:pk>/remove/", people.remove, name="member-remove"),
    path("e/<str:reference>/hooks/", hooks.hooks_page, name="hooks"),
    path("e/<str:reference>/hooks/<int:pk>/", hooks.hook, name="hook"),
    path("e/<str:reference>/criteria/", criteria.criteria_page, name="criteria"),
    path("e/<str:reference>/criteria/add/", criteria.add, name="criterion-add"),
    path("e/<str:reference>/criteria/<int:pk>/field/", criteria.save_field, name="criterion-field"),
    path("e/<str:reference>/criteria/<int:pk>/agree/", criteria.agree, name="criterion-agree"),
    path("e/<str:reference>/criteria/<int:pk>/remove/", criteria.remove, name="criterion-remove"),
    path("e/<str:reference>/criteria/<int:pk>/actual/", criteria.actual, name="criterion-actual"),
]
