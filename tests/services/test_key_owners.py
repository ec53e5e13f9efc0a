"""Keys have owners: who brought them in, who is offered them, and who takes them over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aiops_desktop.adapters import ssh
from aiops_desktop.domain.keys import KeyType
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.operators import Operator, Role
from aiops_desktop.domain.trouble import Refused, Trouble
from aiops_desktop.services.house import House
from tests.support import repos
from tests.support.keyring import know, opened, project, tenant
from tests.support.people import Listener
from tests.support.sshd import Sshd, needs_sshd

PHRASE = "correct horse battery staple"


@pytest.fixture
def house(layout: Layout) -> Iterator[House]:
    with opened(layout) as made:
        yield made


@pytest.fixture
def bob(house: House) -> Operator:
    house.operators.at_desk()
    return house.operators.add("Bob", "bob@acme.example", Role.ADMIN, PHRASE).operator


def test_a_key_is_its_makers_and_everybody_is_offered_it(house: House, bob: Operator) -> None:
    acme = tenant(house)
    here = house.operators.at_desk()
    key = house.keys.generate(acme.id, "deploy").key
    assert (key.owner_id, key.personal) == (here.id, False)
    site = project(house, acme, "git@git.acme.example:a/b.git")
    house.operators.unlock(PHRASE, bob.email)
    assert house.keys.choice(site).names == ("deploy",)
    assert house.keys.entries(acme.id)[0].owner == here.name
    assert house.keys.generate(acme.id, "bobs").key.owner_id == bob.id


@needs_sshd
def test_a_personal_key_is_offered_to_servers_by_its_owner_alone(
    house: House, bob: Operator, tmp_path: Path
) -> None:
    acme = tenant(house)
    mine = house.keys.generate(acme.id, "mine").key
    bobs = house.keys.generate(acme.id, "bobs").key
    house.keys.care.give(bobs.id, bob.id, personal=True)
    remote = repos.bare(tmp_path / "remote.git", {"README.md": "hello\n"})
    with Sshd(tmp_path / "sshd") as server:
        server.authorize(bobs.public)
        know(house, acme, server)
        site = project(house, acme, server.url(remote), key_id=bobs.id)
        choice = house.keys.choice(site)
        assert choice.names == ("mine",)
        assert "its own key “bobs” is another operator's" in choice.why
        assert [r.why for r in choice.reasons if not r.offered] == [
            "It is Bob's own, and offered only while Bob is at the desk."
        ]
        assert house.tenants.room(acme.id).keys[0].name == "mine"
        assert len(house.tenants.room(acme.id).keys) == 1
        loaded = house.agents.load(acme.id, Listener().job())
        assert loaded.names == ("mine",)
        with pytest.raises(Trouble):
            house.repositories.clone(site.id, Listener().job())
        assert server.offered() == {mine.fingerprint}
        with pytest.raises(Refused, match="Bob's own"):
            house.rotation.prepare(bobs.id, Listener().job())
        house.operators.unlock(PHRASE, bob.email)
        assert ssh.Agent(loaded.socket).listed() == [], "another person's agents are locked"
        assert house.keys.choice(site).names == ("bobs", "mine")
        house.repositories.clone(site.id, Listener().job())


def test_a_key_goes_over_to_the_heir(house: House, bob: Operator) -> None:
    acme = tenant(house)
    here = house.operators.at_desk()
    shared = house.keys.generate(acme.id, "shared").key
    own = house.keys.generate(acme.id, "own").key
    house.keys.care.give(shared.id, bob.id)
    house.keys.care.give(own.id, bob.id, personal=True)
    assert [one.keys for one in house.operators.entries()] == [0, 1]
    with pytest.raises(Refused, match="1 key that") as caught:
        house.operators.delete(bob.id)
    assert caught.value.field == "heir"
    assert house.keys.get(own.id).owner_id == bob.id
    house.operators.delete(bob.id, here.id)
    assert {key.owner_id for key in house.keys.all(acme.id)} == {here.id}
    assert house.keys.get(own.id).personal


def test_without_an_heir_shared_keys_become_the_tenants(house: House, bob: Operator) -> None:
    acme = tenant(house)
    key = house.keys.generate(acme.id, "shared").key
    house.keys.care.give(key.id, bob.id)
    house.operators.delete(bob.id)
    assert house.keys.get(key.id).owner_id is None
    assert house.keys.entries(acme.id)[0].owner == ""
    site = project(house, acme, "git@git.acme.example:a/b.git")
    assert house.keys.choice(site).names == ("shared",)


def test_nobody_gets_a_key_that_makes_no_sense(house: House, bob: Operator) -> None:
    acme = tenant(house)
    key = house.keys.generate(acme.id, "deploy").key
    with pytest.raises(Refused, match="needs an owner"):
        house.keys.care.give(key.id, None, personal=True)
    with pytest.raises(Refused, match="not there"):
        house.keys.care.give(key.id, bob.id + 100)
    assert house.keys.get(key.id) == key


def test_a_rotated_key_stays_its_owners(house: House, bob: Operator) -> None:
    acme = tenant(house)
    key = house.keys.generate(acme.id, "deploy", hosts=["*.acme.example"], personal=True).key
    new = house.rotation.prepare(key.id, Listener().job())
    assert (new.owner_id, new.personal, new.hosts) == (key.owner_id, True, key.hosts)


def test_seed_identities_brings_keys_in_for_their_owner(
    house: House, bob: Operator, tmp_path: Path
) -> None:
    folder = tmp_path / "syseng"
    ssh.write(ssh.generate(KeyType.ED25519), folder / "id_rsa-acme-syseng")
    rows = house.identities.plan(folder)
    house.identities.apply(rows, Listener().job())
    acme = house.tenants.find("acme")
    assert house.keys.all(acme.id)[0].owner_id == house.operators.at_desk().id
    house.identities.apply(house.identities.plan(folder), Listener().job(), owner_id=bob.id)
    (key,) = house.keys.all(acme.id)
    assert (key.owner_id, key.personal) == (bob.id, False)


def test_an_owners_keys_are_found_in_every_tenant_before_he_goes(
    house: House, bob: Operator
) -> None:
    for name in ("Acme", "Globex"):
        key = house.keys.generate(tenant(house, name).id, "own").key
        house.keys.care.give(key.id, bob.id, personal=True)
    with pytest.raises(Refused, match="2 keys"):
        house.operators.delete(bob.id)
