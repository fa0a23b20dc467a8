from django.urls import path, re_path

from tanbiao.platform.certificates import pages

app_name = "certificates"
NUMBER = r"(?P<number>TB-\d{4}-\d{6}-\d{2})"
urlpatterns = [
    re_path(rf"^c/{NUMBER}/certificate\.json$", pages.document, name="document"),
    re_path(rf"^c/{NUMBER}/certificate\.pdf$", pages.paper, name="paper"),
    re_path(rf"^c/{NUMBER}/label\.(?P<form>svg|pdf)$", pages.label, name="label"),
    path("trust.json", pages.trust, name="trust"),
]
