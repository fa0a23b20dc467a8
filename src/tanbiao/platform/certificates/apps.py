from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "tanbiao.platform.certificates"

    def ready(self) -> None:
        from tanbiao.platform.certificates.actions import issue_when_granted
        from tanbiao.platform.kernel.actions import on

        on("certification.grant")(issue_when_granted)
