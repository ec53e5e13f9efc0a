"""A folder of keys is looked at, edited and brought in; nothing happens before one confirms."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest

from aiops_desktop.ui.dialogs.key import ImportKeyDialog, PublicKeyDialog
from aiops_desktop.ui.dialogs.keys_folder import ImportFolderDialog
from aiops_desktop.ui.dialogs.keys_folder_model import NAME, NOTE, TENANT, TYPE
from tests.support.stage import Stage
from tests.ui.keys.pages import opened, words


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Keys named after their tenants, and what else lies beside keys."""
    place = tmp_path / "syseng"
    place.mkdir()
    for name in ("id_ed25519-acme-deploy", "id_ed25519-newco-git", "id_ed25519_old"):
        make_key(place / name)
    (place / "notes.txt").write_text("not a key")
    return place


def make_key(path: Path) -> None:
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True
    )


def preview(stage: Stage, folder: Path) -> ImportFolderDialog:
    dialog = ImportFolderDialog(stage.desk, stage.window, folder)
    dialog.open()
    stage.settle()
    assert dialog.model is not None
    return dialog


def column(dialog: ImportFolderDialog, number: int) -> list[str]:
    model = dialog.model
    assert model is not None
    return [str(model.index(row, number).data()) for row in range(model.rowCount())]


def test_nothing_is_made_before_one_confirms(stage: Stage, folder: Path) -> None:
    acme = stage.tenant()
    dialog = preview(stage, folder)
    assert dialog.model is not None
    QAbstractItemModelTester(dialog.model)
    assert column(dialog, TENANT) == ["acme", "newco", ""]
    assert column(dialog, TYPE) == ["Ed25519"] * 3
    assert column(dialog, NAME)[0] == "syseng-acme-deploy"
    assert column(dialog, NOTE) == ["", "new tenant", "no tenant matches"]
    assert dialog.accept_button.text() == "Import 2 keys"
    assert dialog.said.text() == "1 key stays out"
    assert "Left out  1" in words(dialog)
    dialog.reject()
    stage.settle()
    assert stage.house.keys.all(acme.id) == []
    assert [tenant.name for tenant in stage.house.tenants.all()] == ["acme"]


def test_what_the_person_edits_is_what_is_made(stage: Stage, folder: Path) -> None:
    acme = stage.tenant()
    dialog = preview(stage, folder)
    model, table = dialog.model, dialog.table
    assert model is not None and table is not None
    assert model.setData(model.index(0, NAME), "deploy")
    table.setCurrentIndex(model.index(1, NOTE))
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert model.setData(model.index(2, TENANT), "ACME")
    assert column(dialog, NAME)[2] == "id_ed25519_old", "the file's name is a start"
    assert dialog.accept_button.text() == "Import 2 keys"
    dialog.accept_button.click()
    stage.no_dialog()
    stage.settle()
    names = sorted(key.name for key in stage.house.keys.all(acme.id))
    assert names == ["deploy", "id_ed25519_old"]
    assert [tenant.name for tenant in stage.house.tenants.all()] == ["acme"]


def test_a_name_that_is_taken_is_said_and_stays_out(stage: Stage, folder: Path) -> None:
    acme = stage.tenant()
    stage.house.keys.generate(acme.id, "Syseng-acme-deploy")
    dialog = preview(stage, folder)
    assert dialog.model is not None
    assert column(dialog, NOTE)[0] == "syseng-acme-deploy exists"
    assert dialog.accept_button.text() == "Import 1 key"
    dialog.model.setData(dialog.model.index(0, NAME), "acme-deploy-2")
    assert column(dialog, NOTE)[0] == ""
    assert dialog.accept_button.text() == "Import 2 keys"
    for bad in ("", "a/b\n"):
        dialog.model.setData(dialog.model.index(0, NAME), bad)
        assert column(dialog, NOTE)[0], bad
        assert dialog.accept_button.text() == "Import 1 key"
    dialog.reject()
    stage.settle()


def test_a_folder_that_is_not_there_is_said_at_its_field(stage: Stage, folder: Path) -> None:
    stage.tenant()
    dialog = ImportFolderDialog(stage.desk, stage.window, folder / "gone")
    dialog.open()
    stage.settle()
    assert "is not there" in words(dialog)
    assert not dialog.accept_button.isEnabled()
    dialog.folder.setText(str(folder))
    dialog.look()
    stage.settle()
    assert "is not there" not in words(dialog)
    assert dialog.accept_button.isEnabled()
    dialog.reject()
    stage.settle()


def test_a_file_that_vanishes_is_named_and_the_others_are_made(stage: Stage, folder: Path) -> None:
    acme = stage.tenant()
    make_key(folder / "id_ed25519-acme-zweit")
    dialog = preview(stage, folder)
    (folder / "id_ed25519-acme-deploy").unlink()
    dialog.accept_button.click()
    stage.wait(lambda: "could not be taken" in dialog.said.text())
    stage.settle()
    assert dialog.isVisible()
    assert [key.name for key in stage.house.keys.all(acme.id)] == ["syseng-acme-zweit"]
    assert column(dialog, NOTE)[0] not in ("", "added")
    assert "added" in column(dialog, NOTE)
    dialog.reject()
    stage.settle()


def drop(stage: Stage, *paths: Path) -> None:
    page = opened(stage)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dropEvent(event)


def test_a_dropped_file_is_brought_in(stage: Stage, folder: Path) -> None:
    acme = stage.tenant()
    drop(stage, folder / "id_ed25519-acme-deploy")
    dialog = stage.dialog(ImportKeyDialog)
    assert isinstance(dialog, ImportKeyDialog)
    assert dialog.name.text() == "id_ed25519-acme-deploy"
    dialog.accept_button.click()
    stage.dialog(PublicKeyDialog).reject()
    stage.settle()
    assert [key.name for key in stage.house.keys.all(acme.id)] == ["id_ed25519-acme-deploy"]
    assert (folder / "id_ed25519-acme-deploy").exists()


def test_several_dropped_files_are_chosen_in_their_folder(stage: Stage, folder: Path) -> None:
    stage.tenant()
    make_key(folder / "id_ed25519-acme-more")
    drop(stage, folder / "id_ed25519-acme-deploy", folder / "id_ed25519-newco-git")
    dialog = stage.dialog(ImportFolderDialog)
    stage.settle()
    assert dialog.accept_button.text() == "Import 2 keys"
    dialog.reject()
    stage.settle()


def test_pasted_private_text_is_never_shown(stage: Stage, folder: Path) -> None:
    acme = stage.tenant()
    text = (folder / "id_ed25519-acme-deploy").read_text()
    stage.desk.run_action("key.import")
    dialog = stage.dialog(ImportKeyDialog)
    assert isinstance(dialog, ImportKeyDialog)
    data = QMimeData()
    data.setText(text.replace("\n", "\r\n").rstrip())
    QGuiApplication.clipboard().setMimeData(data)
    dialog.private.paste()
    assert "Pasted" in words(dialog)
    body = text.splitlines()[1]
    assert body[:20] not in words(dialog)
    dialog.name.setText("pasted")
    dialog.accept_button.click()
    stage.dialog(PublicKeyDialog).reject()
    stage.settle()
    assert [key.name for key in stage.house.keys.all(acme.id)] == ["pasted"]
    assert "PRIVATE" not in QGuiApplication.clipboard().text(), "nor can it be pasted elsewhere"
