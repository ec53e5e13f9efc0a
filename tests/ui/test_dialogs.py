"""Tenants and projects are created, edited and deleted; questions reach the person."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from aiops_desktop.domain.projects import CheckoutState
from aiops_desktop.jobs.job import Answer, HostQuestion, Job, Question
from aiops_desktop.ui.dialogs.delete import DeleteDialog
from aiops_desktop.ui.dialogs.host_key import HostKeyDialog, groups, kind_of, pasted
from aiops_desktop.ui.dialogs.key import ImportKeyDialog, NewKeyDialog, PublicKeyDialog
from aiops_desktop.ui.dialogs.project import ProjectDialog
from aiops_desktop.ui.dialogs.secret import SecretDialog
from aiops_desktop.ui.dialogs.tenant import TenantDialog
from aiops_desktop.ui.jobs import JobState
from aiops_desktop.ui.questions import ChoiceDialog
from tests.support.repos import bare
from tests.support.stage import Stage

PRINT = "SHA256:asu+Ym3VBfQo/6E7gJLmGDAR5MwFcglD/e4NNkgXzK8"


def opened(stage: Stage, kind: type[TenantDialog] = TenantDialog) -> TenantDialog:
    found = stage.dialog(kind)
    assert isinstance(found, kind)
    return found


# Tenants -----------------------------------------------------------------------------------------


def test_a_tenant_is_created_edited_and_deleted(stage: Stage) -> None:
    stage.window.menus.run("tenant.new")
    dialog = opened(stage)
    assert not dialog.accept_button.isEnabled(), "a tenant needs a name"
    QTest.keyClicks(dialog.name, "acme")
    QTest.keyClick(dialog.colour, Qt.Key.Key_Right)
    dialog.guard.click()
    dialog.accept_button.click()
    stage.wait(lambda: [t.name for t in stage.desk.tenants.values()] == ["acme"])
    stage.no_dialog()
    tenant = next(iter(stage.desk.tenants.values()))
    assert tenant.guarded
    assert tenant.colour == "#3B8F7A"

    stage.window.menus.run("tenant.edit")
    dialog = opened(stage)
    assert dialog.name.text() == "acme"
    dialog.name.setText("Acme Works")
    dialog.author.setText("Ann Berger")
    dialog.email.setText("nonsense")
    dialog.accept_button.click()
    assert dialog.isVisible(), "the e-mail is wrong, and that is said at its field"
    dialog.email.setText("ann@acme.example")
    dialog.accept_button.click()
    stage.wait(lambda: stage.desk.tenants[tenant.id].author_email == "ann@acme.example")
    stage.no_dialog()
    assert stage.desk.tenants[tenant.id].slug == "acme", "folders keep their names"

    stage.window.menus.run("tenant.delete")
    gone = stage.dialog(DeleteDialog)
    assert gone.accept_button.text() == "Delete Acme Works"
    gone.accept_button.click()
    stage.wait(lambda: not stage.desk.tenants)
    stage.no_dialog()
    stage.settle()


def test_a_taken_name_is_said_while_it_is_typed(stage: Stage) -> None:
    stage.tenant("globex")
    stage.window.menus.run("tenant.new")
    dialog = opened(stage)
    dialog.name.setText("GLOBEX")
    assert not dialog.accept_button.isEnabled()
    assert dialog.fields["name"].control.property("wrong") == "true"
    dialog.name.setText("globex two")
    assert dialog.accept_button.isEnabled()
    dialog.reject()


def test_a_tenant_with_projects_goes_only_after_its_name_is_typed(stage: Stage) -> None:
    tenant = stage.tenant("initech")
    project = stage.project(tenant, "ledger")
    (project.checkout / "new.txt").write_text("not committed")
    stage.desk.select(project.id)
    stage.window.menus.run("tenant.delete")
    dialog = stage.dialog(DeleteDialog)
    assert isinstance(dialog, DeleteDialog)
    assert not dialog.accept_button.isEnabled()
    QTest.keyClicks(dialog.field, "inite")
    assert dialog.said.text() == "2 letters to go"
    dialog.field.setText("globex")
    assert not dialog.accept_button.isEnabled()
    dialog.field.setText("initech")
    dialog.accept_button.click()
    stage.wait(lambda: not stage.desk.tenants)
    assert not project.checkout.exists()
    assert list(stage.desk.layout.trash.iterdir()), "there is a way back"
    stage.wait(lambda: stage.desk.project is None)
    assert stage.window.page is stage.window.page_of("welcome")
    stage.settle()


# Projects ----------------------------------------------------------------------------------------


def test_a_project_is_created_and_cloned_from_its_address(stage: Stage) -> None:
    stage.tenant()
    remote = bare(stage.desk.layout.data.parent / "shop.git", {"README.md": "# Shop\n"})
    stage.window.menus.run("project.new")
    dialog = stage.dialog(ProjectDialog)
    assert isinstance(dialog, ProjectDialog)
    assert not dialog.accept_button.isEnabled()
    QTest.keyClicks(dialog.form.address, str(remote))
    assert dialog.form.name.text() == "shop", "the name is suggested"
    dialog.accept_button.click()
    stage.wait(lambda: stage.desk.project is not None and stage.desk.cloned)
    stage.no_dialog()
    assert stage.desk.page == "overview"
    assert stage.desk.project is not None
    assert (stage.desk.project.checkout / "README.md").exists()
    stage.settle()


@pytest.mark.parametrize(
    ("typed", "usable"),
    [
        ("git@git.acme.example:acme/web-shop.git", True),
        ("ssh://git@git.acme.example:2222/acme/web-shop.git", True),
        ("https://git.acme.example/acme/web-shop.git", True),
        ("/srv/git/web-shop.git", True),
        ("ext::sh -c evil", False),
        ("-oProxyCommand=evil", False),
        ("web-shop", False),
        ("", False),
    ],
)
def test_addresses_are_checked_while_they_are_typed(stage: Stage, typed: str, usable: bool) -> None:
    stage.tenant()
    stage.window.menus.run("project.new")
    dialog = stage.dialog(ProjectDialog)
    assert isinstance(dialog, ProjectDialog)
    dialog.form.address.setText(typed)
    assert dialog.accept_button.isEnabled() is usable
    if usable:
        assert dialog.form.name.text() == "web-shop"
    https = typed.startswith("https://")
    assert dialog.form.token.isVisible() is https, "a token only where it is used"
    dialog.reject()
    stage.settle()


def test_a_token_goes_to_the_secret_store_and_not_into_the_address(stage: Stage) -> None:
    tenant = stage.tenant()
    stage.window.menus.run("project.new")
    dialog = stage.dialog(ProjectDialog)
    assert isinstance(dialog, ProjectDialog)
    dialog.form.address.setText("https://127.0.0.1:9/acme/shop.git")
    dialog.form.token.setText("glpat-secret-of-acme")
    dialog.accept_button.click()
    stage.wait(lambda: stage.desk.project is not None)
    project = stage.desk.project
    assert project is not None
    stage.wait(lambda: stage.house.projects.get(project.id).state is CheckoutState.FAILED)
    assert project.remote_url == "https://127.0.0.1:9/acme/shop.git"
    kept = stage.house.secrets.get(f"tenant:{tenant.id}/https/127.0.0.1")
    assert kept.endswith("glpat-secret-of-acme")
    for record in stage.desk.jobs.shown:
        assert "glpat-secret" not in " ".join([record.title, *record.lines, str(record.trouble)])
    stage.settle()


def test_a_project_is_renamed_and_a_taken_name_is_said(stage: Stage) -> None:
    tenant = stage.tenant()
    stage.project(tenant, "api", clone=False)
    project = stage.project(tenant, "ledger", clone=False)
    stage.desk.select(project.id)
    stage.window.menus.run("project.edit")
    dialog = stage.dialog(ProjectDialog)
    assert isinstance(dialog, ProjectDialog)
    assert dialog.accept_button.isEnabled(), "its own name is not taken"
    dialog.form.name.clear()
    QTest.keyClicks(dialog.form.name, "API")
    assert not dialog.accept_button.isEnabled()
    dialog.form.name.clear()
    QTest.keyClicks(dialog.form.name, "books")
    dialog.accept_button.click()
    stage.wait(lambda: stage.desk.projects[project.id].name == "books")
    stage.no_dialog()
    stage.settle()


def test_a_project_with_unsaved_work_names_it_first(stage: Stage) -> None:
    project = stage.project(stage.tenant(), "ledger")
    (project.checkout / "new.txt").write_text("x")
    stage.desk.select(project.id)
    stage.window.menus.run("project.delete")
    dialog = stage.dialog(DeleteDialog)
    assert isinstance(dialog, DeleteDialog)
    assert not dialog.accept_button.isEnabled()
    dialog.field.setText("ledger")
    dialog.accept_button.click()
    stage.wait(lambda: not stage.desk.projects)
    stage.no_dialog()
    stage.settle()


# Keys --------------------------------------------------------------------------------------------


def test_a_key_is_made_and_its_public_half_shown(stage: Stage) -> None:
    tenant = stage.tenant()
    stage.window.menus.run("key.new")
    dialog = stage.dialog(NewKeyDialog)
    assert isinstance(dialog, NewKeyDialog)
    assert dialog.name.text() == "acme-deploy"
    dialog.passphrase.setText("one")
    dialog.again.setText("two")
    dialog.accept_button.click()
    assert dialog.again.property("wrong") == "true"
    dialog.again.setText("one")
    dialog.accept_button.click()
    shown = stage.dialog(PublicKeyDialog)
    keys = stage.house.keys.all(tenant.id)
    assert [key.name for key in keys] == ["acme-deploy"]
    assert keys[0].encrypted
    shown.accept_button.click()
    stage.no_dialog()
    stage.settle()


def test_a_key_that_is_none_is_refused_at_its_field(stage: Stage) -> None:
    stage.tenant()
    stage.window.menus.run("key.import")
    dialog = stage.dialog(ImportKeyDialog)
    assert isinstance(dialog, ImportKeyDialog)
    assert not dialog.accept_button.isEnabled()
    dialog.private.setPlainText("this is no key")
    dialog.name.setText("old")
    dialog.accept_button.click()
    stage.wait(lambda: dialog.private.property("wrong") == "true" or bool(dialog.said.text()))
    assert dialog.isVisible()
    dialog.reject()
    stage.settle()


# Questions ---------------------------------------------------------------------------------------


def host_question() -> HostQuestion:
    return HostQuestion(
        "Trust?",
        host="git.acme.example",
        address="203.0.113.24",
        key_type="ssh-ed25519",
        fingerprint=PRINT,
        tenant="acme",
    )


def test_an_unknown_host_is_compared_and_trusted(stage: Stage) -> None:
    answers: list[Answer] = []
    stage.desk.start("Clone", lambda job: answers.append(job.ask(host_question())))
    dialog = stage.dialog(HostKeyDialog)
    assert isinstance(dialog, HostKeyDialog)
    assert dialog.accept_button.isEnabled(), "comparing is wished, not forced"
    dialog.field.setText(PRINT.replace("5MwF", "ecbf"))
    assert not dialog.accept_button.isEnabled()
    assert dialog.big.wrong == frozenset({6})
    assert "Differs at character 25." in dialog._said.text()
    dialog.submit()
    assert not answers, "Trust is off"
    dialog.field.setText(f"256 {PRINT} git.acme.example (ED25519)")
    assert dialog.accept_button.isEnabled()
    assert not dialog.big.wrong
    dialog.accept_button.click()
    stage.wait(lambda: answers == [Answer("trust")])
    stage.no_dialog()


def test_half_a_fingerprint_is_not_a_match(stage: Stage) -> None:
    record = stage.desk.start("Clone", lambda job: job.ask(host_question()))
    dialog = stage.dialog(HostKeyDialog)
    assert isinstance(dialog, HostKeyDialog)
    dialog.field.setText(PRINT[:20])
    assert not dialog.accept_button.isEnabled()
    assert dialog.big.wrong
    dialog.reject()
    stage.wait(lambda: record.state is JobState.STOPPED)


def test_a_secret_is_hidden_and_remembered_only_when_wished(stage: Stage) -> None:
    answers: list[Answer] = []
    question = Question("The passphrase of acme-deploy", secret=True, remember=True)
    for wish in (False, True):
        stage.desk.start("Push", lambda job: answers.append(job.ask(question)))
        dialog = stage.dialog(SecretDialog)
        assert isinstance(dialog, SecretDialog)
        assert dialog.field.echoMode() == dialog.field.EchoMode.Password
        assert not dialog.accept_button.isEnabled()
        QTest.keyClicks(dialog.field, "hunter2")
        if wish:
            assert dialog._remember is not None
            dialog._remember.click()
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)
        stage.no_dialog()
        stage.settle()
    assert answers == [Answer("hunter2"), Answer("hunter2", remember=True)]


def test_a_choice_gives_the_word_that_was_pressed(stage: Stage) -> None:
    answers: list[Answer] = []
    question = Question("Which one?", choices=("ours", "theirs"))
    stage.desk.start("Merge", lambda job: answers.append(job.ask(question)))
    dialog = stage.dialog(ChoiceDialog)
    assert dialog.accept_button.text() == "theirs"
    dialog.accept_button.click()
    stage.wait(lambda: answers == [Answer("theirs")])


def test_a_question_nobody_needs_any_more_closes_by_itself(stage: Stage) -> None:
    record = stage.desk.start("Clone", lambda job: job.ask(host_question()))
    stage.dialog(HostKeyDialog)
    record.stop()
    stage.no_dialog()
    stage.wait(lambda: record.state is JobState.STOPPED)


def test_two_questions_come_one_after_the_other(stage: Stage) -> None:
    answers: list[str] = []

    def work(job: Job) -> None:
        answers.append(job.ask(Question("Say it", secret=True)).text)

    for _ in range(2):
        stage.desk.start("Push", work)
    for word in ("one", "two"):
        dialog = stage.dialog(SecretDialog)
        assert isinstance(dialog, SecretDialog)
        dialog.field.setText(word)
        dialog.submit()
        stage.wait(lambda word=word: word in answers)  # type: ignore[misc]  # bound early
    stage.no_dialog()


def test_what_nobody_asked_for_opens_no_dialog(stage: Stage) -> None:
    record = stage.desk.read(lambda job: job.ask(host_question()), lambda _none: None)
    stage.wait(lambda: record.state is JobState.STOPPED)
    assert stage.window.questions.dialog is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (PRINT, PRINT[7:]),
        (f"{PRINT}=", PRINT[7:]),
        (PRINT[7:], PRINT[7:]),
        (f"256 {PRINT} comment (ED25519)", PRINT[7:]),
        ("asu+ Ym3V BfQo /6E7 gJLm GDAR 5MwF cglD /e4N NkgX zK8", PRINT[7:]),
        ("", ""),
    ],
)
def test_a_fingerprint_is_found_in_what_was_pasted(text: str, read: str) -> None:
    assert pasted(text) == read


def test_fingerprints_are_read_in_fours_and_types_by_their_names() -> None:
    assert groups("abcdefghi") == ["abcd", "efgh", "i"]
    names = [kind_of(k) for k in ("ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa", "")]
    assert names == ["Ed25519", "ECDSA", "RSA", "unknown type"]
