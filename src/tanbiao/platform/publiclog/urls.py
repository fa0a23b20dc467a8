from django.urls import path

from tanbiao.platform.publiclog import pages

app_name = "publiclog"
urlpatterns = [
    path("log/checkpoint", pages.checkpoint, name="checkpoint"),
    path("log/entries/<int:index>", pages.log_entry, name="entry"),
]
