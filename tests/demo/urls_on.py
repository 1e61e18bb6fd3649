"""The portal's addresses while it runs as a demo."""

from django.urls import include, path

from iem_portal import urls

handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
urlpatterns = [one for one in urls.urlpatterns if str(one.pattern) != "demo/"]
urlpatterns.append(path("demo/", include("iem_portal.demo.urls")))
