"""Keys of tenants: made, brought in, chosen, unlocked, deleted."""

from __future__ import annotations

import os
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from aiops_desktop.adapters import ssh
from aiops_desktop.domain.events import EventFilter
from aiops_desktop.domain.keys import KeyType
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.secrets import Locked
from aiops_desktop.domain.trouble import Missing, NotTrusted, Refused, Stopped
from tests.support.checkouts import Desk, desk
from tests.support.people import Listener


@pytest.fixture
def at(layout: Layout) -> Desk:
    return desk(layout)


def test_a_key_is_made_in_the_tenants_folder_and_found_again(at: Desk, layout: Layout) -> None:
    acme = at.tenant()
    key = at.keys.generate(acme.id, "Deploy key").key
    room = at.ground.tenants.room(acme.id)
    assert key.path == room.keys_folder / "deploy-key"
    assert stat.S_IMODE(key.path.stat().st_mode) == 0o600
    assert key.public.endswith(" acme Deploy key")
    assert desk(layout).keys.all(acme.id) == [key]
    assert [file.fingerprint for file in room.keys] == [key.fingerprint]
    event = at.ground.history.all()[0]
    assert (event.verb, event.facts["fingerprint"]) == ("generate key", key.fingerprint)


def test_names_and_keys_are_one_tenants_own(at: Desk) -> None:
    acme, other = at.tenant("Acme"), at.tenant("Other")
    key = at.keys.generate(acme.id, "deploy").key
    with pytest.raises(Refused, match="named “DEPLOY”") as caught:
        at.keys.generate(acme.id, "DEPLOY")
    assert caught.value.field == "name"
    with pytest.raises(Refused, match="this key already"):
        at.keys.add(acme.id, "copy", key.path)
    assert sorted(p.name for p in key.path.parent.iterdir()) == ["deploy", "deploy.pub"]
    twin = at.keys.add(other.id, "deploy", key.path).key
    assert twin.path != key.path
    assert [k.id for k in at.keys.all(acme.id)] == [key.id]
    for name in ("", "a/b", "x\ny", "n" * 200):
        with pytest.raises(Refused):
            at.keys.generate(acme.id, name)


def test_pasted_and_given_keys_are_taken_over_with_their_comment(at: Desk, tmp_path: Path) -> None:
    acme = at.tenant()
    file = tmp_path / "id"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "rsa", "-m", "PEM", "-N", "", "-C", "old desk", "-f", str(file)],
        check=True,
    )
    key = at.keys.add(acme.id, "Old", file).key
    assert (key.type, key.bits, key.comment) == (KeyType.RSA, 3072, "old desk")
    pair = ssh.generate(KeyType.ECDSA, comment="pasted")
    crlf = pair.private.replace("\n", "\r\n").rstrip()
    pasted = at.keys.add(acme.id, "Pasted", crlf).key
    assert pasted.fingerprint == pair.fingerprint
    assert b"\r" not in pasted.path.read_bytes()
    assert file.exists()
    with pytest.raises(Refused) as caught:
        at.keys.add(acme.id, "Nonsense", "hello")
    assert caught.value.field == "private"


def test_a_passphrase_is_remembered_only_when_asked_and_never_told(at: Desk) -> None:
    acme = at.tenant()
    key = at.keys.generate(acme.id, "locked", passphrase="hush-hush", remember=True).key
    assert key.encrypted
    owner = f"tenant:{acme.id}/key/{key.fingerprint}"
    assert at.ground.secrets.get(owner) == "hush-hush"
    plain = at.keys.generate(acme.id, "other", passphrase="hush-too").key
    assert not at.ground.secrets.has(f"tenant:{acme.id}/key/{plain.fingerprint}")
    told = at.ground.history.export(EventFilter(), "json")
    assert "hush" not in told


