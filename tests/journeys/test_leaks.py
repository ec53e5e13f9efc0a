"""The whole journey with marker secrets: none is anywhere but where docs/secrets.md says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aiops_desktop.adapters.secrets import phrase
from aiops_desktop.domain.deployments import DeployDraft
from aiops_desktop.domain.events import EventFilter
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project, ProjectDraft
from aiops_desktop.domain.runs import RunDraft
from aiops_desktop.domain.secrets import Place
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from aiops_desktop.ui.pages import FULL
from aiops_desktop.ui.tabs import PAGES
from aiops_desktop.ui.views.settings.sections import SECTIONS
from tests.support.certificates import certificate
from tests.support.fake_semaphore import GOOD, FakeSemaphore
from tests.support.githttp import GitHttp
from tests.support.leaks import Hunt
from tests.support.people import Listener
from tests.support.repos import bare, commit
from tests.support.round import readable
from tests.support.shell import house as opened
from tests.support.sshd import Sshd, needs_sshd
from tests.support.stage import close_stage, open_stage
from tests.support.waiting import until

pytestmark = [pytest.mark.journey, needs_sshd]

TOKEN = "glpat-m4rker/of+the token"
SEMAPHORE = "m4rker-of-semaphore-8c1f="
ANSWER = "m4rker of a survey's answer"
PASSPHRASE = "m4rker of a key's passphrase"
STORE = "m4rker of the store's passphrase"
WRONG = "m4rker-of-a-wrong-token"
AMBIENT = "sk-m4rker-of-the-persons-own-shell"
LOCKED = "m4rker of a passphrase that is kept nowhere"
SEALED = "m4rker of an archive's passphrase"
MARKERS = (TOKEN, SEMAPHORE, ANSWER, PASSPHRASE, STORE, WRONG, AMBIENT, LOCKED, SEALED)


def _of_the_test(line: bytes) -> bool:
    return b"http-backend" in line or b"openssl" in line or b"sshd" in line


def test_the_hunt_finds_what_it_looks_for(tmp_path: Path) -> None:
    with Hunt([TOKEN]) as hunt:
        code = "import time; time.sleep(30)"
        child = subprocess.Popen(
            [sys.executable, "-c", code, TOKEN], env={"GIVEN": f"https://a:{TOKEN}@h"}
        )
        until(lambda: len(hunt.seen) == 2)
        child.kill()
        child.wait()
    assert {found.partition(" of ")[0] for found in hunt.seen} == {"command line", "environment"}
    (tmp_path / "a").write_text("https://oauth2:glpat-m4rker%2Fof%2Bthe%20token@host/")
    (tmp_path / TOKEN.replace("/", "-")).write_text("")
    assert hunt.files(tmp_path) == [f"{tmp_path / 'a'}: {TOKEN}"]


def test_no_secret_is_anywhere_but_where_it_may_be(
    layout: Layout,
    tmp_path: Path,
    private_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    qapp: QApplication,
    qtbot: QtBot,
) -> None:
    monkeypatch.setattr(phrase, "MEMORY", 64)
    remote = bare(tmp_path / "srv" / "site.git", {"README.md": "# Site\n", "site.yml": "- a\n"})
    subprocess.run(["git", "-C", str(remote), "config", "http.receivepack", "true"], check=True)
    context, authority = certificate(tmp_path)
    with (private_home / ".gitconfig").open("a") as file:
        file.write(f"[http]\n\tsslCAInfo = {authority}\n")
    with (
        Hunt(MARKERS, _of_the_test) as hunt,
        GitHttp(tmp_path / "srv", TOKEN, tls=context) as site,
        FakeSemaphore(token=SEMAPHORE) as server,
    ):
        house = opened(layout)
        told = _keys_and_places(house)
        project = _clone_and_push(house, site, told)
        with Sshd(tmp_path / "sshd") as gate:
            _over_ssh(house, gate, remote, told)
        monkeypatch.setenv("OPENAI_API_KEY", AMBIENT)  # now that the test starts nothing itself
        _assist(house, project, told)
        _deploy(house, project, server, told)
        told.append(str(house.safe.status()))
        told += [house.history.export(EventFilter(), kind) for kind in ("json", "csv")]
        told.append(repr(house.doctor.look()) if house.doctor else "")
        told += [
            repr(house.backups.make(Job("Back up"), passphrase=typed)) for typed in ("", SEALED)
        ]
        assert len(house.backups.all()) >= 2, "plain tar, and one under a passphrase"
        shown = _seen(qapp, qtbot, layout)
    assert hunt.seen == set()
    assert any(b"git" in line for line in hunt.looked), "children were looked at"
    assert hunt.markers_in("\n".join(told).encode()) == set()
    assert "the passphrase of the key main of Acme" in shown, "the pages were read"
    assert hunt.markers_in(shown.encode()) == set()
    assert layout.database.with_name("aiops.db-wal").exists(), "searched while it is open"
    assert hunt.files(layout.data, private_home) == []


def _keys_and_places(house: House) -> list[str]:
    """A key whose passphrase is remembered; the store's own key under a passphrase and back."""
    tenant = house.tenants.create(TenantDraft("Acme", "", "", "Ann", "ann@acme.example")).tenant
    made = house.keys.generate(tenant.id, "main", passphrase=PASSPHRASE, remember=True)
    told = [repr(made), repr(house.safe.change(Place.PASSPHRASE, STORE))]
    told.append(repr(house.safe.lock()))
    with pytest.raises(Trouble) as wrong:
        house.safe.unlock(WRONG)
    told.append(repr(wrong.value) + str(wrong.value) + wrong.value.detail)
    told += [repr(house.safe.unlock(STORE)), repr(house.safe.rekey(passphrase=STORE))]
    return told


