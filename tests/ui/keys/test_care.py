"""Keys are repaired, moved, bound, rotated and given other passphrases from the page of keys."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from aiops_desktop.domain.keys import Registration
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.actions.keys import ACTIONS
from aiops_desktop.ui.dialogs.key_agent import LoadKeyDialog
from aiops_desktop.ui.dialogs.key_delete import DeleteKeyDialog
from aiops_desktop.ui.dialogs.key_move import MoveKeyDialog
from aiops_desktop.ui.dialogs.key_passphrase import PassphraseDialog
from aiops_desktop.ui.dialogs.key_rename import RenameKeyDialog
from aiops_desktop.ui.dialogs.key_rotate import RegisterKeyDialog, RotateKeyDialog
from aiops_desktop.ui.dialogs.key_rules import KeyRulesDialog
from aiops_desktop.ui.dialogs.secret import SecretDialog
from aiops_desktop.ui.parts.notice import Banner
from aiops_desktop.ui.questions import ChoiceDialog
from tests.support.sshd import Sshd, needs_sshd
from tests.support.stage import Stage
from tests.support.tokens import token_key
from tests.ui.keys.pages import asked, opened, remote, words

SECRET = "a passphrase of tests"


def test_the_pane_tells_everything_of_a_key(stage: Stage) -> None:
    tenant = stage.tenant()
    key = stage.house.keys.generate(tenant.id, "acme-deploy", comment="ann at work").key
    stage.house.keys.care.register(key.id, Registration("gitlab.acme.example", "user"))
    page = opened(stage)
    shown = words(page.details)
    for part in (key.fingerprint, key.md5, key.randomart, "ann at work", "256 bits",
                 "gitlab.acme.example", "readable by you alone", key.public):  # fmt: skip
        assert part in shown, part


def test_an_open_file_is_warned_of_and_repaired(stage: Stage) -> None:
    tenant = stage.tenant()
    key = stage.house.keys.generate(tenant.id, "acme-deploy").key
    key.path.chmod(0o644)
    page = opened(stage)
    assert "Others can read its file" in words(page.details)
    assert [one.accessibleName() for one in page.findChildren(Banner) if one.isVisible()] == [
        "Others can read the file of 1 key: acme-deploy"
    ]
    stage.desk.run_action("key.repair")
    stage.wait(lambda: "readable by you alone" in words(page.details))
    assert stat.S_IMODE(key.path.stat().st_mode) == 0o600
    assert not [one for one in page.findChildren(Banner) if one.isVisible()]
    stage.settle()


def test_a_file_that_is_gone_is_said(stage: Stage) -> None:
    tenant = stage.tenant()
    stage.house.keys.generate(tenant.id, "acme-deploy").key.path.unlink()
    page = opened(stage)
    assert "Its file is gone." in words(page.details)


def test_a_passphrase_is_set_changed_and_removed(stage: Stage) -> None:
    tenant = stage.tenant()
    key = stage.house.keys.generate(tenant.id, "acme-deploy").key
    opened(stage)
    dialog = asked(stage, "key.passphrase", PassphraseDialog)
    assert not dialog.accept_button.isEnabled()
    dialog.new.setText(SECRET)
    dialog.again.setText("something else")
    dialog.accept_button.click()
    assert "The two passphrases differ." in words(dialog)
    dialog.again.setText(SECRET)
    dialog.keeping.choice.setCurrentIndex(2)
    dialog.accept_button.click()
    stage.no_dialog()
    stage.wait(lambda: stage.desk.key is not None and stage.desk.key.key.encrypted)
    assert stage.desk.key is not None and stage.desk.key.entry.remembered == "store"

    dialog = asked(stage, "key.passphrase", PassphraseDialog)
    dialog.old.setText("wrong")
    assert dialog.accept_button.text() == "Remove passphrase"
    dialog.accept_button.click()
    stage.wait(lambda: bool(dialog.said.text()) or dialog.old.property("wrong") == "true")
    dialog.old.setText(SECRET)
    dialog.accept_button.click()
    stage.no_dialog()
    stage.settle()
    assert not stage.house.keys.get(key.id).encrypted


def test_a_key_is_bound_to_hosts_and_renamed_at_once(stage: Stage) -> None:
    tenant = stage.tenant()
    key = stage.house.keys.generate(tenant.id, "acme-deploy").key
    opened(stage)
    dialog = asked(stage, "key.edit", RenameKeyDialog)
    dialog.hosts.setText("git.acme.example, no host")
    dialog.hosts.setText("/etc")
    dialog.accept_button.click()
    stage.wait(lambda: dialog.hosts.property("wrong") == "true")
    dialog.hosts.setText("git.acme.example *.acme.example")
    dialog.name.setText("deploy")
    dialog.accept_button.click()
    stage.no_dialog()
    stage.settle()
    now = stage.house.keys.get(key.id)
    assert (now.name, now.hosts) == ("deploy", ("git.acme.example", "*.acme.example"))


def test_a_key_moves_to_another_tenant(stage: Stage) -> None:
    acme, globex = stage.tenant("acme"), stage.tenant("globex")
    key = stage.house.keys.generate(acme.id, "acme-deploy").key
    opened(stage)
    dialog = asked(stage, "key.move", MoveKeyDialog)
    assert dialog.tenant.count() == 1
    dialog.accept_button.click()
    stage.no_dialog()
    stage.settle()
    assert stage.house.keys.get(key.id).tenant_id == globex.id


def test_deleting_names_the_projects_that_lose_it(stage: Stage) -> None:
    tenant = stage.tenant()
    key = stage.house.keys.generate(tenant.id, "acme-deploy").key
    url = "git@git.acme.example:a/b.git"
    project = remote(stage, tenant, url)
    draft = ProjectDraft(tenant.id, url, name="web-shop", key_id=key.id)
    stage.house.projects.edit(project.id, draft)
    stage.project(tenant, "infra", clone=False)
    opened(stage)
    dialog = asked(stage, "key.delete", DeleteKeyDialog)
    assert "1 project loses its own key: web-shop" in words(dialog)
    assert "1 project is no longer offered it: infra" in words(dialog)
    assert dialog.cancel.hasFocus()
    dialog.accept_button.click()
    stage.no_dialog()
    stage.settle()
    assert stage.house.keys.all(tenant.id) == []
    assert stage.desk.key is None


def test_the_rules_of_a_tenant_are_shown_and_saved(stage: Stage) -> None:
    tenant = stage.tenant()
    dialog = asked(stage, "keys.rules", KeyRulesDialog)
    assert not dialog.config.isChecked()
    dialog.config.click()
    dialog.minutes.setValue(0)
    dialog.accept_button.click()
    stage.no_dialog()
    stage.settle()
    rules = stage.house.keys.care.rules(tenant.id)
    assert rules.own_config and rules.agent_minutes == 0


def test_a_key_is_loaded_and_all_are_locked(stage: Stage) -> None:
    tenant = stage.tenant()
    stage.house.keys.generate(tenant.id, "acme-deploy", passphrase=SECRET)
    page = opened(stage)
    dialog = asked(stage, "key.load", LoadKeyDialog)
    dialog.accept_button.click()
    stage.wait(lambda: bool(stage.window.questions.dialog))
    question = stage.window.questions.dialog
    assert isinstance(question, SecretDialog)
    question.field.setText(SECRET)
    question.submit()
    stage.no_dialog()
    stage.wait(lambda: "In the agent" in words(page.details))
    stage.desk.run_action("keys.lock")
    stage.wait(lambda: "In the agent" not in words(page.details))
    stage.settle()
    assert stage.house.agents.loaded(tenant.id) == ()


@needs_sshd
def test_a_rotation_asks_to_register_tests_and_takes_over(stage: Stage, tmp_path: Path) -> None:
    tenant = stage.tenant()
    old = stage.house.keys.generate(tenant.id, "acme-deploy").key
    with Sshd(tmp_path / "sshd") as server:
        server.authorize(old.public)
        remote(stage, tenant, server.url("/tmp/x.git"))
        stage.house.tenants.room(tenant.id).known_hosts.write_text(server.known_line)
        page = opened(stage)
        rotate = asked(stage, "key.rotate", RotateKeyDialog)
        rotate.accept_button.click()
        question = stage.dialog(RegisterKeyDialog)
        assert isinstance(question, RegisterKeyDialog)
        question.cancel.click()
        stage.settle()
        assert stage.house.keys.get(old.id) == old, "stopped: the old one stays"

        page.open_argument(old.id)
        rotate = asked(stage, "key.rotate", RotateKeyDialog)
        assert "A rotation is under way" in words(rotate)
        rotate.accept_button.click()
        question = stage.dialog(RegisterKeyDialog)
        new = stage.house.rotation.pending(old.id)
        assert new is not None and new.public in words(question)
        server.authorize(new.public)
        question.accept_button.click()
        stage.no_dialog()
        stage.settle()
    keys = stage.house.keys.all(tenant.id)
    assert [(key.name, key.fingerprint) for key in keys] == [("acme-deploy", new.fingerprint)]
    assert not old.path.exists()


def test_a_rotation_nobody_can_test_wants_a_word(stage: Stage) -> None:
    tenant = stage.tenant()
    old = stage.house.keys.generate(tenant.id, "acme-deploy").key
    opened(stage)
    asked(stage, "key.rotate", RotateKeyDialog).accept_button.click()
    stage.dialog(RegisterKeyDialog).accept_button.click()
    question = stage.dialog(ChoiceDialog)
    assert "cannot be tested" in words(question)
    question.reject()
    stage.no_dialog()
    stage.settle()
    assert old in stage.house.keys.all(tenant.id)


@pytest.mark.parametrize("action", ["key.copy", "key.edit", "key.rotate", "key.delete"])
def test_without_a_chosen_key_an_action_says_so(stage: Stage, action: str) -> None:
    stage.tenant()
    stage.desk.run_action(action)
    stage.wait(lambda: bool(stage.window.toasts.shown))
    assert "choose one first" in stage.window.toasts.shown[-1].accessibleName()


def test_a_key_on_a_security_key_is_said_and_left_to_it(stage: Stage, tmp_path: Path) -> None:
    tenant = stage.tenant()
    stage.house.keys.add(tenant.id, "yubikey", token_key(tmp_path / "id"))
    page = opened(stage)
    assert "Ed25519-SK" in words(page.details)
    assert "Touch" in words(page.details)
    for name in ("key.passphrase", "key.load"):
        action = next(one for one in ACTIONS if one.id == name)
        assert "lies on a security key" in action.unavailable(stage.desk)
    with pytest.raises(Refused, match="no key to load"):
        stage.house.agents.load(tenant.id, Job("Load"))
    stage.settle()


def test_the_status_line_tells_of_open_agents_while_the_page_is_shown(stage: Stage) -> None:
    tenant = stage.tenant()
    stage.house.keys.generate(tenant.id, "acme-deploy")
    stage.house.agents.load(tenant.id, Job("Load"))
    opened(stage)
    told = "Agent running, 1 key loaded"
    assert told in words(stage.window.status)
    for place in ("keys", "settings", "keys"):
        stage.window.go(place)
        stage.settle()
        assert (told in words(stage.window.status)) is (place == "keys")
    stage.house.agents.lock_all()
