"""Roles and events, seen to where services are handed to a door: inside they call each other."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from aiops_desktop.domain.operators import Role
from aiops_desktop.domain.roles import VERBS, in_words, leaves_event, needed, refusal
from aiops_desktop.domain.trouble import Refused

if TYPE_CHECKING:
    from aiops_desktop.domain.operators import Operator
    from aiops_desktop.services.history import History
    from aiops_desktop.services.house import House


def permitted(house: House, acting: Callable[[], Operator | None]) -> House:
    """The same house whose verbs look at the role of the one who acts before they begin.

    And whatever such a verb does, even when it is refused, the history tells of it.

    `acting` is asked at every call, so that a demoted operator is stopped at once; None is nobody
    yet: who comes first may do all. What a verb does by calling other services needs no further
    role, and neither does work that goes on by itself.
    """
    services = {
        field.name: _Permit(getattr(house, field.name), field.name, acting, house.history)
        for field in dataclasses.fields(house)
        if field.name in VERBS and getattr(house, field.name) is not None
    }
    return dataclasses.replace(house, **services)  # type: ignore[arg-type]  # stand in for them


class _Permit:
    """Stands before a service, or before a part of one, and looks at who calls."""

    def __init__(
        self,
        service: object,
        noun: str,
        acting: Callable[[], Operator | None],
        history: History,
    ) -> None:
        vars(self).update(_service=service, _noun=noun, _acting=acting, _history=history)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the service has
        found = getattr(self._service, name)
        verb = f"{self._noun}.{name}"
        if verb in VERBS:
            return _Permit(found, verb, self._acting, self._history)
        if not inspect.ismethod(found) or needed(verb) is Role.VIEWER:
            return found
        return self._looked_at(verb, found)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._service, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._service, name)

    def _recorded(self, verb: str) -> AbstractContextManager[None]:
        if not leaves_event(verb):
            return nullcontext()
        history: History = self._history
        return history.at_door(in_words(verb), self._noun.partition(".")[0])

    def _looked_at(self, verb: str, does: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(does)
        def call(*args: object, **named: object) -> object:
            with self._recorded(verb):
                why_not = refusal(verb, self._acting())
                if why_not:
                    raise Refused(why_not, "An admin can change that on the Operators page.")
                return does(*args, **named)

        return call
