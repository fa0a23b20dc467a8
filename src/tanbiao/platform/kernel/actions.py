"""The frame of every action: one transaction, one locked row, one policy, one event.

    @action("certification.accept", policy=may_accept, transition=ACCEPT)
    def accept_application(actor, application, *, note=""): ...

The decorator locks the thing, asks policy and state table, lets the body do what is special about the verb,
saves, records the event and tells the listeners, all in one transaction: either all of it happened or nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.db import models, transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from tanbiao.platform.kernel import clock
from tanbiao.platform.kernel.flow import Transition
from tanbiao.platform.kernel.models import Event
from tanbiao.platform.kernel.policies import Denied


class Refused(Exception):
    """The policy or the state of the thing does not allow this act; the message says why."""


class Invalid(Exception):
    """What was given does not do; names the field, so that a form can show it there."""

    def __init__(self, field: str, message: str):
        self.field = field
        super().__init__(message)


ACTIONS: dict[str, Callable[..., Any]] = {}
_listeners: dict[str, list[Callable[[Event, Any], None]]] = {}


def on(verb: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a listener `(event, thing, actor)`; it runs in the transaction of the act, so both happen or neither.

    This is how news travels upward without an import downward.
    """

    def register(listener: Callable[..., None]) -> Callable[..., None]:
        _listeners.setdefault(verb, []).append(listener)
        return listener

    return register


def action(verb: str, *, policy: Callable[..., Any], transition: Transition | None = None) -> Callable[..., Any]:
    """Make a function the one door of its verb. Its first arguments are the actor and the thing acted on.

    The body may return another thing (one it has made); then the event is about that one and the first is not saved.
    """

    def refusal(actor: Any, thing: Any) -> str:
        """Why this actor may not do this now, or "" where they may."""
        answer = policy(actor, thing)
        if isinstance(answer, Denied):
            return answer.reason
        if transition and thing.state not in transition.source:
            state = thing.get_state_display()
            return _("当前状态“%(state)s”不能执行此操作，请刷新页面查看最新状态。") % {"state": state}
        return ""

    def decorate(body: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(body)
        def perform(actor: Any, thing: Any, /, **data: Any) -> Any:
            with transaction.atomic():
                stored = isinstance(thing, models.Model)
                if stored:
                    thing = type(thing)._base_manager.select_for_update().get(pk=thing.pk)
                if reason := refusal(actor, thing):
                    raise Refused(reason)
                before = snapshot(thing) if stored else None
                made = body(actor, thing, **data)
                result = thing if made is None else made
                if transition:
                    thing.state = transition.target
                if stored and result is thing:
                    thing.save()
                event = record_event(actor, verb, result, before=before if result is thing else None, details=data)
                for listener in _listeners.get(verb, ()):
                    listener(event, result, actor)
            return result

        perform.refusal = refusal  # type: ignore[attr-defined]
        perform.policy = policy  # type: ignore[attr-defined]
        perform.transition = transition  # type: ignore[attr-defined]
        ACTIONS[verb] = perform
        return perform

    return decorate


def record_event(
    actor: Any,
    verb: str,
    thing: models.Model,
    *,
    before: dict[str, Any] | None = None,
    details: dict[str, Any] | None = None,
) -> Event:
    """Write one line of the event log; call it inside the transaction of the act it records."""
    return Event.objects.create(
        at=clock.now(),
        actor_id=actor.user_id,
        organisation_id=actor.organisation_id,
        verb=verb,
        thing_type=thing._meta.label_lower,
        thing_id=thing.pk,
        before=before,
        after=snapshot(thing),
        details={name: plain(value) for name, value in (details or {}).items() if name not in left_out(thing)},
    )


#: What is too large for the event log: documents (their hashes stand beside them). A model says what is PERSONAL.
LEFT_OUT = (
    "system",
    "result",
    "findings",
    "quality",
    "frozen",
    "document",
    "signed",
    "log",
    "text",
    "warnings",
)


def snapshot(thing: models.Model) -> dict[str, Any]:
    """The editable columns of a row as plain JSON, without large documents."""
    return {name: plain(value) for name, value in model_to_dict(thing).items() if name not in left_out(thing)}


def left_out(thing: models.Model) -> set[str]:
    return {*LEFT_OUT, *getattr(thing, "PERSONAL", ())}


def plain(value: Any) -> Any:
    """A value as it goes into JSON: numbers and texts as they are, bytes by length, rows by id."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bytes | memoryview):
        return f"<{len(value)} bytes>"
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(v) for v in value]
    return str(value)
