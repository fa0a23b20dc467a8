from django.urls import path, re_path
from django.urls.converters import UUIDConverter

from tanbiao.platform.footprints.pages import factors, studies

app_name = "footprints"
urlpatterns = [
    path("studies/", studies.studies, name="studies"),
    path("studies/new/", studies.new_study, name="new"),
    path("studies/<uuid:pk>/", studies.study, name="study"),
    path("studies/<uuid:pk>/freeze/", studies.freeze, name="freeze"),
    path("studies/<uuid:pk>/choose/", factors.choose, name="choose"),
    path("studies/<uuid:pk>/background/", factors.background, name="background"),
    path("studies/<uuid:pk>/beside/<uuid:other>/", factors.beside, name="beside"),
    re_path(
        rf"^studies/(?P<pk>{UUIDConverter.regex})/report\.(?P<form>pdf|csv|frozen|xlsx)$",
        studies.report,
        name="report",
    ),
    path("rules/<slug:rule_id>/workbook.xlsx", studies.template, name="template"),
]