def test_unlock_uses_what_is_remembered_else_asks_three_times(at: Desk) -> None:
    acme = at.tenant()
    key = at.keys.generate(acme.id, "locked", passphrase="right").key
    file = at.keys.files(acme.id)[0]
    ear = Listener(["wrong", "right"], remember=True)
    assert at.keys.unlock(acme.id, file, ear.job()) == "right"
    assert len(ear.asked) == 2
    assert all(q.secret and q.remember and "“locked”" in q.text for q in ear.asked)
    silent = Listener()
    assert at.keys.unlock(acme.id, file, silent.job()) == "right"
    assert silent.asked == []
    assert at.keys.get(key.id).last_used is not None
    at.ground.secrets.put(file.secret_id, "stale")
    ear = Listener(["a", "b", "c", "right"])
    with pytest.raises(NotTrusted, match="wrong 3 times"):
        at.keys.unlock(acme.id, file, ear.job())
    assert ear.answers == ["right"]
    with pytest.raises(Stopped):
        at.keys.unlock(acme.id, file, Listener().job())


def test_work_goes_on_when_the_store_takes_no_passphrase(at: Desk) -> None:
    def nothing() -> str:
        raise Locked("Nothing was kept.")

    at.ground.secrets.offer = nothing
    acme = at.tenant()
    at.keys.generate(acme.id, "locked", passphrase="right")
    file = at.keys.files(acme.id)[0]
    ear = Listener(["right"], remember=True)
    assert at.keys.unlock(acme.id, file, ear.job()) == "right"
    assert "The passphrase was not kept: Nothing was kept." in ear.phases
    assert not at.ground.secrets.has(file.secret_id)


def test_the_projects_own_key_goes_first(at: Desk) -> None:
    acme = at.tenant()
    project = at.project(acme, "git@h.example:a/b.git")
    assert at.keys.choice(project).why == "This tenant has no key yet."
    for name in ("first", "second", "third"):
        at.keys.generate(acme.id, name)
    assert at.keys.choice(project).names == ("first", "second", "third")
    second = at.keys.all(acme.id)[1]
    own = replace(project, key_id=second.id)
    assert at.keys.choice(own).names == ("second", "first", "third")
    assert [file.name for file in at.keys.for_project(own)] == ["second", "first", "third"]
    second.path.unlink()
    assert [file.name for file in at.keys.for_project(own)] == ["first", "third"]


def test_a_key_others_may_read_is_taken_away_from_them(at: Desk) -> None:
    acme = at.tenant()
    key = at.keys.generate(acme.id, "k").key
    key.path.chmod(0o644)
    at.keys.for_project(at.project(acme, "git@h.example:a/b.git"))
    assert stat.S_IMODE(key.path.stat().st_mode) == 0o600


def test_a_deleted_key_is_overwritten_and_gone(at: Desk, layout: Layout) -> None:
    acme = at.tenant()
    key = at.keys.generate(acme.id, "k", passphrase="pass-word", remember=True).key
    private = key.path.read_text()
    twin = layout.data / "twin"
    os.link(key.path, twin)  # the same blocks on the disk, by another name
    assert at.keys.used_by(key.id) == ()
    done = at.keys.delete(key.id)
    assert "deleted" in done.summary
    assert list(key.path.parent.iterdir()) == []
    assert twin.stat().st_size == len(private)
    assert private[40:].encode() not in twin.read_bytes()
    assert not list(layout.trash.rglob("k"))
    assert not at.ground.secrets.has(f"tenant:{acme.id}/key/{key.fingerprint}")
    with pytest.raises(Missing):
        at.keys.get(key.id)
    assert at.keys.add(acme.id, "k", private, passphrase="pass-word").key.id != key.id


def test_a_key_gets_another_name(at: Desk) -> None:
    acme = at.tenant()
    key = at.keys.generate(acme.id, "old").key
    at.keys.generate(acme.id, "taken")
    assert at.keys.rename(key.id, "New").key.name == "New"
    with pytest.raises(Refused, match="named “Taken”"):
        at.keys.rename(key.id, "Taken")


def test_hosts_are_listed_and_distrusted_per_tenant(at: Desk) -> None:
    acme, other = at.tenant("Acme"), at.tenant("Other")
    file = at.ground.tenants.room(acme.id).known_hosts
    ssh.KnownHosts(file).add("git.acme.example", "ssh-ed25519", b"\0\1\2")
    (host,) = at.keys.hosts(acme.id)
    assert host.host == "git.acme.example"
    assert host.since is not None
    assert at.keys.hosts(other.id) == []
    at.keys.distrust(acme.id, "git.acme.example")
    assert at.keys.hosts(acme.id) == []
    with pytest.raises(Missing):
        at.keys.distrust(acme.id, "git.acme.example")
