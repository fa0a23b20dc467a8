from django.urls import path, re_path
from django.urls.converters import UUIDConverter

from tanbiao.platform.footprints import pages

app_name = "footprints"
urlpatterns = [
    path("studies/", pages.studies, name="studies"),
    path("studies/new/", pages.new_study, name="new"),
    path("studies/<uuid:pk>/", pages.study, name="study"),
    path("studies/<uuid:pk>/freeze/", pages.freeze, name="freeze"),
    re_path(
        rf"^studies/(?P<pk>{UUIDConverter.regex})/report\.(?P<form>pdf|csv|frozen|xlsx)$", pages.report, name="report"
    ),
    path("rules/<slug:rule_id>/workbook.xlsx", pages.template, name="template"),
]
