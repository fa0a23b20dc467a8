"""All addresses of the platform."""

from django.urls import include, path, re_path

from tanbiao.platform.accounts.pages import password_reset, password_reset_done
from tanbiao.platform.portal.pages import not_found
from tanbiao.site.api import api

urlpatterns = [
    path("", include("tanbiao.platform.portal.urls")),
    path("", include("tanbiao.platform.certificates.urls")),
    path("", include("tanbiao.platform.certification.urls")),
    path("", include("tanbiao.platform.footprints.urls")),
    path("", include("tanbiao.platform.library.urls")),
    path("", include("tanbiao.platform.publiclog.urls")),
    path("api/v1/", api.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    re_path(
        r"^accounts/(?:signup|email|confirm-email|login/code)(?:/|$)", not_found
    ),  # accounts: the operator's matter
    path("accounts/password/reset/", password_reset),
    path("accounts/password/reset/done/", password_reset_done),
    path("accounts/", include("allauth.urls")),
]

handler403 = "tanbiao.platform.portal.pages.forbidden"
handler404 = "tanbiao.platform.portal.pages.not_found"
handler500 = "tanbiao.platform.portal.pages.server_error"
