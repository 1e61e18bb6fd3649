"""Where the pages of review live."""

app_name = "review"
urlpatterns = []
