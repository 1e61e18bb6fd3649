"""Where the pages of accounts live; the sign-in pages stand in front of allauth's at the same addresses."""

from django.urls import path

from iem_portal.accounts import act_views, contact_views, sign_in, token_views, views

app_name = "accounts"
urlpatterns = [
    path("accounts/login/", sign_in.sign_in, name="sign-in"),
    path("accounts/login/code/", sign_in.ask_for_code, name="ask-for-code"),
    path("accounts/login/code/confirm/", sign_in.enter_code, name="enter-code"),
    path("profile/", views.profile, name="profile"),
    path("profile/token/", token_views.token, name="token"),
    path("profile/contacts/", contact_views.contacts_page, name="contacts"),
    path("profile/contacts/browser/", contact_views.browser, name="contact-browser"),
    path("profile/contacts/<int:pk>/", contact_views.contact, name="contact"),
    path("profile/notes/", contact_views.notes, name="notes"),
    path("act/<str:token>/", act_views.act, name="act"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
]
