"""Where the pages of engagements live."""

app_name = "engagements"
urlpatterns = []
