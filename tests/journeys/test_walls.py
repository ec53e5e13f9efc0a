"""Two tenants at once, on one server of each kind: nothing of one reaches the other."""

from __future__ import annotations

import base64
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from aiops_desktop.domain.deployments import DeployDraft, DeploymentState
from aiops_desktop.domain.keys import KeyType
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project, ProjectDraft
from aiops_desktop.domain.runs import RunDraft, RunState
from aiops_desktop.domain.tenants import Tenant, TenantDraft, TenantRoom
from aiops_desktop.domain.trouble import NotTrusted, Stopped
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from tests.support.fake_semaphore import FakeSemaphore
from tests.support.githttp import GitHttp
from tests.support.people import Listener
from tests.support.repos import bare, git
from tests.support.shell import house
from tests.support.sshd import Sshd, needs_sshd
from tests.support.waiting import until

pytestmark = pytest.mark.journey

NAMES = ("Acme", "Bolt")


@dataclass(frozen=True)
class Side:
    """One of the two tenants; its project has the same name as the other's."""

    tenant: Tenant
    house: House

    @property
    def slug(self) -> str:
        return self.tenant.slug

    @property
    def room(self) -> TenantRoom:
        return self.house.tenants.room(self.tenant.id)

    def project(self, url: str, name: str = "site") -> Project:
        return self.house.projects.create(ProjectDraft(self.tenant.id, url, name)).project

    def clone(self, project: Project, **how: object) -> Listener:
        ear = Listener(**how)  # type: ignore[arg-type]  # by name
        self.house.repositories.clone(project.id, ear.job())
        return ear

    def cloned(self, folder: Path) -> Project:
        """A project cloned from a bare repository of this tenant's own, on disk."""
        remote = bare(folder / self.slug / "site.git", {"whose.txt": self.slug})
        project = self.project(str(remote))
        self.clone(project)
        return project


@pytest.fixture
def sides(layout: Layout) -> tuple[Side, Side]:
    found = house(layout)
    made = [
        Side(
            found.tenants.create(TenantDraft(name, "", "", name[:3], f"{name}@x.example")).tenant,
            found,
        )
        for name in NAMES
    ]
    return made[0], made[1]


@needs_sshd
def test_keys_and_known_hosts(sides: tuple[Side, Side], tmp_path: Path) -> None:
    one, two = sides
    remotes = {s.slug: bare(tmp_path / "srv" / f"{s.slug}.git", {"a": s.slug}) for s in sides}
    with Sshd(tmp_path / "sshd") as server:
        keys = {
            s.slug: s.house.keys.generate(s.tenant.id, "main", KeyType.ED25519).key for s in sides
        }
        for key in keys.values():
            server.authorize(key.public)
        projects = {s.slug: s.project(server.url(remotes[s.slug])) for s in sides}

        asked = one.clone(projects["acme"]).asked
        assert len(asked) == 1
        assert server.offered() == {keys["acme"].fingerprint}
        assert one.house.keys.hosts(one.tenant.id)
        assert two.house.keys.hosts(two.tenant.id) == []

        ear = Listener(trusting=False)
        with pytest.raises(Stopped):
            two.house.repositories.clone(projects["bolt"].id, ear.job())
        assert len(ear.asked) == 1, "that the one trusts it says nothing for the other"
        assert server.offered() == {keys["acme"].fingerprint}, "and nothing was shown to it"

        server_log = len(server.log_text())
        two.clone(projects["bolt"])
        fresh = server.log_text()[server_log:]
        assert keys["bolt"].fingerprint in fresh
        assert keys["acme"].fingerprint not in fresh

        # The one's key is refused from now on: the other's is not tried in its place.
        server.deauthorize()
        server.authorize(keys["bolt"].public)
        server_log = len(server.log_text())
        with pytest.raises(NotTrusted):
            one.house.repositories.fetch(projects["acme"].id, Listener().job())
        fresh = server.log_text()[server_log:]
        assert keys["acme"].fingerprint in fresh
        assert keys["bolt"].fingerprint not in fresh

        one.house.keys.distrust(one.tenant.id, server.known_name)
        assert two.house.keys.hosts(two.tenant.id)


