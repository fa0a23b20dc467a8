"""The frame of every action: one transaction, one locked row, one policy, one event.

    @action("certification.accept", policy=may_accept, transition=ACCEPT)
    def accept_application(actor, application, *, note=""): ...

The decorator locks the thing (and before it the one it belongs to, where `locks` says so), asks policy and state
table, lets the body do what is special about the verb, saves, records the event and tells the listeners, all in one
transaction: either all of it happened or nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.db import models, transaction
from django.forms.models import model_to_dict

from tanbiao.platform.kernel import clock
from tanbiao.platform.kernel.bilingual import bilingual as _
from tanbiao.platform.kernel.flow import Transition
from tanbiao.platform.kernel.models import Event, Thing
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


def action(
    verb: str,
    *,
    policy: Callable[..., Any],
    transition: Transition | None = None,
    locks: str = "",
    personal: tuple[str, ...] = (),
) -> Callable[..., Any]:
    """Make a function the one door of its verb. Its first arguments are the actor and the thing acted on.

    locks     foreign key to the thing whose state the policy asks too; it is locked first, so that it stays meanwhile
    personal  arguments that stay out of the event log

    The body may return another thing (one it has made); then the event is about that one and the first is not saved.
    """

    def refusal(actor: Any, thing: Any) -> str:
        """Why this actor may not do this now, or "" where they may."""
        answer = policy(actor, thing)
        if isinstance(answer, Denied):
            return answer.reason
        if transition and thing.state not in transition.source:
            return _("当前状态“%(state)s”不能执行此操作，请刷新页面查看最新状态。") % {"state": state_of(thing)}
        return ""

    def decorate(body: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(body)
        def perform(actor: Any, thing: Any, /, **data: Any) -> Any:
            with transaction.atomic():
                stored = isinstance(thing, models.Model)
                if stored:
                    thing = _locked(thing, locks)
                if reason := refusal(actor, thing):
                    raise Refused(reason)
                before = snapshot(thing) if stored else None
                made = body(actor, thing, **data)
                result = thing if made is None else made
                if transition:
                    thing.state = transition.target
                if stored and result is thing:
                    thing.save()
                told = {name: value for name, value in data.items() if name not in personal}
                event = record_event(actor, verb, result, before=before if result is thing else None, details=told)
                for listener in _listeners.get(verb, ()):
                    listener(event, result, actor)
            return result

        perform.refusal = refusal  # type: ignore[attr-defined]
        perform.policy = policy  # type: ignore[attr-defined]
        perform.transition = transition  # type: ignore[attr-defined]
        if verb in ACTIONS:
            raise ValueError(f"two actions for one verb: {verb}")
        ACTIONS[verb] = perform
        return perform

    return decorate


def required(field: str, text: str) -> str:
    """A text that must say something. Raises Invalid naming the field."""
    if not text.strip():
        raise Invalid(field, _("请填写此项。"))
    return text.strip()


def state_of(thing: Any) -> Any:
    """The state of a thing in words that are not yet in a language, for messages."""
    return dict(thing._meta.get_field("state").flatchoices).get(thing.state, thing.state)


def _locked(thing: models.Model, first: str) -> models.Model:
    """The thing as it is now, with its row locked; before it the thing that its foreign key `first` leads to."""
    owner = _locked(getattr(thing, first), "") if first else None
    fresh = type(thing)._base_manager.select_for_update().get(pk=thing.pk)
    if first:
        setattr(fresh, first, owner)
    return fresh


def record_event(
    actor: Any,
    verb: str,
    thing: Thing,
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
        details=plain(details or {}),
    )


def snapshot(thing: Thing) -> dict[str, Any]:
    """The editable columns of a row as plain JSON, but for those the model keeps out of the log."""
    return plain(model_to_dict(thing, exclude=thing.NOT_LOGGED))


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
