from django.templatetags.static import static
from django.urls import path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from tanbiao.platform.portal import pages

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("portal/mark.svg"))),
    path("certificates/", pages.certificates, name="certificates"),
    path("c/<str:number>/", pages.certificate, name="certificate"),
]
