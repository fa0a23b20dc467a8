from django.urls import path, re_path
from django.urls.converters import UUIDConverter

from tanbiao.platform.certification import pages

app_name = "certification"
urlpatterns = [
    path("studies/<uuid:study_pk>/apply/", pages.apply, name="apply"),
    path("applications/", pages.applications, name="applications"),
    path("applications/<uuid:pk>/", pages.application, name="application"),
    path("applications/<uuid:pk>/checklist/", pages.check, name="check"),
    path("applications/<uuid:pk>/study/", pages.study, name="study"),
    re_path(
        rf"^applications/(?P<pk>{UUIDConverter.regex})/evidence\.(?P<form>pdf|csv|frozen|xlsx)$",
        pages.evidence,
        name="evidence",
    ),
    path("applications/<uuid:pk>/<slug:verb>/", pages.act, name="act"),
    path("applications/<uuid:pk>/findings/<uuid:finding_pk>/<slug:verb>/", pages.act_on_finding, name="finding"),
]
