"""The pages of backups and of the trash: what they show, and what one does there."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from aiops_desktop.adapters.secrets import phrase
from aiops_desktop.app import build
from aiops_desktop.domain.backups import Backup, Check, Trashed
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.operators import Role
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.dialogs.backup import BackupDialog, DeleteBackupDialog, RemoveDialog
from aiops_desktop.ui.dialogs.restore import RestoreDialog
from aiops_desktop.ui.dialogs.undo_restore import UndoRestoreDialog
from aiops_desktop.ui.views.backup.page import BackupsPage
from aiops_desktop.ui.views.backup.trash import TrashPage
from aiops_desktop.ui.views.history.page import HistoryPage
from tests.support.stage import Stage, close_stage, open_stage

PHRASE = "seven words are easy"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MEMORY", 64), ("PASSES", 1), ("LANES", 1)):
        monkeypatch.setattr(phrase, name, value)


def shown(stage: Stage) -> BackupsPage:
    stage.desk.run_action("view.backups")
    page = stage.window.page_of("backups")
    assert isinstance(page, BackupsPage)
    stage.wait(lambda: page._sight is not None)
    return page


def listed(page: BackupsPage) -> list[Backup]:
    return [item for item in page.rows.rows.items if isinstance(item, Backup)]


def says(widget: QWidget, text: str) -> bool:
    labels = widget.findChildren(QLabel)
    return any(text in one.text() for one in labels if one.isVisible())


def made(stage: Stage, passphrase: str = "") -> Path:
    return stage.house.backups.make(Job("Back up"), passphrase=passphrase).backup.path


def test_an_empty_page_says_what_a_backup_holds(stage: Stage) -> None:
    page = shown(stage)
    stage.wait(lambda: says(page, "No backups yet."))
    assert stage.desk.backup is None


def test_back_up_now_makes_one_and_shows_what_is_in_it(stage: Stage) -> None:
    tenant = stage.tenant()
    stage.house.keys.generate(tenant.id, "deploy")
    page = shown(stage)
    page.primary()
    stage.wait(lambda: [one.check for one in listed(page)] == [Check.WHOLE])
    stage.wait(lambda: says(page.details, "1 private key"))
    assert says(page.details, "1 tenant")
    assert says(page.details, "Open to who has it")
    assert stage.desk.backup == listed(page)[0]


def test_a_schedule_in_the_data_folder_is_warned_of(stage: Stage) -> None:
    stage.house.settings.save({"backup.every": "day", "backup.hour": 4})
    page = shown(stage)
    stage.wait(lambda: says(page, "Every day at 04:00"))
    stage.wait(lambda: says(page, "The backups lie in the data folder itself"))


def test_verify_tells_of_damage(stage: Stage) -> None:
    path = made(stage)
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"SQLite format 3") + 3000] ^= 1
    path.write_bytes(raw)
    page = shown(stage)
    stage.wait(lambda: bool(listed(page)))
    stage.desk.run_action("backup.verify")
    stage.wait(lambda: [one.check for one in listed(page)] == [Check.DAMAGED])


def test_restore_asks_for_the_passphrase_then_says_what_goes(stage: Stage) -> None:
    path = made(stage, PHRASE)
    stage.tenant("later")
    page = shown(stage)
    stage.wait(lambda: bool(listed(page)))
    stage.desk.run_action("backup.restore")
    dialog = stage.dialog(RestoreDialog)
    assert isinstance(dialog, RestoreDialog)
    stage.wait(dialog.passphrase.isVisible)
    assert not dialog.accept_button.isEnabled()
    dialog.passphrase.setText("something else")
    dialog.check()
    stage.wait(lambda: says(dialog, "does not open this backup"))
    dialog.passphrase.setText(PHRASE)
    dialog.check()
    stage.wait(dialog.accept_button.isEnabled)
    stage.wait(lambda: says(dialog, "Goes: later"))
    assert path.name in dialog.heading.text()
    dialog.reject()
    stage.no_dialog()


def test_restore_lays_ready_for_the_next_start_and_restarts(stage: Stage, layout: Layout) -> None:
    stage.tenant("then")
    made(stage)
    stage.tenant("later")
    page = shown(stage)
    stage.wait(lambda: bool(listed(page)))
    stage.desk.run_action("backup.restore")
    dialog = stage.dialog(RestoreDialog)
    stage.wait(dialog.accept_button.isEnabled)
    left: list[object] = []
    stage.desk.page_wanted.connect(lambda name, _argument: left.append(name))
    stage.window.closing = True  # the test's own window stays, and takes no further requests
    dialog.submit()
    stage.wait(lambda: "quit" in left)
    assert stage.desk.restarting
    stage.settle()
    assert (layout.data / ".restore" / "journal.json").exists()
    assert [tenant.name for tenant in stage.house.tenants.all()] == ["later", "then"]


def test_a_damaged_one_cannot_be_restored(stage: Stage) -> None:
    path = made(stage)
    path.write_bytes(path.read_bytes()[:-3000])
    page = shown(stage)
    stage.wait(lambda: bool(listed(page)))
    stage.desk.run_action("backup.restore")
    dialog = stage.dialog(RestoreDialog)
    stage.wait(lambda: says(dialog, "The backup is damaged"))
    assert not dialog.accept_button.isEnabled()
    dialog.reject()


def test_back_up_to_a_file_with_a_passphrase(stage: Stage, tmp_path: Path) -> None:
    stage.desk.run_action("backup.to")
    dialog = stage.dialog(BackupDialog)
    assert isinstance(dialog, BackupDialog)
    dialog.submit()
    stage.wait(lambda: says(dialog, "Choose a file first."))
    dialog.path.setText(str(tmp_path / "mine"))
    dialog.passphrase.setText(PHRASE)
    dialog.submit()
    stage.wait(lambda: says(dialog, "The two passphrases differ."))
    dialog.again.setText(PHRASE)
    dialog.submit()
    stage.no_dialog()
    assert stage.house.backups.verify(tmp_path / "mine", Job("Verify"), PHRASE).sealed


def test_a_deleted_backup_is_gone(stage: Stage) -> None:
    path = made(stage)
    page = shown(stage)
    stage.wait(lambda: bool(listed(page)))
    stage.desk.run_action("backup.delete")
    stage.dialog(DeleteBackupDialog).submit()
    stage.no_dialog()
    stage.wait(lambda: not listed(page))
    assert not path.exists()


def test_a_deleted_tenant_is_brought_back_from_the_trash(stage: Stage) -> None:
    tenant = stage.tenant()
    stage.house.tenants.delete(tenant.id, Job("Delete"))
    stage.desk.reload()
    stage.wait(lambda: not stage.desk.tenants)
    stage.desk.run_action("view.trash")
    page = stage.window.page_of("trash")
    assert isinstance(page, TrashPage)
    stage.wait(page.back_button.isEnabled)
    page.primary()
    stage.wait(lambda: [one.name for one in stage.desk.tenants.values()] == ["acme"])
    stage.wait(lambda: not page.back_button.isEnabled())
    assert "Choose something first." in page.back_button.toolTip()


def test_emptying_the_trash_asks_and_names_what_goes(stage: Stage) -> None:
    tenant = stage.tenant("gone")
    stage.house.tenants.delete(tenant.id, Job("Delete"))
    stage.desk.run_action("trash.empty")
    dialog = stage.dialog(RemoveDialog)
    assert says(dialog, "gone")
    assert "1 thing" in dialog.accept_button.text()
    dialog.submit()
    stage.no_dialog()
    assert stage.house.trash.all() == []
    QApplication.processEvents()


def test_what_is_due_is_made_while_the_window_is_open(stage: Stage) -> None:
    stage.house.settings.save({"backup.every": "day", "backup.hour": 0})
    page = shown(stage)
    stage.window.backing_up.look()
    stage.wait(lambda: len(listed(page)) == 2)
    stage.settle()


def test_a_restore_is_undone_in_the_window(
    qapp: QApplication, qtbot: QtBot, layout: Layout
) -> None:
    house = build(layout, {})
    house.tenants.create(TenantDraft("before"))
    archive = house.backups.make(Job("Back up")).backup.path
    house.tenants.create(TenantDraft("later"))
    house.backups.restore(archive, Job("Restore"))
    stage = open_stage(qapp, qtbot, layout)
    page = shown(stage)
    stage.wait(lambda: says(page, "the data from before is kept"))
    (button,) = [
        one
        for one in page.findChildren(QPushButton)
        if one.text() == "Go back to before the restore…"
    ]
    button.click()
    dialog = stage.dialog(UndoRestoreDialog)
    stage.wait(dialog.accept_button.isEnabled)
    stage.wait(lambda: says(dialog, "Comes back: later"))
    stage.wait(lambda: says(dialog, archive.name))
    left: list[object] = []
    stage.desk.page_wanted.connect(lambda name, _argument: left.append(name))
    stage.window.closing = True  # the test's own window stays, and takes no further requests
    dialog.submit()
    stage.wait(lambda: "quit" in left)
    assert stage.desk.restarting
    stage.settle()
    assert [one.name for one in stage.house.tenants.all()] == ["before"]
    assert (layout.data / ".restore" / "journal.json").exists()
    close_stage(stage)


def test_without_a_restore_there_is_nothing_to_go_back_to(stage: Stage) -> None:
    page = shown(stage)
    assert not says(page, "the data from before is kept")
    stage.desk.run_action("backup.undo_restore")
    stage.wait(
        lambda: any("Nothing was restored" in t.accessibleName() for t in stage.window.toasts.shown)
    )


def test_checkouts_that_are_in_no_backup_are_named_before_and_after(
    stage: Stage, tmp_path: Path
) -> None:
    tenant, elsewhere = stage.tenant(), tmp_path / "mine"
    (elsewhere / ".git").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", str(elsewhere)], check=True)
    stage.house.projects.create(
        ProjectDraft(tenant.id, str(elsewhere), name="mine", checkout=str(elsewhere))
    )
    stage.desk.run_action("backup.to")
    dialog = stage.dialog(BackupDialog)
    stage.wait(lambda: says(dialog, "The checkout of acme / mine lies outside"))
    dialog.reject()
    stage.no_dialog()
    made(stage)
    page = shown(stage)
    stage.wait(lambda: says(page, "The checkout of acme / mine lies outside"))


def test_the_trash_says_how_large_things_are(stage: Stage) -> None:
    tenant = stage.tenant("gone")
    stage.house.keys.generate(tenant.id, "deploy")
    stage.house.tenants.delete(tenant.id, Job("Delete"))
    stage.desk.run_action("view.trash")
    page = stage.window.page_of("trash")
    assert isinstance(page, TrashPage)
    stage.wait(page.back_button.isEnabled)
    (line,) = page.rows.rows.items
    assert isinstance(line, Trashed)
    assert line.size > 300, "the key's two files at least"


def test_a_viewer_is_told_why_backups_and_trash_are_not_for_them(stage: Stage) -> None:
    made(stage)
    stage.house.tenants.delete(stage.tenant("gone").id, Job("Delete"))
    page = shown(stage)
    stage.wait(lambda: bool(listed(page)))
    at_desk = stage.house.operators.at_desk()
    stage.desk.set_operator(replace(at_desk, role=Role.VIEWER))
    for button in (page.now, page.details.verify, page.details.restore):
        assert not button.isEnabled()
        assert "needs the role" in button.toolTip()
    stage.desk.run_action("view.trash")
    trash = stage.window.page_of("trash")
    assert isinstance(trash, TrashPage)
    stage.wait(lambda: bool(trash.rows.rows.items))
    assert not trash.back_button.isEnabled()
    assert "needs the role admin" in trash.back_button.toolTip()
    stage.desk.set_operator(at_desk)
    assert page.now.isEnabled()
    stage.wait(trash.back_button.isEnabled)


def test_what_was_done_to_a_backup_is_one_press_away(stage: Stage) -> None:
    path = made(stage)
    page = shown(stage)

    def links() -> list[QPushButton]:
        found = page.details.findChildren(QPushButton)
        return [one for one in found if one.text() == "Show in the history"]

    stage.wait(lambda: bool(links()))
    stage.house.tenants.create(TenantDraft("other"))
    links()[0].click()
    history = stage.window.page_of("all_history")
    assert isinstance(history, HistoryPage)
    stage.wait(lambda: bool(history._events))
    assert {one.subject for one in history._events} == {path.name}
    assert history.filters.about.isVisible()
