from django.apps import AppConfig


class FootprintsConfig(AppConfig):
    name = "tanbiao.platform.footprints"
