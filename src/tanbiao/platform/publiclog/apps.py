from django.apps import AppConfig


class PubliclogConfig(AppConfig):
    name = "tanbiao.platform.publiclog"
