"""Roles: every verb of every service, tried by an admin, an operator and a viewer."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from aiops_desktop.app import build
from aiops_desktop.domain.events import EventFilter, Outcome
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.operators import Operator, Role
from aiops_desktop.domain.roles import QUIET, VERBS, in_words, leaves_event, needed
from aiops_desktop.domain.trouble import Failed, Refused, Trouble
from aiops_desktop.services.house import House
from aiops_desktop.services.permits import permitted
from aiops_desktop.storage.database import now


def _verbs(service: object, noun: str) -> Iterator[str]:
    for name in dir(service):
        if name.startswith("_"):
            continue
        found = inspect.getattr_static(service, name)
        if inspect.isfunction(found):
            yield f"{noun}.{name}"
        elif f"{noun}.{name}" in VERBS:
            yield from _verbs(getattr(service, name), f"{noun}.{name}")


def _inside(permit: object) -> object:
    return vars(permit)["_service"]


@pytest.fixture
def bare(layout: Layout) -> House:
    """The house without anybody at its doors."""
    house = build(layout)
    services = {
        field.name: _inside(getattr(house, field.name))
        for field in dataclasses.fields(house)
        if field.name != "layout"
    }
    return dataclasses.replace(house, **services)  # type: ignore[arg-type]  # the services


def test_every_verb_of_every_service_names_the_role_it_needs(bare: House) -> None:
    there = {
        verb
        for field in dataclasses.fields(bare)
        if field.name != "layout"
        for verb in _verbs(getattr(bare, field.name), field.name)
    }
    listed = [
        f"{noun}.{verb}"
        for noun, roles in VERBS.items()
        for verbs in roles.values()
        for verb in verbs.split()
    ]
    assert sorted(there - set(listed)) == [], "name their role in domain/roles.py"
    assert sorted(set(listed) - there) == [], "these are no verbs any more"
    assert len(listed) == len(set(listed)), "one verb, one role"


def _listed() -> list[str]:
    return [
        f"{noun}.{verb}"
        for noun, roles in VERBS.items()
        for verbs in roles.values()
        for verb in verbs.split()
    ]


def _called(house: House, verb: str, does: Callable[[], object]) -> Trouble | None:
    """Call a verb through the door with another body; what it ended with."""
    service: object = house
    *parts, name = verb.split(".")
    for part in parts:
        service = getattr(service, part)
    inside = _inside(service)

    def body(_self: object) -> object:
        return does()

    setattr(inside, name, body.__get__(inside))
    try:
        getattr(service, name)()
    except Trouble as trouble:
        return trouble
    finally:
        delattr(inside, name)
    return None


def _as(bare: House, role: Role) -> House:
    return permitted(bare, lambda: Operator(1, "Ann", "", role, now()))


@pytest.mark.parametrize("role", list(Role))
def test_a_verb_begins_only_for_the_role_it_needs(bare: House, role: Role) -> None:
    """Every verb × this role. The verbs are replaced by ones that only say that they began."""
    house, wrong = _as(bare, role), []
    for verb in _listed():
        began: list[str] = []
        trouble = _called(house, verb, partial(began.append, verb))
        if bool(began) != role.covers(needed(verb)):
            wrong.append(verb)
        if trouble is not None:
            assert isinstance(trouble, Refused)
            assert "Ann" in trouble.what
            assert role in trouble.what
    assert wrong == []


CHANGING = sorted(verb for verb in _listed() if leaves_event(verb))


def _silent(_bare: House) -> None:
    """Says nothing to the history itself."""


def _nested(bare: House) -> None:
    with bare.history.doing("outer", "x"), bare.history.doing("inner", "y"):
        pass


def _refused(_bare: House) -> None:
    raise Refused("There is no such thing.")


def _failed_inside(bare: House) -> None:
    with bare.history.doing("outer", "x"):
        raise Failed("The server said no.")


@pytest.mark.parametrize(
    ("does", "outcome"),
    [
        (_silent, Outcome.DONE),
        (_nested, Outcome.DONE),
        (_refused, Outcome.REFUSED),
        (_failed_inside, Outcome.FAILED),
    ],
)
def test_every_verb_that_changes_something_leaves_exactly_one_event(
    bare: House, does: Callable[[House], None], outcome: Outcome
) -> None:
    house = _as(bare, Role.ADMIN)
    count = len(bare.history.all(EventFilter(limit=None)))
    for verb in CHANGING:
        _called(house, verb, partial(does, bare))
        events = bare.history.all(EventFilter(limit=None))
        assert len(events) == count + 1, verb
        assert events[0].outcome is outcome, verb
        count += 1


def test_what_a_role_may_not_do_is_told_by_the_history(bare: House) -> None:
    house = _as(bare, Role.VIEWER)
    count = len(bare.history.all(EventFilter(limit=None)))
    for verb in CHANGING:
        _called(house, verb, partial(_silent, bare))
        events = bare.history.all(EventFilter(limit=None))
        assert len(events) == count + 1, verb
        assert (events[0].outcome, events[0].verb) == (Outcome.REFUSED, in_words(verb))
        assert "needs the role" in events[0].note
        count += 1


def test_quiet_verbs_are_verbs_that_need_a_role() -> None:
    assert set(_listed()) >= QUIET
    assert all(needed(verb) is not Role.VIEWER for verb in QUIET)


def test_a_verb_nobody_listed_needs_an_admin() -> None:
    assert needed("keys.of_tomorrow") is Role.ADMIN


def test_a_role_may_do_what_those_below_it_may() -> None:
    assert [[role.covers(other) for other in Role] for role in Role] == [
        [True, True, True],
        [False, True, True],
        [False, False, True],
    ]