def _clone_and_push(house: House, site: GitHttp, told: list[str]) -> Project:
    """The first token is wrong, the second one is remembered."""
    tenant = house.tenants.all()[0]
    project = house.projects.create(ProjectDraft(tenant.id, site.url("site.git"), "site")).project
    ear = Listener([WRONG, TOKEN], remember=True)
    job = Job("Clone", ear, house.secrets.scrubber)
    told.append(repr(house.repositories.clone(project.id, job)))
    assert len(ear.asked) == 2
    project = house.projects.get(project.id)
    commit(project.checkout, {"b.txt": "b\n"}, "Second")
    told.append(repr(house.repositories.push_plan(project.id)))
    told.append(repr(house.repositories.push(project.id, Job("Push", ear, house.secrets.scrubber))))
    told += [*ear.lines, repr(ear.told)]
    site.refusal = 403
    site.wanted = "nobody"
    ear.answers = [WRONG] * 3
    with pytest.raises(Trouble) as refused:
        house.repositories.fetch(project.id, Job("Fetch", ear, house.secrets.scrubber))
    refused.value.clean(house.secrets.scrub)
    told.append(str(refused.value) + refused.value.detail)
    return project


def _over_ssh(house: House, gate: Sshd, remote: Path, told: list[str]) -> None:
    """A key whose passphrase is only ever typed: for ssh, for an agent, for a connection test."""
    tenant = house.tenants.create(TenantDraft("Bolt", "", "", "Bo", "bo@bolt.example")).tenant
    key = house.keys.generate(tenant.id, "gate", passphrase=LOCKED).key
    gate.authorize(key.public)
    project = house.projects.create(ProjectDraft(tenant.id, gate.url(remote), "gate")).project
    ear = Listener([WRONG, LOCKED, LOCKED, LOCKED])
    for verb in (
        lambda job: house.repositories.clone(project.id, job),
        lambda job: house.agents.load(tenant.id, job),
        lambda job: house.repositories.fetch(project.id, job),
        lambda job: house.connections.project(project.id, job),
    ):
        told.append(repr(verb(Job("Over ssh", ear, house.secrets.scrubber))))
    told += [*ear.lines, repr(ear.told), repr(house.keys.choice(project))]
    assert house.agents.loaded(tenant.id) == (key.fingerprint,)
    told.append(repr(house.sleep.lock()))


def _seen(app: QApplication, qtbot: QtBot, layout: Layout) -> str:
    """All that stands on the pages of the window, at the moment a picture is taken of them."""
    stage = open_stage(app, qtbot, layout)
    stage.wait(lambda: len(stage.desk.projects) == 2)
    read: list[str] = []

    def look() -> None:
        stage.settle()
        assert not stage.window.grab().isNull()
        read.extend(readable())

    for project in stage.desk.projects.values():
        for page in PAGES:
            stage.desk.select(project.id, page)
            look()
    for place in FULL:
        stage.window.go(place)
        look()
    stage.window.go("keys", "hosts")
    look()
    for section in SECTIONS:
        stage.window.go("settings", section)
        look()
    stage.window.go("settings", "secrets")
    stage.wait(lambda: any("the passphrase of the key main" in text for text in readable()))
    look()
    close_stage(stage)
    return "\n".join(read)


def _assist(house: House, project: Project, told: list[str]) -> None:
    house.settings.save({"assistants.demo": "true"})
    run = house.runs.start(RunDraft(project.id, "Tidy up", "demo"), Job("")).run
    last = house.runs.follow(run.id, Job(""), lambda update: told.append(repr(update)))
    assert last.run.state.value == "ready", last.run.error
    told.append(repr(house.runs.commit(run.id, "Tidy up", Job(""))))
    told.append(repr(house.runs.retire(run.id, Job(""), even_unsaved=True)))


def _deploy(house: House, project: Project, server: FakeSemaphore, told: list[str]) -> None:
    """The server's log repeats everything that it was given."""
    server.add_template(
        1,
        "Deploy",
        "site.yml",
        survey_vars=[{"name": "word", "type": "secret", "title": "Word"}],
    )
    chatty = (f"the word is {ANSWER}", f"Authorization: Bearer {SEMAPHORE}", f"token={TOKEN}")
    server.story = (*GOOD[:2], ("running", chatty), GOOD[-1])
    saved = house.settings.save(
        {
            "semaphore.base_url": server.url,
            "semaphore.api_token": SEMAPHORE,
            "semaphore.default_project_id": 7,
            "semaphore.poll_interval": 0.2,
        }
    )
    told.append(repr(saved))
    draft = DeployDraft(project.id, "1", environment={"word": ANSWER})
    told.append(house.deployments.command(draft))
    launched = house.deployments.launch(draft, Job("", None, house.secrets.scrubber))
    number = launched.deployment.id
    house.deployments.follow(number, Job(""), lambda update: told.append(repr(update)))
    log = "\n".join(line.text for line in house.deployments.log(number))
    assert "the word is ••••••" in log
    assert "Bearer ••••••" in log
    told += [log, repr(house.deployments.get(number)), repr(launched)]
