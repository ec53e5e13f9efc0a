"""Whose a key is, and the certificate it carries, on the page of keys."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from aiops_desktop.domain.operators import Role
from aiops_desktop.ui.dialogs.key_certificate import CertificateDialog
from aiops_desktop.ui.dialogs.key_delete import DeleteKeyDialog
from aiops_desktop.ui.dialogs.key_rename import RenameKeyDialog
from aiops_desktop.ui.views.keys.lines import KeyLine
from aiops_desktop.ui.views.keys.page import KeysPage
from tests.support.authority import Authority
from tests.support.stage import Stage
from tests.ui.keys.pages import asked, opened, words

PHRASE = "correct horse battery staple"


def _shown(page: KeysPage) -> set[int]:
    return {line.key.id for line in page.rows.rows.items if isinstance(line, KeyLine)}


def test_a_key_is_given_to_somebody_and_found_by_its_owner(stage: Stage) -> None:
    tenant = stage.tenant()
    stage.house.operators.at_desk()
    bob = stage.house.operators.add("Bob", "bob@acme.example", Role.ADMIN, PHRASE).operator
    key = stage.house.keys.generate(tenant.id, "deploy").key
    other = stage.house.keys.generate(tenant.id, "other").key
    page = opened(stage)
    assert page.owner.isHidden(), "one owner needs no choice"
    assert page.rows.choose(key.id)
    dialog = asked(stage, "key.edit", RenameKeyDialog)
    dialog.owner.setCurrentIndex(0)
    assert not dialog.personal.isEnabled(), "a key of the tenant is everybody's"
    dialog.owner.setCurrentText("Bob")
    assert dialog.personal.isEnabled()
    dialog.personal.setChecked(True)
    dialog.accept_button.click()
    stage.no_dialog()
    stage.settle()
    now = stage.house.keys.get(key.id)
    assert (now.owner_id, now.personal) == (bob.id, True)
    assert "Bob alone" in words(page.details)
    assert not page.owner.isHidden()
    page.owner.setCurrentText("Bob")
    assert _shown(page) == {key.id}
    assert page.back(), "Esc shows all again"
    assert _shown(page) == {key.id, other.id}


def test_a_certificate_is_added_shown_and_taken_away(stage: Stage, tmp_path: Path) -> None:
    tenant = stage.tenant()
    key = stage.house.keys.generate(tenant.id, "deploy").key
    authority = Authority(tmp_path / "ca")
    page = opened(stage)
    dialog = asked(stage, "key.certificate", CertificateDialog)
    assert not dialog.accept_button.isEnabled()
    dialog.box.setPlainText("nothing of the kind")
    dialog.accept_button.click()
    stage.wait(lambda: dialog.box.property("wrong") == "true")
    dialog.box.take_file(authority.sign(key.public, "git", "deploy", serial=42))
    dialog.accept_button.click()
    stage.no_dialog()
    stage.settle()
    shown = words(page.details)
    for part in ("ann@acme", "42", "git, deploy", "It counts now and is offered with the key."):
        assert part in shown, part
    dialog = asked(stage, "key.certificate", CertificateDialog)
    dialog.box.setPlainText(
        authority.sign(key.public, "git", valid="20200101:20210101").read_text()
    )
    dialog.accept_button.click()
    stage.no_dialog()
    stage.settle()
    assert "Its certificate ran out on" in words(page.details)
    dialog = asked(stage, "key.certificate", CertificateDialog)
    dialog.remove.click()
    stage.no_dialog()
    stage.settle()
    assert stage.house.keys.get(key.id).certificate == ""


def test_enter_presses_the_button_that_has_the_focus(stage: Stage) -> None:
    """Cancel has it where something is to go for ever; Enter must not delete."""
    tenant = stage.tenant()
    stage.house.keys.generate(tenant.id, "deploy")
    opened(stage)
    dialog = asked(stage, "key.delete", DeleteKeyDialog)
    assert dialog.cancel.hasFocus()
    QTest.keyClick(dialog.cancel, Qt.Key.Key_Return)
    stage.no_dialog()
    stage.settle()
    assert [key.name for key in stage.house.keys.all(tenant.id)] == ["deploy"]