def test_checkouts_of_equal_names_and_authors(sides: tuple[Side, Side], tmp_path: Path) -> None:
    projects = [side.cloned(tmp_path / "srv") for side in sides]
    assert len({project.checkout for project in projects}) == 2
    for side, project in zip(sides, projects, strict=True):
        assert project.checkout == side.room.checkouts / "site"
        assert (project.checkout / "whose.txt").read_text() == side.slug
        (project.checkout / "mine.txt").write_text(side.slug)
        side.house.repositories.stage(project.id, ["mine.txt"])
        side.house.repositories.commit(project.id, "Mine", Job(""))
        name = side.tenant.name
        who = git(project.checkout, "log", "-1", "--format=%an <%ae> %cn <%ce>")
        assert who == " ".join([f"{name[:3]} <{name}@x.example>"] * 2)
        side.house.repositories.push(project.id, Job(""))
    for side in sides:
        remote = tmp_path / "srv" / side.slug / "site.git"
        assert git(remote, "show", "main:mine.txt") == side.slug


def test_terminals(sides: tuple[Side, Side], tmp_path: Path) -> None:
    told: dict[str, dict[str, str]] = {}
    sockets = set()
    for side in sides:
        project = side.cloned(tmp_path / "srv")
        opening = side.house.sessions.open(project.id, tool="shell")
        assert opening.session == f"{side.slug}-shell"
        sockets.add(side.room.tmux_socket)
        sign = tmp_path / f"{side.slug}.env"
        _type(opening.attach_command, opening.window, f"env > {sign}.part; mv {sign}.part {sign}")
        until(sign.exists)
        lines = (line.partition("=") for line in sign.read_text().splitlines())
        told[side.slug] = {name: value for name, _, value in lines}
    assert len(sockets) == 2
    for side, other in (sides, sides[::-1]):
        mine = told[side.slug]
        room = side.room
        assert mine["AIOPS_TENANT"] == side.slug
        assert mine["CODEX_HOME"] == str(room.assistants / "codex")
        assert mine["GIT_AUTHOR_EMAIL"] == f"{side.tenant.name}@x.example"
        assert mine["PWD"] == str(room.checkouts / "site")
        assert room.tmux_socket in mine["TMUX"]
        for name, value in mine.items():
            assert str(other.room.folder) not in value, name
            assert other.room.tmux_socket not in value, name
        living = side.house.sessions.all(side.tenant.id)
        assert [session.name for session in living] == [f"{side.slug}-shell"]
        assert {w.path for s in living for w in s.windows} == {str(room.checkouts / "site")}
    one, two = sides
    one.house.sessions.end_all(one.room)
    assert [s.name for s in two.house.sessions.all()] == ["bolt-shell"]


def _type(attach: str, window: str, line: str) -> None:
    """Type a line into a window, as whoever attaches with the shown command would."""
    words = shlex.split(attach)
    tmux = words[: words.index("attach")] if "attach" in words else words[:3]
    subprocess.run([*tmux, "send-keys", "-t", window, line, "Enter"], check=True)


