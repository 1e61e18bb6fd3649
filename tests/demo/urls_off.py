"""The portal's addresses outside a demo."""

from iem_portal import urls

handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
urlpatterns = [one for one in urls.urlpatterns if str(one.pattern) != "demo/"]
