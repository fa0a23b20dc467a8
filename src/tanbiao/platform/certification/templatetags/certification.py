"""What pages below may show of an application, without an import upward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from tanbiao.platform.certification.queries import application_of_study

if TYPE_CHECKING:
    from tanbiao.platform.certification.models import Application
    from tanbiao.platform.footprints.models import Study

register = template.Library()


@register.simple_tag
def running_application(study: Study) -> Application | None:
    """The application that stands in the way of another with this study, if there is one."""
    return application_of_study(study)
