from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "tanbiao.platform.rulebook"
