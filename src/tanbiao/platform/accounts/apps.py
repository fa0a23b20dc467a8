from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tanbiao.platform.accounts"
