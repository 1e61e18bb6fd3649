"""Where the pages of the demo live; wired in only while settings.DEMO is on."""

from django.urls import path

from iem_portal.demo import views

app_name = "demo"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("mail/", views.mail_list, name="mail"),
    path("mail/<str:name>/", views.mail_read, name="mail-read"),
]
