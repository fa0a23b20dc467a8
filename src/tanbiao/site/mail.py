"""The address of the mail server, as TANBIAO_SMTP gives it."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from tanbiao.words import TanbiaoError, Text

SCHEMES = ("smtp", "smtps", "smtp+plain")


class MailServerUnclear(TanbiaoError):
    """TANBIAO_SMTP is no address; the message does not repeat it, since it may hold a password."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                f"TANBIAO_SMTP 应为 {SCHEMES[0]}://用户:密码@主机:端口（或 {'、'.join(SCHEMES[1:])}）；"
                "用户和密码中的特殊字符请用百分号编码。",
                f"TANBIAO_SMTP is to be {SCHEMES[0]}://user:password@host:port (or {', '.join(SCHEMES[1:])}); "
                "percent-encode special characters of user and password.",
            )
        )


def mail_server(address: str) -> SplitResult:
    """The parts of an address; no host name where none is given. Raises MailServerUnclear."""
    try:
        parts = urlsplit(address)
        clear = not address or (parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0)
    except ValueError:  # a port or a host that is none: often a / or # in the password
        clear = False
    if not clear:
        raise MailServerUnclear from None
    return parts
