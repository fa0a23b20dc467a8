from django.urls import path, re_path
from django.urls.converters import UUIDConverter

from tanbiao.platform.library.pages import datasets, finding, importing, submissions, versions

app_name = "library"
urlpatterns = [
    path("library/", finding.factors, name="factors"),
    path("library/factors.csv", finding.export, name="export"),
    path("library/compare/", finding.compare, name="compare"),
    path("library/f/<uuid:pk>/", datasets.dataset, name="dataset"),
    path("library/f/<uuid:pk>/dataset.json", datasets.as_json, name="json"),
    path("library/f/<uuid:pk>/retire/", datasets.retire, name="retire"),
    path("library/sources/", importing.sources, name="sources"),
    path("library/import/", importing.bring, name="import"),
    path("library/versions/<uuid:pk>/", versions.version, name="version"),
    path("library/versions/<uuid:pk>/report.csv", versions.report, name="report"),
    re_path(
        rf"^library/versions/(?P<pk>{UUIDConverter.regex})/data\.(?P<form>openlca|ilcd|tidas|csv)$",
        versions.data,
        name="data",
    ),
    path("library/versions/<uuid:pk>/flags/", versions.decide, name="flags"),
    path("library/versions/<uuid:pk>/<slug:verb>/", versions.act, name="version_act"),
    path("library/submissions/", submissions.submissions, name="submissions"),
    path("library/submissions/new/", submissions.submit, name="submit"),
    path("library/submissions/<uuid:pk>/", submissions.submission, name="submission"),
    path("library/submissions/<uuid:pk>/documents/<str:sha256>/", submissions.document, name="document"),
    path("library/submissions/<uuid:pk>/flags/", submissions.decide, name="submission_flags"),
    path("library/submissions/<uuid:pk>/<slug:verb>/", submissions.act, name="submission_act"),
]