def test_assistants_at_work(sides: tuple[Side, Side], tmp_path: Path) -> None:
    """Both runs write down their surroundings, and look for a marker in their assistant's home."""
    script = tmp_path / "assistant"
    script.write_text(
        "#!/bin/sh\n"
        "env > env.txt\n"
        'cat "$CODEX_HOME/marker" > marker.txt\n'
        "git log -1 --format=%an >> env.txt\n"
    )
    script.chmod(0o755)
    for side in sides:
        home = side.room.assistants / "codex"
        home.mkdir(parents=True, exist_ok=True)
        (home / "marker").write_text(f"only for {side.slug}")
    sides[0].house.settings.save({"assistants.default_tool": str(script)})
    runs = {}
    for side in sides:
        project = side.cloned(tmp_path / "srv")
        draft = RunDraft(project.id, "Look around", str(script))
        runs[side.slug] = side.house.runs.start(draft, Job("")).run
    for side, other in (sides, sides[::-1]):
        run = side.house.runs.follow(runs[side.slug].id, Job(""), lambda _update: None).run
        assert run.state is RunState.READY, run.error
        assert run.worktree.is_relative_to(side.room.worktrees)
        assert (run.worktree / "marker.txt").read_text() == f"only for {side.slug}"
        told = (run.worktree / "env.txt").read_text()
        assert f"CODEX_HOME={side.room.assistants}/codex\n" in told
        for foreign in (str(other.room.folder), str(other.room.checkouts), other.slug):
            assert foreign not in told.replace(str(tmp_path), ""), foreign
        assert run.session == f"{side.slug}-runs:run-{run.id}"
        assert [r.id for r in side.house.runs.all() if r.tenant_id == side.tenant.id] == [run.id]


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[GitHttp]:
    bare(tmp_path / "http" / "acme.git", {"a": "acme"})
    bare(tmp_path / "http" / "bolt.git", {"a": "bolt"})
    with GitHttp(tmp_path / "http", "token-of-acme-0123456789") as site:
        yield site


def test_tokens_of_one_host(sides: tuple[Side, Side], sites: GitHttp) -> None:
    one, two = sides
    first = one.project(sites.url("acme.git"))
    asked = one.clone(first, answers=["token-of-acme-0123456789"], remember=True).asked
    assert len(asked) == 1
    one.house.repositories.fetch(first.id, Listener().job())
    sites.seen.clear()

    second = two.project(sites.url("bolt.git"))
    ear = Listener()
    with pytest.raises(Stopped):
        two.house.repositories.clone(second.id, ear.job())
    assert [question.secret for question in ear.asked] == [True], "it is asked for its own"
    assert not [given for given in sites.seen if given], "and the one's was not sent"
    assert two.house.repositories.identity(second.id).credential == "none stored"

    sites.wanted = base64.b64encode(b"oauth2:token-of-bolt-9876543210").decode()
    two.clone(second, answers=["token-of-bolt-9876543210"], remember=True)
    sent = {base64.b64decode(given.split()[1]).decode() for given in sites.seen if given}
    assert sent == {"oauth2:token-of-bolt-9876543210"}
    two.house.tenants.delete(two.tenant.id, Job(""))
    assert one.house.secrets.has(f"tenant:{one.tenant.id}/https/{sites.host}")
    assert not one.house.secrets.has(f"tenant:{two.tenant.id}/https/{sites.host}")


def test_semaphore_projects(sides: tuple[Side, Side]) -> None:
    """One server for both, a project of it for each."""
    with FakeSemaphore() as fake:
        fake.projects[8] = "Bolt's"
        found = sides[0].house
        found.settings.save(
            {
                "semaphore.base_url": fake.url,
                "semaphore.api_token": fake.token,
                "semaphore.poll_interval": 0.2,
            }
        )
        numbers = {}
        for side, number in zip(sides, (7, 8), strict=True):
            draft = ProjectDraft(side.tenant.id, f"git@h.example:{side.slug}/site.git")
            project = found.projects.create(draft).project
            made = ProjectDraft(
                side.tenant.id, project.remote_url, project.name, semaphore_project=number
            )
            found.projects.edit(project.id, made)
            numbers[project.id] = number
        for project_id in numbers:
            launched = found.deployments.launch(DeployDraft(project_id, "1"), Job("")).deployment
            last = found.deployments.follow(launched.id, Job(""), lambda _update: None)
            assert last.deployment.state is DeploymentState.SUCCESS
            assert [d.id for d in found.deployments.all(project_id)] == [launched.id]
        posted = [path for path in fake.paths("POST") if path.endswith("/tasks")]
        assert posted == [f"/api/project/{number}/tasks" for number in numbers.values()]
        folders = [deployment.folder for deployment in found.deployments.all()]
        assert {folder.parent for folder in folders} == {
            s.room.folder / "deployments" for s in sides
        }
