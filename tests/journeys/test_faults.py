"""The nineteen faults of the web app this program follows: none of them comes back.

Each test bears the number of its fault. What only a window can show (that a private key is not
painted, that a dialog lists what a pull would take) is tested with the window.
"""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aiops_desktop import app
from aiops_desktop.adapters.tmux import Tmux
from aiops_desktop.cli.plain import plain
from aiops_desktop.domain.deployments import DeployDraft, DeploymentState
from aiops_desktop.domain.events import EventFilter, Outcome
from aiops_desktop.domain.identities import identity
from aiops_desktop.domain.keys import KeyType
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.operators import Role
from aiops_desktop.domain.projects import CheckoutState, Project, ProjectDraft
from aiops_desktop.domain.remotes import parse_remote
from aiops_desktop.domain.sessions import Opening
from aiops_desktop.domain.tenants import Tenant, TenantDraft
from aiops_desktop.domain.trouble import Clash, Refused, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from aiops_desktop.services.seeding import SEED
from aiops_desktop.services.sessions import tenant_tmux
from aiops_desktop.terminal.pty import PtyProcess
from tests.support.fake_semaphore import CONFIRM, ENDLESS, FakeSemaphore, Step
from tests.support.repos import bare, commit, git, push_more, write
from tests.support.shell import Shell, house
from tests.support.waiting import until

pytestmark = pytest.mark.journey


@pytest.fixture
def found(layout: Layout) -> House:
    return house(layout)


@pytest.fixture
def acme(found: House) -> Tenant:
    return found.tenants.create(TenantDraft("Acme", "", "", "Ann", "ann@acme.example")).tenant


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return bare(tmp_path / "srv" / "site.git", {"site.yml": "- hosts: all\n", "a.txt": "a\n"})


def project(found: House, tenant: Tenant, url: Path | str, name: str = "") -> Project:
    return found.projects.create(ProjectDraft(tenant.id, str(url), name)).project


def cloned(found: House, tenant: Tenant, url: Path, name: str = "") -> Project:
    made = project(found, tenant, url, name)
    found.repositories.clone(made.id, Job("Clone"))
    return found.projects.get(made.id)


def program(folder: Path, script: str) -> str:
    """A small assistant."""
    folder.mkdir(exist_ok=True)
    path = folder / "tool"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def server_of(found: House, tenant: Tenant) -> Tmux:
    return tenant_tmux(found.tenants.room(tenant.id), found.settings.current().terminal)


@contextmanager
def attached(opening: Opening) -> Iterator[PtyProcess]:
    """A terminal on which a tab's command runs."""
    tab = PtyProcess.start(opening.argv, opening.environment, opening.folder, 100, 30)
    try:
        yield tab
    finally:
        tab.close()


def test_01_second_start_does_not_type_into_the_running_program(
    found: House, acme: Tenant, remote: Path, tmp_path: Path
) -> None:
    typed = tmp_path / "typed"
    tool = program(tmp_path / "bin", f"echo ready; exec cat > {typed}")
    found.settings.save({"assistants.codex_command": tool})
    site = cloned(found, acme, remote)
    first = found.sessions.open(site.id)
    until(typed.exists)
    again = found.sessions.open(site.id)
    assert (again.reused, again.window) == (True, first.window)
    with attached(again):
        until(lambda: found.sessions.all(acme.id)[0].attached == 1)
        server = server_of(found, acme)
        assert len(server.windows()) >= 1
        assert found.sessions.open(site.id).window == first.window
    assert typed.read_text() == ""
    assert len(found.history.all(EventFilter(verb="open session"))) == 1


def test_02_two_tabs_on_one_tenant_do_not_mirror_each_other(
    found: House, acme: Tenant, remote: Path
) -> None:
    sites = [cloned(found, acme, remote, name) for name in ("one", "two")]
    tabs = [found.sessions.open(site.id, tool="shell") for site in sites]
    server = server_of(found, acme)

    def shown() -> dict[str, str]:
        """What each view looks at."""
        return {w.session: w.id for w in server.windows() if w.active}

    with attached(tabs[0]), attached(tabs[1]):
        until(lambda: {tab.view for tab in tabs} <= set(shown()))
        until(lambda: [shown()[tab.view] for tab in tabs] == [tab.window for tab in tabs])
        assert tabs[0].window != tabs[1].window
        third = found.sessions.open(sites[1].id)
        with attached(third):
            until(lambda: third.view in shown())
            until(lambda: shown()[third.view] == tabs[1].window)
            assert shown()[tabs[0].view] == tabs[0].window, "the first still looks at its own"


