"""Before a sleep the keys are locked, and the secret store where a person wishes it."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from aiops_desktop.domain.changes import Done
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.secrets import StoreState
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from tests.support.keyring import opened, tenant
from tests.support.logind import PATIENCE, logind


@pytest.fixture
def house(layout: Layout) -> Iterator[House]:
    with opened(layout) as made:
        yield made


def test_a_sleep_locks_the_agents_of_all_tenants(house: House) -> None:
    owners = [tenant(house, "Acme"), tenant(house, "Bolt")]
    for owner in owners:
        house.keys.generate(owner.id, "deploy")
        house.agents.load(owner.id, Job("Load"))
    assert all(house.agents.loaded(owner.id) for owner in owners)

    said = house.sleep.lock()

    assert said.summary == "2 agents are locked."
    assert not any(house.agents.loaded(owner.id) for owner in owners)
    assert house.history.all()[0].verb == "lock keys"


def test_the_store_is_locked_only_where_a_person_wishes_it(house: House) -> None:
    house.secrets.put("tenant:1/https/git.acme.example", "a-token")
    house.sleep.lock()
    assert house.safe.status().state is StoreState.OPEN

    house.settings.save({"security.lock_store_on_sleep": True})
    house.sleep.lock()
    assert house.safe.status().state is StoreState.LOCKED


def test_a_sleep_without_keys_or_secrets_is_no_trouble(house: House) -> None:
    house.settings.save({"security.lock_store_on_sleep": True})
    assert house.sleep.lock().summary == "No agent was open."


def test_a_person_may_have_nothing_locked(house: House) -> None:
    owner = tenant(house)
    house.keys.generate(owner.id, "deploy")
    house.agents.load(owner.id, Job("Load"))
    house.settings.save({"security.lock_keys_on_sleep": False})

    assert house.sleep.lock().summary == ""
    assert house.agents.loaded(owner.id)


def test_logind_has_the_keys_locked_before_the_computer_sleeps(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = tenant(house)
    house.keys.generate(owner.id, "deploy")
    house.agents.load(owner.id, Job("Load"))
    told: queue.SimpleQueue[Done | Trouble] = queue.SimpleQueue()
    with logind(tmp_path, monkeypatch) as manager:
        end = house.sleep.watch(told.put)
        try:
            held = manager.held()
            manager.tell(falls=True)
            assert manager.let_go(held)
            assert not house.agents.loaded(owner.id)
            assert str(told.get(timeout=PATIENCE)) != ""
        finally:
            end()
