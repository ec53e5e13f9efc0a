"""Roles: every verb of every service, tried by an admin, an operator and a viewer."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator

import pytest

from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.operators import Operator, Role
from aiops_desktop.domain.roles import VERBS, needed
from aiops_desktop.domain.trouble import Refused
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


@pytest.mark.parametrize("role", list(Role))
def test_a_verb_begins_only_for_the_role_it_needs(bare: House, role: Role) -> None:
    """Every verb × this role. The verbs are replaced by ones that only say that they began."""
    began: list[str] = []
    desk = Operator(1, "Ann", "", role, now())
    house = permitted(bare, lambda: desk)
    wrong = []
    for noun, roles in VERBS.items():
        service: object = house
        for part in noun.split("."):
            service = getattr(service, part)
        for verb in " ".join(roles.values()).split():
            inside = _inside(service)

            def said(_self: object, verb: str = f"{noun}.{verb}") -> None:
                began.append(verb)

            setattr(inside, verb, said.__get__(inside))
            may = role.covers(needed(f"{noun}.{verb}"))
            before = len(began)
            try:
                getattr(service, verb)()
            except Refused as refused:
                assert "Ann" in refused.what
                assert role in refused.what
            if (len(began) > before) != may:
                wrong.append(f"{noun}.{verb}")
    assert wrong == []


def test_a_verb_nobody_listed_needs_an_admin() -> None:
    assert needed("keys.of_tomorrow") is Role.ADMIN


def test_a_role_may_do_what_those_below_it_may() -> None:
    assert [[role.covers(other) for other in Role] for role in Role] == [
        [True, True, True],
        [False, True, True],
        [False, False, True],
    ]