def test_03_looking_makes_no_windows_and_no_clones(
    found: House, acme: Tenant, remote: Path
) -> None:
    site = cloned(found, acme, remote)
    waiting = project(found, acme, remote, "waiting")
    events = len(found.history.all())
    for one in (site, waiting):
        found.deployments.board(one.id)
        found.repositories.identity(one.id)
        found.runs.assistants(one.id)
        found.projects.doomed(one.id)
    found.repositories.status(site.id)
    found.repositories.statuses([site.id, waiting.id], Job(""), lambda _id, _told: None)
    found.tenants.doomed(acme.id)
    assert found.sessions.all() == []
    assert found.sessions.recover() == []
    assert not server_of(found, acme).running()
    assert not waiting.checkout.exists()
    assert found.projects.get(waiting.id).state is CheckoutState.ABSENT
    assert len(found.history.all()) == events


def test_04_a_tool_missing_in_the_pane_falls_back_to_the_shell_and_says_so(
    found: House, acme: Tenant, remote: Path
) -> None:
    found.settings.save({"assistants.codex_command": "no-such-codex --fast"})
    site = cloned(found, acme, remote)
    opening = found.sessions.open(site.id)
    assert opening.note.startswith("“no-such-codex” was not found, so this is a shell.")
    assert opening.program in {"bash", "sh", "dash", "zsh"}
    assert not [w for s in found.sessions.all() for w in s.windows if w.dead]


def test_05_nothing_is_typed_for_the_person_so_nothing_is_doubled(
    found: House, acme: Tenant, remote: Path, tmp_path: Path
) -> None:
    """The tool is the window's own program: its command never goes through a shell's input."""
    tool = program(tmp_path / "bin", "sleep 0.3; echo READY; read line; echo got-$line; read end")
    found.settings.save({"assistants.codex_command": tool})
    opening = found.sessions.open(cloned(found, acme, remote).id)
    server = server_of(found, acme)
    with attached(opening) as tab:
        tab.write(b"early\r")  # before the tool reads
        until(lambda: "got-early" in server.capture(opening.window))
        text = server.capture(opening.window)
    assert text.count("got-") == 1
    assert "clear" not in text
    assert tool not in text


def test_06_a_window_belongs_to_one_project_of_its_tenant(
    found: House, acme: Tenant, remote: Path
) -> None:
    sites = [cloned(found, acme, remote, name) for name in ("one", "two")]
    first, second = (found.sessions.open(site.id, tool="shell") for site in sites)
    assert first.window != second.window
    assert [found.sessions.open(site.id).window for site in sites] == [first.window, second.window]
    with pytest.raises(Trouble):
        found.sessions.open(sites[0].id, window=second.window)
    (session,) = found.sessions.all(acme.id)
    assert {w.name: w.path for w in session.windows} == {
        site.slug: str(site.checkout) for site in sites
    }


def test_07_a_rejected_push_is_a_clash_with_next_steps(
    found: House, acme: Tenant, remote: Path
) -> None:
    site = cloned(found, acme, remote)
    theirs = push_more(remote, {"theirs.txt": "1"})
    commit(site.checkout, {"mine.txt": "1"})
    with pytest.raises(Clash) as told:
        found.repositories.push(site.id, Job("Push"))
    assert set(told.value.steps) >= {"git.fetch_rebase", "git.push_lease"}
    assert git(remote, "rev-parse", "main") == theirs
    (event,) = found.history.all(EventFilter(verb="push"))
    assert event.outcome is Outcome.REFUSED


def test_08_a_pull_never_takes_untracked_files(found: House, acme: Tenant, remote: Path) -> None:
    site = cloned(found, acme, remote)
    write(site.checkout, {"mine.txt": "nowhere else\n", "theirs.txt": "mine, too\n"})
    push_more(remote, {"theirs.txt": "theirs\n"})
    for how in ("ff-only", "rebase", "merge"):
        with pytest.raises(Trouble) as told:
            found.repositories.pull(site.id, Job("Pull"), how=how)
        assert "theirs.txt" in str(told.value) + told.value.detail
    assert (site.checkout / "mine.txt").read_text() == "nowhere else\n"
    assert (site.checkout / "theirs.txt").read_text() == "mine, too\n"
    (site.checkout / "theirs.txt").unlink()
    found.repositories.pull(site.id, Job("Pull"))
    assert (site.checkout / "mine.txt").read_text() == "nowhere else\n"


