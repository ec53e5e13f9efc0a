"""The whole house, as the builder makes it."""

from __future__ import annotations

from dataclasses import fields

import pytest

from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState, ProjectDraft
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.domain.trouble import Failed, Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from aiops_desktop.storage.open import open_database
from aiops_desktop.storage.projects import ProjectStore


@pytest.fixture
def house(layout: Layout) -> House:
    return build(layout, {})


def test_every_service_is_there(house: House) -> None:
    for item in fields(house):
        assert getattr(house, item.name) is not None, item.name


def test_a_first_start_finds_nothing_to_recover(house: House) -> None:
    found = house.recover()
    assert all(getattr(found, item.name) == () for item in fields(found))


def test_a_start_after_a_crash_says_what_was_cut_off(layout: Layout, house: House) -> None:
    tenant = house.tenants.create(TenantDraft("Acme")).tenant
    project = house.projects.create(ProjectDraft(tenant.id, "git@h.example:a/b")).project
    dead = ProjectStore(open_database(layout), "4194304:1.0")
    dead.set_state(project.id, CheckoutState.CLONING)
    found = build(layout, {}).recover()
    assert [(one.id, one.state) for one in found.projects] == [(project.id, CheckoutState.FAILED)]
    assert not found.troubles


def test_a_trouble_of_one_noun_does_not_hide_the_others(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> list[object]:
        raise Failed("The server does not answer.")

    monkeypatch.setattr(house.deployments, "recover", fail)
    asked: list[str] = []

    def look() -> list[object]:
        asked.append("history")
        return []

    monkeypatch.setattr(house.history, "recover", look)
    found = house.recover()
    assert [trouble.what for trouble in found.troubles] == ["The server does not answer."]
    assert asked == ["history"]


def test_a_tenant_comes_and_goes_through_all_services(layout: Layout, house: House) -> None:
    tenant = house.tenants.create(TenantDraft("Acme")).tenant
    house.projects.create(ProjectDraft(tenant.id, "git@h.example:a/b"))
    doomed = house.tenants.doomed(tenant.id)
    assert (doomed.projects, doomed.runs, doomed.unsaved) == (("b",), 0, ())
    house.tenants.delete(tenant.id, Job("Delete"))
    assert house.tenants.all() == []
    assert len(list(layout.trash.iterdir())) == 1


def test_two_programs_share_a_data_folder(layout: Layout, house: House) -> None:
    other = build(layout, {})
    house.tenants.create(TenantDraft("Acme"))
    assert [tenant.name for tenant in other.tenants.all()] == ["Acme"]
    with pytest.raises(Refused):
        other.tenants.create(TenantDraft("ACME"))


def test_settings_reach_the_builder(layout: Layout) -> None:
    build(layout, {"DATABASE_URL": "sqlite:///instance/app.db"})
    assert (layout.data / "instance" / "app.db").exists()


def test_a_database_it_cannot_keep_is_said_and_the_program_still_starts(layout: Layout) -> None:
    layout.env.write_text("\nDATABASE_URL=postgresql://h/x\n")
    house = build(layout, {})
    assert layout.database.exists()
    (problem,) = house.settings.effective().problems
    assert "DATABASE_URL in .env, line 2 was not taken: PostgreSQL" in problem.sentence


def test_a_checkout_that_cannot_be_read_is_named_before_it_is_deleted(
    layout: Layout, house: House
) -> None:
    tenant = house.tenants.create(TenantDraft("Acme")).tenant
    project = house.projects.create(ProjectDraft(tenant.id, "git@h.example:a/b")).project
    assert house.projects.doomed(project.id).unsaved == (), "there is nothing to lose yet"
    project.checkout.mkdir(parents=True)
    (project.checkout / ".git").write_text("gitdir: /nowhere\n")
    ProjectStore(open_database(layout)).set_state(project.id, CheckoutState.READY)
    assert house.projects.doomed(project.id).unsaved == ("a checkout that cannot be read",)
