from django.apps import AppConfig


class CertificationConfig(AppConfig):
    name = "tanbiao.platform.certification"
