from django.urls import path

from tanbiao.platform.portal import pages

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("certificates/", pages.certificates, name="certificates"),
    path("c/<str:number>/", pages.certificate, name="certificate"),
]