def test_09_a_failed_clone_is_a_state_to_try_again_from(
    found: House, acme: Tenant, remote: Path
) -> None:
    away = remote.with_name("away")
    remote.rename(away)
    site = project(found, acme, remote)
    with pytest.raises(Trouble):
        found.repositories.clone(site.id, Job("Clone"))
    failed = found.projects.get(site.id)
    assert failed.state is CheckoutState.FAILED
    assert failed.clone_error.endswith(".")
    assert not site.checkout.exists()
    assert list(site.checkout.parent.iterdir()) == []
    away.rename(remote)
    found.repositories.clone(site.id, Job("Clone"))
    assert found.projects.get(site.id).state is CheckoutState.READY


def test_10_equal_names_never_share_a_folder(found: House, acme: Tenant, remote: Path) -> None:
    bolt = found.tenants.create(TenantDraft("Bolt")).tenant
    alike = found.tenants.create(TenantDraft("A.c.m.e.")).tenant
    made = [project(found, tenant, remote, "Site") for tenant in (acme, bolt, alike)]
    made.append(project(found, acme, remote, "site!"))
    assert len({one.checkout for one in made}) == 4
    assert len({found.tenants.room(tenant.id).folder for tenant in (acme, bolt, alike)}) == 3


def test_11_a_taken_name_is_a_sentence_at_its_field(
    found: House, acme: Tenant, remote: Path
) -> None:
    for name in ("Acme", "ACME", " acme "):
        with pytest.raises(Refused) as told:
            found.tenants.create(TenantDraft(name))
        assert told.value.field == "name"
    project(found, acme, remote, "Site")
    with pytest.raises(Refused) as told:
        project(found, acme, remote, "SITE")
    assert told.value.field == "name"


def test_12_deleting_a_tenant_leaves_no_key_no_checkout_no_secret(
    layout: Layout, found: House, acme: Tenant, remote: Path
) -> None:
    site = cloned(found, acme, remote)
    key = found.keys.generate(
        acme.id, "main", KeyType.ED25519, passphrase="correct horse", remember=True
    ).key
    owner = f"tenant:{acme.id}/key/{key.fingerprint}"
    assert found.secrets.has(owner)
    doomed = found.tenants.doomed(acme.id)
    assert (doomed.keys, doomed.checkouts) == (("main",), (str(site.checkout),))
    found.tenants.delete(acme.id, Job("Delete"))
    assert not found.secrets.has(owner)
    assert not key.path.exists()
    assert not site.checkout.exists()
    assert not layout.tenant("acme").exists()
    private = [path for path in layout.data.rglob("*") if path.is_file() and _is_private(path)]
    assert all(path.is_relative_to(layout.trash) for path in private)
    shutil.rmtree(layout.trash)
    assert not [path for path in layout.data.rglob("*") if path.is_file() and _is_private(path)]


def _is_private(path: Path) -> bool:
    return b"PRIVATE KEY-----" in path.read_bytes()[:100]


def test_13_an_admins_e_mail_has_no_case(layout: Layout) -> None:
    shell = Shell(layout)
    shell("create-admin", "--email", "Ann.Admin@Desk.Example", "--name", "Ann")
    found = house(layout)
    for typed in ("ann.admin@desk.example", "ANN.ADMIN@DESK.EXAMPLE"):
        operator = found.operators.find(typed)
        assert operator is not None
        assert operator.role is Role.ADMIN
    shell("create-admin", "--email", "ANN.ADMIN@DESK.EXAMPLE", code=3)


