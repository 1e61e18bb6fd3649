"""Where the pages of workbook live."""

app_name = "workbook"
urlpatterns = []
