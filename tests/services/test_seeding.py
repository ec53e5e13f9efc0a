"""The seed data: added once, repeated without harm, owned by who was named."""

from __future__ import annotations

import pytest

from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.operators import Role
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.services.house import House
from aiops_desktop.services.seeding import SEED, seed


@pytest.fixture
def house(layout: Layout) -> House:
    return build(layout, {})


def test_the_three_tenants_come_with_their_projects_and_nothing_is_cloned(house: House) -> None:
    planted = seed(house)
    assert [tenant.slug for tenant in house.tenants.all()] == ["dcx", "iwf", "kbe"]
    projects = {project.name: project for project in house.projects.all()}
    assert {name: one.remote_url for name, one in projects.items()} == {
        f"flamelet-{slug}": address for slug, address in SEED.items()
    }
    assert not any(one.checkout.exists() for one in projects.values())
    assert len(planted.made) == 6


def test_a_second_time_adds_nothing_and_a_half_time_what_is_missing(house: House) -> None:
    house.tenants.create(TenantDraft("dcx", "ours, with another text"))
    assert seed(house).made[0] == "dcx/flamelet-dcx"
    before = (house.tenants.all(), house.projects.all())
    again = seed(house)
    assert (again.made, again.summary) == ((), "All was there.")
    assert (house.tenants.all(), house.projects.all()) == before
    assert house.tenants.find("dcx").description == "ours, with another text"


def test_the_owner_becomes_an_admin_once_whatever_the_case(house: House) -> None:
    assert seed(house, "Boss@Acme.Example").owner == "boss@acme.example"
    count = len(house.operators.all())
    assert seed(house, "BOSS@acme.example").owner == "boss@acme.example"
    assert len(house.operators.all()) == count
    found = house.operators.find("boss@acme.example")
    assert found is not None
    assert found.role is Role.ADMIN


def test_the_owner_may_stand_in_the_settings(layout: Layout) -> None:
    house = build(layout, {"AIOPS_ADMIN_EMAIL": "Ann@Desk.Example"})
    assert seed(house).owner == "ann@desk.example"
    assert house.operators.find("ann@desk.example") is not None


def test_a_wrong_owner_is_refused_before_anything_is_added(house: House) -> None:
    with pytest.raises(Refused):
        seed(house, "nobody")
    assert house.tenants.all() == []
