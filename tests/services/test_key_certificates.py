"""Keys carry certificates: a server that trusts the authority alone lets them in."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from aiops_desktop.adapters import ssh
from aiops_desktop.domain.certificates import Validity
from aiops_desktop.domain.keys import KeyType
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Missing, Refused, Trouble
from aiops_desktop.services.house import House
from tests.support import repos
from tests.support.authority import Authority
from tests.support.keyring import know, opened, project, tenant
from tests.support.people import Listener
from tests.support.sshd import Sshd, needs_sshd

pytestmark = needs_sshd


@pytest.fixture
def house(layout: Layout) -> Iterator[House]:
    with opened(layout) as made:
        yield made


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ca")


@pytest.fixture
def server(tmp_path: Path, authority: Authority) -> Iterator[Sshd]:
    """It knows no key at all."""
    trusts = f"TrustedUserCAKeys {authority.public}"
    with Sshd(tmp_path / "sshd", settings=trusts) as made:
        yield made


@pytest.mark.parametrize("kind", [KeyType.ED25519, KeyType.RSA, KeyType.ECDSA])
def test_git_goes_in_by_the_certificate_alone(
    house: House, server: Sshd, authority: Authority, tmp_path: Path, kind: KeyType
) -> None:
    acme = tenant(house)
    bits = 3072 if kind is KeyType.RSA else 0
    key = house.keys.generate(acme.id, "deploy", kind, bits=bits, passphrase="geheim").key
    know(house, acme, server)
    remote = repos.bare(tmp_path / "remote.git", {"README.md": "hello\n"})
    site = project(house, acme, server.url(remote))
    with pytest.raises(Trouble):
        house.repositories.clone(site.id, Listener(["geheim"]).job())
    signed = authority.sign(key.public, server.account)
    made = house.keys.care.certify(key.id, signed).key
    assert made.certified is not None
    assert made.certified.principals == (server.account,)
    told = house.keys.choice(site)
    assert "With its certificate “ann@acme”" in told.reasons[0].why
    house.repositories.clone(site.id, Listener(["geheim"]).job())
    assert "ann@acme" in server.log_text(), "the server logs whom the authority named"
    report = house.connections.project(site.id, Listener(["geheim"] * 2).job())
    assert report.good, report.text
    assert report.accepted == key.fingerprint


def test_what_ran_out_is_said_before_and_not_offered(
    house: House, server: Sshd, authority: Authority, tmp_path: Path
) -> None:
    acme = tenant(house)
    key = house.keys.generate(acme.id, "deploy").key
    know(house, acme, server)
    remote = repos.bare(tmp_path / "remote.git", {"README.md": "hello\n"})
    site = project(house, acme, server.url(remote))
    house.keys.care.certify(
        key.id, authority.sign(key.public, server.account, valid="20200101:20210101")
    )
    choice = house.keys.choice(site)
    assert "“deploy”: Its certificate ran out on" in choice.why
    assert "Only the key itself is offered." in choice.reasons[0].why
    assert "ran out" in house.repositories.identity(site.id).why
    (entry,) = house.keys.entries(acme.id)
    assert entry.certificate is not None
    assert entry.certificate.validity() is Validity.EXPIRED
    with pytest.raises(Trouble):
        house.repositories.clone(site.id, Listener().job())
    assert "ED25519-CERT" not in server.log_text()


def test_it_comes_along_with_its_file_and_stays_with_its_key(
    house: House, authority: Authority, tmp_path: Path
) -> None:
    acme, globex = tenant(house), tenant(house, "Globex")
    pair = ssh.generate(KeyType.ED25519, comment="ann")
    ssh.write(pair, tmp_path / "id")
    signed = authority.sign(pair.public, "git")
    (tmp_path / "id-cert.pub").write_bytes(signed.read_bytes())
    key = house.keys.add(acme.id, "ann", tmp_path / "id").key
    beside = key.path.with_name(key.path.name + "-cert.pub")
    assert key.certified is not None
    assert beside.read_text().strip() == key.certificate
    key = house.keys.care.set_passphrase(key.id, "", "geheim").key
    assert key.certificate
    assert beside.exists()
    moved = house.keys.care.move(key.id, globex.id).key
    there = moved.path.with_name(moved.path.name + "-cert.pub")
    assert (beside.exists(), there.exists(), moved.certificate) == (False, True, key.certificate)
    house.keys.care.certify(moved.id, "")
    assert not there.exists()
    assert house.keys.get(moved.id).certified is None
    house.keys.care.certify(moved.id, signed)
    house.keys.delete(moved.id)
    assert list(there.parent.iterdir()) == []


def test_one_that_does_not_fit_is_refused_or_left(
    house: House, authority: Authority, tmp_path: Path
) -> None:
    acme = tenant(house)
    key = house.keys.generate(acme.id, "deploy").key
    other = ssh.generate(KeyType.ED25519)
    with pytest.raises(Refused, match="another key"):
        house.keys.care.certify(key.id, authority.sign(other.public, "git"))
    with pytest.raises(Missing):
        house.keys.care.certify(key.id, tmp_path / "nowhere")
    with pytest.raises(Refused):
        house.keys.care.certify(key.id, key.public)
    assert house.keys.get(key.id).certificate == ""
    ssh.write(other, tmp_path / "id")
    (tmp_path / "id-cert.pub").write_bytes(authority.sign(key.public, "git").read_bytes())
    assert house.keys.add(acme.id, "other", tmp_path / "id").key.certificate == ""


@pytest.mark.parametrize("kind", [KeyType.ED25519, KeyType.RSA, KeyType.ECDSA])
def test_a_terminal_goes_in_by_what_the_tenants_agent_holds(
    house: House, server: Sshd, authority: Authority, kind: KeyType, tmp_path: Path
) -> None:
    acme = tenant(house)
    bits = 3072 if kind is KeyType.RSA else 0
    key = house.keys.generate(acme.id, "deploy", kind, bits=bits, passphrase="geheim").key
    house.keys.care.certify(key.id, authority.sign(key.public, server.account))
    know(house, acme, server)
    loaded = house.agents.load(acme.id, Listener(["geheim"]).job())
    room = house.tenants.room(acme.id)
    argv = ["ssh", "-F", "none", "-p", str(server.port), "-l", server.account]
    argv += ["-o", f"UserKnownHostsFile={room.known_hosts}", "-o", "BatchMode=yes"]
    argv += ["-o", "IdentityFile=none", "127.0.0.1", "echo", "inside"]
    env = {"PATH": os.environ["PATH"], "SSH_AUTH_SOCK": str(loaded.socket)}
    told = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    assert told.stdout == "inside\n", told.stderr
    house.keys.care.certify(key.id, "")
    assert ssh.Agent(loaded.socket).listed() == []


def test_seed_identities_takes_certificates_along(
    house: House, authority: Authority, tmp_path: Path
) -> None:
    folder = tmp_path / "syseng"
    pair = ssh.generate(KeyType.ED25519)
    ssh.write(pair, folder / "id_ed25519-acme-syseng")
    (row,) = house.identities.plan(folder)
    house.identities.apply([row], Listener().job())
    acme = house.tenants.find("acme")
    assert house.keys.all(acme.id)[0].certificate == ""
    signed = authority.sign(pair.public, "git")
    (folder / "id_ed25519-acme-syseng-cert.pub").write_bytes(signed.read_bytes())
    rows = house.identities.plan(folder)
    assert [one.file.name for one in rows] == ["id_ed25519-acme-syseng"]
    house.identities.apply(rows, Listener().job())
    assert house.keys.all(acme.id)[0].certified is not None
