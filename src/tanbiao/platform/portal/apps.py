from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tanbiao.platform.portal"
