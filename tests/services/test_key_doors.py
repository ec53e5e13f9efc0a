"""Which key opens which door: turns, agents, walls between tenants; a rotation from end to end."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aiops_desktop.adapters import ssh
from aiops_desktop.domain.connections import StepState
from aiops_desktop.domain.keys import KeyRules, KeyType, Registration
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.tenants import KeyFile
from aiops_desktop.domain.trouble import Missing, NotTrusted, Refused, Stopped, Trouble
from aiops_desktop.jobs.job import Reply
from aiops_desktop.services.house import House
from aiops_desktop.services.key_choice import portions
from aiops_desktop.services.key_rotation import REGISTERED
from tests.support import repos
from tests.support.githttp import GitHttp
from tests.support.keyring import know, opened, project, tenant
from tests.support.people import Listener
from tests.support.sshd import Sshd, needs_sshd
from tests.support.tokens import token_key

pytestmark = needs_sshd


@pytest.fixture
def house(layout: Layout) -> Iterator[House]:
    with opened(layout) as made:
        yield made


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Sshd]:
    with Sshd(tmp_path / "sshd") as made:
        yield made


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return repos.bare(tmp_path / "remote.git", {"README.md": "hello\n"})


def test_the_ninth_key_opens_though_the_server_takes_three_at_a_time(
    house: House, tmp_path: Path, remote: Path
) -> None:
    acme = tenant(house)
    keys = [house.keys.generate(acme.id, f"k{number}").key for number in range(9)]
    with Sshd(tmp_path / "few", settings="MaxAuthTries 3") as server:
        server.authorize(keys[-1].public)
        know(house, acme, server)
        site = project(house, acme, server.url(remote))
        house.repositories.clone(site.id, Listener().job())
        assert server.offered() == {key.fingerprint for key in keys}
    used = [key.name for key in house.keys.all(acme.id) if key.last_used]
    assert used == ["k8"]


def test_what_was_offered_and_refused_is_said_by_name(
    house: House, server: Sshd, remote: Path
) -> None:
    acme = tenant(house)
    keys = [house.keys.generate(acme.id, name).key for name in ("first", "second")]
    know(house, acme, server)
    site = project(house, acme, server.url(remote))
    with pytest.raises(NotTrusted, match="did not accept any key") as caught:
        house.repositories.clone(site.id, Listener().job())
    assert "first, second" in caught.value.hint
    assert f"refused: second {keys[1].fingerprint}" in caught.value.detail
    assert "view.keys" in caught.value.steps


def test_a_server_for_passwords_only_is_said(house: House, remote: Path, tmp_path: Path) -> None:
    acme = tenant(house)
    house.keys.generate(acme.id, "k")
    settings = "PubkeyAuthentication no\nPasswordAuthentication yes"
    with Sshd(tmp_path / "passwords", settings=settings) as server:
        know(house, acme, server)
        site = project(house, acme, server.url(remote))
        with pytest.raises(NotTrusted, match="takes passwords only"):
            house.repositories.clone(site.id, Listener().job())


def test_a_host_with_a_certificate_is_not_asked_about(
    house: House, remote: Path, tmp_path: Path
) -> None:
    acme = tenant(house)
    authority = tmp_path / "authority"
    make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(authority)]
    subprocess.run(make, check=True)
    ca = " ".join(authority.with_suffix(".pub").read_text().split()[:2])
    with Sshd(tmp_path / "certified") as server:
        server.certify(authority)
        server.restart()
        server.authorize(house.keys.generate(acme.id, "k").key.public)
        known = house.tenants.room(acme.id).known_hosts
        known.write_text(f"@cert-authority [127.0.0.1]:* {ca}\n")
        assert house.hosts.look(acme.id, "127.0.0.1", server.port).standing == "certified"
        silent = Listener()
        site = project(house, acme, server.url(remote))
        house.repositories.clone(site.id, silent.job())
        assert silent.asked == []
        known.write_text(f"@cert-authority [127.0.0.1]:* {ca}\n@revoked * {ca}\n")
        with pytest.raises(NotTrusted):
            house.repositories.fetch(site.id, silent.job())


def test_stop_works_while_git_waits_for_a_passphrase(
    house: House, server: Sshd, remote: Path
) -> None:
    class Waiting(Listener):
        def ask(self, reply: Reply) -> None:
            self.asked.append(reply.question)
            threading.Timer(0.2, job.stop).start()

    acme = tenant(house)
    server.authorize(house.keys.generate(acme.id, "k", passphrase="geheim").key.public)
    know(house, acme, server)
    site = project(house, acme, server.url(remote))
    ear = Waiting()
    job = ear.job()
    begun = time.monotonic()
    with pytest.raises(Stopped):
        house.repositories.clone(site.id, job)
    assert time.monotonic() - begun < 10
    assert len(ear.asked) == 1
    assert not site.checkout.exists()


def test_a_start_names_keys_that_others_may_read(house: House) -> None:
    key = house.keys.generate(tenant(house).id, "k").key
    assert house.recover().keys == ()
    key.path.chmod(0o644)
    assert [(one.name, state.value) for one, state in house.recover().keys] == [
        ("k", "open to others")
    ]


def test_the_persons_own_agent_is_asked_only_when_the_tenant_allows_it(
    house: House, server: Sshd, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme, bolt = tenant(house), tenant(house, "Bolt")
    mine = house.keys.generate(acme.id, "tenants").key
    own = ssh.generate(KeyType.ED25519)
    ssh.write(own, tmp_path / "own")
    server.authorize(own.public)
    agent = ssh.Agent(ssh.place(tmp_path, "person"))
    agent.start()
    try:
        agent.add(ssh.plain_text(tmp_path / "own", ""), seconds=60)
        monkeypatch.setenv("SSH_AUTH_SOCK", str(agent.path))
        for owner in (acme, bolt):
            know(house, owner, server)
        site = project(house, acme, server.url(remote))
        with pytest.raises(NotTrusted):
            house.repositories.clone(site.id, Listener().job())
        assert server.offered() == {mine.fingerprint}
        house.keys.care.set_rules(acme.id, KeyRules(own_agent=True))
        house.repositories.clone(site.id, Listener().job())
        other = project(house, bolt, server.url(remote))
        with pytest.raises(NotTrusted, match="did not accept"):
            house.repositories.clone(other.id, Listener().job())
        house.keys.care.set_rules(bolt.id, KeyRules(own_agent=True))
        house.repositories.clone(other.id, Listener().job())
    finally:
        agent.end()


def test_an_alias_of_the_persons_own_config_counts_when_allowed(
    house: House, server: Sshd, remote: Path, private_home: Path
) -> None:
    acme = tenant(house)
    key = house.keys.generate(acme.id, "k").key
    server.authorize(key.public)
    (private_home / ".ssh").mkdir(mode=0o700)
    (private_home / ".ssh" / "config").write_text(
        f"Host shortcut\n  HostName 127.0.0.1\n  Port {server.port}\n  User {server.account}\n"
    )
    site = project(house, acme, f"shortcut:{remote}")
    house.keys.care.set_rules(acme.id, KeyRules(own_config=True))
    ear = Listener()
    house.repositories.clone(site.id, ear.job())
    (question,) = ear.asked
    assert getattr(question, "fingerprint", "") == server.host_fingerprint()
    assert house.keys.hosts(acme.id)[0].host == server.known_name
    again = Listener()
    house.repositories.fetch(site.id, again.job())
    assert again.asked == []
    assert key.fingerprint in server.offered()


def test_a_jump_through_the_persons_own_config_reaches_a_host_behind_it(
    house: House, server: Sshd, remote: Path, private_home: Path, tmp_path: Path
) -> None:
    """The jump is the person's own affair; the host behind it sees and shows the tenant's keys."""
    acme = tenant(house)
    key = house.keys.generate(acme.id, "k").key
    server.authorize(key.public)
    own = ssh.generate(KeyType.ED25519)
    ssh.write(own, tmp_path / "own")
    with Sshd(tmp_path / "jump") as jump:
        jump.authorize(own.public)
        (tmp_path / "own_hosts").write_text(jump.known_line)
        (private_home / ".ssh").mkdir(mode=0o700)
        (private_home / ".ssh" / "config").write_text(
            f"Host inner\n  HostName 127.0.0.1\n  Port {server.port}\n  User {server.account}\n"
            "  ProxyJump outer\n"
            f"Host outer\n  HostName 127.0.0.1\n  Port {jump.port}\n  User {jump.account}\n"
            f"  IdentityFile {tmp_path / 'own'}\n  IdentitiesOnly yes\n  IdentityAgent none\n"
            f"  UserKnownHostsFile {tmp_path / 'own_hosts'}\n  StrictHostKeyChecking yes\n"
        )
        site = project(house, acme, f"inner:{remote}")
        with pytest.raises(Trouble):
            house.repositories.clone(site.id, Listener().job())
        house.keys.care.set_rules(acme.id, KeyRules(own_config=True))
        ear = Listener()
        house.repositories.clone(site.id, ear.job())
        (question,) = ear.asked
        assert getattr(question, "fingerprint", "") == server.host_fingerprint()
        assert jump.offered() == {own.fingerprint}
        assert server.offered() == {key.fingerprint}
        assert house.connections.project(site.id, Listener().job()).good


def test_the_tenants_agent_holds_keys_that_need_no_passphrase_then(
    house: House, server: Sshd, remote: Path
) -> None:
    acme, bolt = tenant(house), tenant(house, "Bolt")
    keys = [
        house.keys.generate(acme.id, name, passphrase="geheim").key for name in ("wrong", "right")
    ]
    server.authorize(keys[1].public)
    know(house, acme, server)
    site = project(house, acme, server.url(remote))
    ear = Listener(["geheim", "geheim"])
    done = house.agents.load(acme.id, ear.job(), minutes=5)
    assert done.names == ("wrong", "right")
    assert len(ear.asked) == 2
    assert done.until is not None
    assert house.tenants.room(acme.id).environment["SSH_AUTH_SOCK"] == str(done.socket)
    assert set(house.agents.loaded(acme.id)) == {key.fingerprint for key in keys}
    assert house.agents.loaded(bolt.id) == ()
    silent = Listener()
    house.repositories.clone(site.id, silent.job())
    assert silent.asked == []
    assert all(entry.loaded for entry in house.keys.entries(acme.id))
    house.keys.delete(keys[0].id)
    assert house.agents.loaded(acme.id) == (keys[1].fingerprint,)
    assert "locked" in house.agents.lock(acme.id).summary
    assert house.agents.loaded(acme.id) == ()
    with pytest.raises(Stopped):
        house.repositories.fetch(site.id, Listener().job())
    with pytest.raises(Refused):
        house.agents.load(bolt.id, Listener().job())
    with pytest.raises(Missing, match="your own"):
        house.agents.load(acme.id, Listener().job(), own=True)


def test_a_key_in_the_tenants_agent_never_goes_before_the_projects_own(
    house: House, server: Sshd, remote: Path
) -> None:
    acme = tenant(house)
    keys = [house.keys.generate(acme.id, name).key for name in ("others", "loaded", "own")]
    for key in keys:
        server.authorize(key.public)
    know(house, acme, server)
    house.agents.load(acme.id, Listener().job(), [keys[1].id])
    site = project(house, acme, server.url(remote), key_id=keys[2].id)

    chosen = house.keys.choice(house.projects.get(site.id))
    assert chosen.names == ("own", "others", "loaded")
    assert "agent holds it" in chosen.reasons[2].why
    said = house.repositories.identity(site.id)
    assert (said.key, said.why) == ("own", f"{chosen.why} In this order: own, others, loaded.")
    house.repositories.clone(site.id, Listener().job())
    assert server.offered() == {keys[2].fingerprint}
    assert house.connections.project(site.id, Listener().job()).accepted == keys[2].fingerprint

    server.deauthorize()
    server.authorize(keys[1].public)
    house.repositories.fetch(site.id, Listener().job())
    report = house.connections.project(site.id, Listener().job())
    assert report.offered == tuple(keys[n].fingerprint for n in (2, 0, 1))
    assert report.accepted == keys[1].fingerprint


def test_keys_stay_in_order_whatever_the_agent_holds() -> None:
    def order(held: str) -> list[str]:
        keys = [KeyFile(name, Path(name), name) for name in "abcd"]
        return ["".join(key.name for key in part) for part in portions(keys, list(held))]

    assert order("") == order("a") == order("abcd") == order("abxy") == ["abcd"]
    assert order("b") == ["a", "bcd"]
    assert order("db") == ["a", "bc", "d"]
    assert order("ba") == ["a", "bcd"]
    assert portions([], ["a"]) == ((),)


def test_a_connection_test_goes_as_far_as_git_would(
    house: House, tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = tenant(house)
    keys = [house.keys.generate(acme.id, f"k{number}").key for number in range(5)]
    pair = ssh.generate(KeyType.ED25519)
    ssh.write(pair, tmp_path / "own")
    agent = ssh.Agent(ssh.place(tmp_path, "person"))
    agent.start()
    try:
        agent.add(ssh.plain_text(tmp_path / "own", ""), seconds=60)
        monkeypatch.setenv("SSH_AUTH_SOCK", str(agent.path))
        with Sshd(tmp_path / "few", settings="MaxAuthTries 3") as server:
            server.authorize(keys[-1].public)
            know(house, acme, server)
            site = project(house, acme, server.url(remote))
            report = house.connections.project(site.id, Listener().job())
            assert report.accepted == keys[-1].fingerprint
            assert report.offered == tuple(key.fingerprint for key in keys)

            server.deauthorize()
            server.authorize(pair.public)
            assert not house.connections.project(site.id, Listener().job()).good
            house.keys.care.set_rules(acme.id, KeyRules(own_agent=True))
            report = house.connections.project(site.id, Listener().job())
            assert report.accepted == pair.fingerprint
    finally:
        agent.end()


def test_two_tenants_at_one_host_never_show_each_others_keys(
    house: House, server: Sshd, remote: Path
) -> None:
    sides = [tenant(house, name) for name in ("One", "Two")]
    keys = [house.keys.generate(side.id, "k").key for side in sides]
    for side, key in zip(sides, keys, strict=True):
        server.authorize(key.public)
        know(house, side, server)
        begun = len(server.log_text())
        site = project(house, side, server.url(remote))
        house.repositories.clone(site.id, Listener().job())
        assert house.connections.project(site.id, Listener().job()).good
        fresh = server.log_text()[begun:]
        assert key.fingerprint in fresh
        assert not [one for one in keys if one is not key and one.fingerprint in fresh]


def test_a_connection_test_names_every_step_and_no_secret(
    house: House, server: Sshd, remote: Path
) -> None:
    acme = tenant(house)
    key = house.keys.generate(acme.id, "deploy", passphrase="geheim-wort").key
    server.authorize(key.public)
    site = project(house, acme, server.url(remote))
    report = house.connections.project(site.id, Listener().job())
    assert not report.good
    assert server.host_fingerprint() in report.hint
    assert report.steps[-1].state is StepState.SKIPPED
    know(house, acme, server)
    report = house.connections.project(site.id, Listener(["geheim-wort"] * 2).job())
    assert report.good, report.text
    assert [step.title for step in report.steps] == [
        "Name",
        "Connection",
        "Greeting",
        "Host key",
        "Login",
        "Keys",
        "Repository",
    ]
    assert report.accepted == key.fingerprint
    assert "“deploy”" in report.text
    assert "1 branch" in report.text
    assert "geheim" not in report.text
    assert "PRIVATE" not in report.text
    host = house.connections.host(
        acme.id,
        "127.0.0.1",
        Listener(["geheim-wort"]).job(),
        port=server.port,
        user=server.account,
    )
    assert host.good
    gone = project(house, acme, "ssh://git@no-such-host.invalid/x.git", "gone")
    report = house.connections.project(gone.id, Listener().job())
    assert report.steps[0].state is StepState.BAD
    assert "could not be found" in report.text


def test_a_connection_test_of_a_web_address_asks_for_the_token(house: House, remote: Path) -> None:
    acme = tenant(house)
    with GitHttp(remote.parent, "t0ken-secret") as site:
        there = project(house, acme, site.url("remote.git"))
        report = house.connections.project(there.id, Listener(["t0ken-secret"]).job())
    assert report.good, report.text
    assert "t0ken" not in report.text
    report = house.connections.project(there.id, Listener().job())
    assert not report.good


def test_a_rotation_goes_round_and_an_interrupted_one_goes_on(
    house: House, server: Sshd, remote: Path
) -> None:
    acme = tenant(house)
    old = house.keys.generate(acme.id, "deploy", KeyType.RSA, bits=2048).key
    server.authorize(old.public)
    house.keys.care.register(old.id, Registration("git.acme.example"))
    know(house, acme, server)
    site = project(house, acme, server.url(remote), key_id=old.id)
    house.repositories.clone(site.id, Listener().job())

    ear = Listener([REGISTERED])
    with pytest.raises(NotTrusted, match="did not let the new key in"):
        house.rotation.rotate(old.id, ear.job())
    new = house.rotation.pending(old.id)
    assert new is not None
    assert (new.type, new.name) == (KeyType.ED25519, "deploy (new)")
    assert ear.asked[0].detail == new.public
    assert house.keys.choice(house.projects.get(site.id)).names == ("deploy",)
    assert house.keys.get(old.id).path.exists()

    server.authorize(new.public)
    made = house.rotation.rotate(old.id, Listener().job(), registered=True).key
    assert (made.id, made.name, made.replaces) == (new.id, "deploy", None)
    assert [key.id for key in house.keys.all(acme.id)] == [new.id]
    assert not old.path.exists()
    assert house.projects.get(site.id).key_id == new.id
    server.deauthorize()
    server.authorize(made.public)
    house.repositories.fetch(site.id, Listener().job())
    with pytest.raises(Stopped):
        house.rotation.rotate(made.id, Listener().job())
    assert house.rotation.pending(made.id) is not None
    assert house.rotation.cancel(made.id).key.id == made.id
    assert len(house.keys.all(acme.id)) == 1


def test_a_forge_that_is_there_registers_and_withdraws(
    house: House, server: Sshd, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Door:
        def __init__(self) -> None:
            self.gone: list[str] = []

        def can(self, tenant_id: int, where: Registration) -> bool:
            return where.forge == "git.acme.example"

        def register(
            self, tenant_id: int, where: Registration, title: str, public: str
        ) -> Registration:
            server.authorize(public)
            return Registration(where.forge, where.place, "99")

        def unregister(self, tenant_id: int, where: Registration) -> None:
            self.gone.append(where.remote_id)

    door = Door()
    monkeypatch.setattr(house.rotation, "_forge", door)
    acme = tenant(house)
    old = house.keys.generate(acme.id, "deploy").key
    house.keys.care.register(old.id, Registration("git.acme.example", "user", "7"))
    server.authorize(old.public)
    know(house, acme, server)
    project(house, acme, server.url(remote))
    silent = Listener()
    made = house.rotation.rotate(old.id, silent.job()).key
    assert silent.asked == []
    assert [where.remote_id for where in made.registered] == ["99"]
    assert door.gone == ["7"]


def test_hosts_are_compared_trusted_resolved_and_hidden(house: House, server: Sshd) -> None:
    acme, bolt = tenant(house), tenant(house, "Bolt")
    house.keys.care.set_rules(acme.id, KeyRules(hash_hosts=True))
    hosts, port = house.hosts, server.port
    shown = hosts.look(acme.id, "127.0.0.1", port)
    assert (shown.standing, shown.fingerprint) == ("unknown", server.host_fingerprint())
    art = subprocess.run(
        ["ssh-keygen", "-lvf", f"{server.folder}/host_key.pub"], capture_output=True, text=True
    ).stdout.splitlines()[1:]
    assert shown.randomart.splitlines() == art
    with pytest.raises(Refused):
        hosts.trust(acme.id, "127.0.0.1", port, "aa:bb")
    wrong = "SHA256:" + "A" * 43
    with pytest.raises(Exception, match="shows another key"):
        hosts.trust(acme.id, "127.0.0.1", port, wrong)
    hosts.trust(acme.id, "127.0.0.1", port, shown.fingerprint)
    assert hosts.look(acme.id, "127.0.0.1", port).standing == "known"
    assert "127.0.0.1" not in house.tenants.room(acme.id).known_hosts.read_text()
    assert hosts.all(bolt.id) == []
    old = shown.fingerprint
    server.new_host_key()
    server.restart()
    new = server.host_fingerprint()
    assert hosts.look(acme.id, "127.0.0.1", port).standing == "changed"
    with pytest.raises(NotTrusted, match="another key"):
        hosts.trust(acme.id, "127.0.0.1", port, new)
    with pytest.raises(Exception, match="does not know"):
        hosts.resolve(acme.id, "127.0.0.1", port, old=wrong, new=new)
    hosts.resolve(acme.id, "127.0.0.1", port, old=old, new=new)
    assert hosts.look(acme.id, "127.0.0.1", port).standing == "known"
    assert [host.fingerprint for host in hosts.all(acme.id)] == [new]
    hosts.revoke(acme.id, new)
    assert hosts.look(acme.id, "127.0.0.1", port).standing == "revoked"
    with pytest.raises(NotTrusted, match="revoked"):
        hosts.trust(acme.id, "127.0.0.1", port, new)


def test_a_key_on_a_security_key_that_is_not_plugged_in_is_said(
    house: House, server: Sshd, remote: Path, tmp_path: Path
) -> None:
    """Its file is imported, listed and handed to OpenSSH, which does not find the device."""
    acme = tenant(house)
    key = house.keys.add(acme.id, "yubikey", token_key(tmp_path / "id")).key
    assert [one.key.type for one in house.keys.entries(acme.id)] == [KeyType.ED25519_SK]
    server.authorize(key.public)
    know(house, acme, server)
    site = project(house, acme, server.url(remote))
    with pytest.raises(NotTrusted, match="not plugged in") as caught:
        house.repositories.clone(site.id, Listener().job())
    assert "Plug it in" in caught.value.hint
    assert server.offered() >= {key.fingerprint}
    report = house.connections.project(site.id, Listener().job())
    assert "The security key is not plugged in." in report.text
    assert "Plug it in" in report.hint