def test_14_no_path_depends_on_where_the_program_was_started(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {
        "AIOPS_DATA_DIR": str(layout.data),
        "DATABASE_URL": "sqlite:///instance/app.db",
        "REPO_STORAGE_PATH": "instance/repos",
    }
    seen = set()
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        place = app.layout_from_environment(environ)
        made = app.build(place, environ)
        if not made.tenants.all():
            tenant = made.tenants.create(TenantDraft("Acme")).tenant
            made.projects.create(ProjectDraft(tenant.id, "git@h.example:a/site.git"))
        (only,) = made.projects.all()
        seen.add(only.checkout)
        assert list((tmp_path / name).iterdir()) == []
    assert seen == {layout.data / "instance" / "repos" / "acme" / "site"}
    assert (layout.data / "instance" / "app.db").exists()


def test_15_every_database_is_made_by_the_migrations(layout: Layout) -> None:
    shell = Shell(layout)
    shell("db-init")
    shell("db-init")
    shell("seed-data")
    assert "All was there." in shell("seed-data").out
    sources = Path(app.__file__).parent.rglob("*.py")
    assert not [path for path in sources if "create_all(" in path.read_text()]


def test_16_private_keys_stay_where_they_are(
    layout: Layout, found: House, acme: Tenant, tmp_path: Path
) -> None:
    made = found.keys.generate(acme.id, "made", KeyType.ED25519).key
    heart = made.path.read_text().splitlines()[2]
    shown = repr(made) + json.dumps(plain(made)) + json.dumps(plain(found.tenants.room(acme.id)))
    assert "PRIVATE" not in shown
    assert heart not in shown
    assert heart not in found.history.export(EventFilter(), "json")

    windows = tmp_path / "from-windows"
    windows.write_bytes(made.path.read_bytes().replace(b"\n", b"\r\n"))
    bolt = found.tenants.create(TenantDraft("Bolt")).tenant
    brought = found.keys.add(bolt.id, "brought", windows).key
    assert b"\r" not in brought.path.read_bytes()
    assert brought.path.stat().st_mode & 0o777 == 0o600

    with pytest.raises(Refused) as told:  # a key changes its tenant by no back door
        found.projects.create(
            ProjectDraft(acme.id, "git@h.example:a/b.git", "b", key_id=brought.id)
        )
    assert told.value.field == "key_id"
    assert [key.tenant_id for key in found.keys.all(bolt.id)] == [bolt.id]


@pytest.fixture
def semaphore(found: House) -> Iterator[FakeSemaphore]:
    with FakeSemaphore() as fake:
        found.settings.save(
            {
                "semaphore.base_url": fake.url,
                "semaphore.api_token": fake.token,
                "semaphore.default_project_id": 7,
                "semaphore.poll_interval": 0.2,
            }
        )
        yield fake


def test_17_semaphore_is_not_waited_for_and_says_what_it_does(
    found: House, acme: Tenant, semaphore: FakeSemaphore
) -> None:
    site = project(found, acme, "git@h.example:a/site.git")

    def launch(*story: Step, **more: str) -> int:
        semaphore.story = story
        draft = dataclasses.replace(DeployDraft(site.id, "1"), **more)  # type: ignore[arg-type]  # texts
        return found.deployments.launch(draft, Job("")).deployment.id

    def followed(number: int) -> DeploymentState:
        return found.deployments.follow(number, Job(""), lambda _u: None).deployment.state

    begun = time.monotonic()
    endless = launch(*ENDLESS)
    assert time.monotonic() - begun < 3
    assert not found.deployments.get(endless).state.over

    warned = launch(("running", ("careful",)), ("warning", ()))
    assert followed(warned) is DeploymentState.WARNING
    (event,) = [e for e in found.history.all() if e.verb == "deploy" and e.outcome is Outcome.DONE]
    assert "warnings" in event.note

    waits = launch(*CONFIRM)
    until(lambda: found.deployments.update(waits).deployment.state is DeploymentState.CONFIRMING)
    assert "confirms" in found.deployments.get(waits).message
    found.deployments.confirm(waits, Job(""))
    assert followed(waits) is DeploymentState.SUCCESS

    semaphore.add_template(
        1, "Deploy the shop", "playbooks/deploy.yml", allow_override_args_in_task=True
    )
    with pytest.raises(Refused, match="not a JSON object") as refused:
        launch(arguments='{"limit": "web1"}')
    assert "[" in refused.value.hint or "--" in refused.value.hint

    semaphore.fail("500", "/tasks", times=1)
    with pytest.raises(Trouble) as told:
        launch(*ENDLESS)
    said = f"{told.value.what} {told.value.hint} {told.value.detail}"
    assert not re.search(r"\bNone\b", said), said


@pytest.mark.parametrize(
    ("name", "tenant", "key"),
    [
        ("id_rsa-dcx", "dcx", "syseng-dcx"),
        ("id_rsa-dcx-syseng", "dcx", "syseng-dcx"),
        ("foo-syseng", "", ""),
        ("id_ed25519", "", ""),
        ("id_rsa", "", ""),
        ("id_rsa-kbe-gitlab-syseng", "kbe", "syseng-kbe-gitlab"),
    ],
)
def test_18_key_files_are_read_by_whose_they_are(name: str, tenant: str, key: str) -> None:
    told = identity(Path("/keys") / name)
    assert (told.tenant, told.key) == (tenant, key)
    assert bool(told.note) is not bool(tenant)


@pytest.mark.parametrize("address", SEED.values(), ids=SEED)
def test_19_the_seeds_own_addresses_are_accepted(found: House, acme: Tenant, address: str) -> None:
    made = project(found, acme, address, "seed")
    assert parse_remote(made.remote_url).host == parse_remote(address).host
    assert "%2520" not in made.remote_url
