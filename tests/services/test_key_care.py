"""Keys looked after: passphrases, tenants, permissions, host patterns, rules, registrations."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aiops_desktop.domain.events import EventFilter
from aiops_desktop.domain.keys import FileState, KeyRules, KeyType, Registration
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import NotTrusted, Refused
from aiops_desktop.services.house import House
from tests.support.keyring import opened, project, tenant
from tests.support.people import Listener

URL = "ssh://git@git.acme.example:2222/a/b.git"


@pytest.fixture
def house(layout: Layout) -> Iterator[House]:
    with opened(layout) as made:
        yield made


def test_a_passphrase_is_set_kept_and_removed(house: House) -> None:
    acme = tenant(house)
    key = house.keys.generate(acme.id, "k").key
    care = house.keys.care
    care.set_passphrase(key.id, "", "geheim-1", remember=True)
    (entry,) = house.keys.entries(acme.id)
    assert (entry.key.encrypted, entry.remembered) == (True, "store")
    care.set_passphrase(key.id, "geheim-1", "geheim-2", session=True)
    assert house.keys.entries(acme.id)[0].remembered == "session"
    with pytest.raises(NotTrusted):
        care.set_passphrase(key.id, "geheim-1", "x")
    silent = Listener()
    file = house.keys.files(acme.id)[0]
    assert house.keys.unlock(acme.id, file, silent.job()) == "geheim-2"
    assert silent.asked == []
    house.keys.passphrases.lock()
    ear = Listener(["geheim-2"])
    assert house.keys.unlock(acme.id, file, ear.job()) == "geheim-2"
    assert ear.asked[0].session
    care.set_passphrase(key.id, "geheim-2", "")
    assert not house.keys.get(key.id).encrypted
    assert "geheim" not in house.history.export(EventFilter(), "json")


def test_a_key_moves_with_all_that_is_its_own(house: House) -> None:
    acme, bolt = tenant(house), tenant(house, "Bolt")
    key = house.keys.generate(acme.id, "k", passphrase="geheim", remember=True).key
    house.keys.care.register(key.id, Registration("gitlab.acme.example", "user", "7"))
    site = project(house, acme, URL, key_id=key.id)
    assert house.keys.care.losers(key.id) == ("site",)
    moved = house.keys.care.move(key.id, bolt.id).key
    assert (moved.tenant_id, moved.fingerprint) == (bolt.id, key.fingerprint)
    assert moved.path.parent == house.tenants.room(bolt.id).keys_folder
    assert stat.S_IMODE(moved.path.stat().st_mode) == 0o600
    assert not key.path.exists()
    assert house.keys.all(acme.id) == []
    assert house.projects.get(site.id).key_id is None
    assert moved.registered[0].remote_id == "7"
    assert house.secrets.get(f"tenant:{bolt.id}/key/{key.fingerprint}") == "geheim"
    assert not house.secrets.has(f"tenant:{acme.id}/key/{key.fingerprint}")
    made = ["ssh-keygen", "-y", "-P", "geheim", "-f", str(moved.path)]
    assert subprocess.run(made, capture_output=True).returncode == 0
    with pytest.raises(Refused, match="already"):
        house.keys.care.move(key.id, bolt.id)
    twin = house.keys.add(acme.id, "k", moved.path, passphrase="geheim").key
    with pytest.raises(Refused, match="already"):
        house.keys.care.move(twin.id, bolt.id)
    assert twin.path.exists(), "what was refused stays where it was"


def test_open_files_are_found_at_start_and_repaired(house: House) -> None:
    acme = tenant(house)
    keys = [house.keys.generate(acme.id, name).key for name in ("a", "b", "c")]
    care = house.keys.care
    assert care.unsafe() == []
    keys[0].path.chmod(0o644)
    keys[1].path.unlink()
    assert [(key.name, state) for key, state in care.unsafe()] == [
        ("a", FileState.OPEN),
        ("b", FileState.MISSING),
    ]
    assert "1 key is" in care.repair().summary
    assert [state for _, state in care.unsafe()] == [FileState.MISSING]
    keys[0].path.parent.chmod(0o755)
    assert {state for _, state in care.unsafe()} == {FileState.OPEN, FileState.MISSING}
    care.repair()
    assert stat.S_IMODE(keys[0].path.parent.stat().st_mode) == 0o700
    assert care.repair().summary == "All was safe."


def test_a_bound_key_is_for_its_hosts_only_and_goes_before_the_others(house: House) -> None:
    acme = tenant(house)
    site = project(house, acme, URL)
    old, bound, other = (house.keys.generate(acme.id, name).key for name in ("old", "in", "out"))
    house.keys.bind(bound.id, ["*.acme.example, !www.acme.example"])
    house.keys.bind(other.id, ["git.bolt.example"])
    choice = house.keys.choice(site)
    assert choice.names == ("in", "old")
    assert "bound to this host" in choice.why
    assert [file.name for file in house.keys.for_project(site)] == ["in", "old"]
    left = [reason for reason in choice.reasons if not reason.offered]
    assert [(reason.name, reason.why) for reason in left] == [
        ("out", "It is for git.bolt.example only.")
    ]
    own = replace(site, key_id=other.id)
    assert house.keys.choice(own).names == ("in", "old"), "a wall also for a project's own key"
    assert house.keys.choice(replace(site, key_id=old.id)).names == ("old", "in")
    house.keys.bind(bound.id, ["[git.acme.example]:2222"])
    assert house.keys.choice(site).names[0] == "in"
    house.keys.bind(bound.id, ["[git.acme.example]:22"])
    assert house.keys.choice(site).names == ("old",)
    for wrong in (["a b/c"], ["host name;x"], ["ü"]):
        with pytest.raises(Refused) as caught:
            house.keys.bind(bound.id, wrong)
        assert caught.value.field == "hosts"
    assert house.keys.bind(bound.id, []).key.hosts == ()


def test_rules_are_one_tenants_own_and_are_said(house: House) -> None:
    acme, bolt = tenant(house), tenant(house, "Bolt")
    care = house.keys.care
    assert care.rules(acme.id) == KeyRules()
    care.set_rules(acme.id, KeyRules(own_agent=True, hash_hosts=True, agent_minutes=5))
    care.set_rules(acme.id, KeyRules(own_agent=True, own_config=True, agent_minutes=5))
    assert care.rules(acme.id) == KeyRules(True, True, False, 5)
    assert care.rules(bolt.id) == KeyRules()
    choice = house.keys.choice(project(house, acme, URL))
    assert "~/.ssh/config and your ssh-agent" in choice.why
    assert [reason.name for reason in choice.reasons] == ["~/.ssh/config", "your ssh-agent"]
    with pytest.raises(Refused):
        care.set_rules(acme.id, KeyRules(agent_minutes=-1))
    house.tenants.delete(acme.id, Listener().job())
    assert care.rules(acme.id) == KeyRules()


def test_what_is_registered_is_remembered_once(house: House, tmp_path: Path) -> None:
    acme = tenant(house)
    key = house.keys.generate(acme.id, "k", KeyType.ECDSA, bits=384).key
    where = Registration("gitlab.acme.example", "user", "7")
    house.keys.care.register(key.id, where)
    found = house.keys.care.register(key.id, replace(where, remote_id="8")).key
    assert [(r.forge, r.place, r.remote_id) for r in found.registered] == [
        ("gitlab.acme.example", "user", "8")
    ]
    assert found.registered[0].since is not None
    house.keys.care.unregister(key.id, where)
    assert house.keys.get(key.id).registered == ()
    house.keys.care.export(key.id, tmp_path / "k.pub")
    assert (tmp_path / "k.pub").read_text().strip() == key.public
    shown = subprocess.run(
        ["ssh-keygen", "-lvf", str(key.path)], capture_output=True, text=True
    ).stdout.splitlines()
    assert key.randomart.splitlines() == shown[1:]
