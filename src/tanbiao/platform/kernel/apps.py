from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "tanbiao.platform.kernel"
