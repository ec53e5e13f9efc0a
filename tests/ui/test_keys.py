"""The keys of all tenants in one table, with what can be done with each."""

from __future__ import annotations

from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel

from aiops_desktop.domain.keys import KeyType
from aiops_desktop.ui.dialogs.delete import DeleteDialog
from aiops_desktop.ui.dialogs.key_rename import RenameKeyDialog
from aiops_desktop.ui.views.keys.lines import KeyLine
from aiops_desktop.ui.views.keys.page import KeysPage
from tests.support.stage import Stage


def opened(stage: Stage) -> KeysPage:
    stage.window.go("keys")
    stage.settle()
    page = stage.window.page_of("keys")
    assert isinstance(page, KeysPage)
    return page


def names(page: KeysPage) -> list[str]:
    return [item.key.name for item in page.rows.rows.items if isinstance(item, KeyLine)]


def words(page: KeysPage) -> str:
    return " ".join(label.text() for label in page.details.findChildren(QLabel))


def test_without_keys_the_page_teaches(stage: Stage) -> None:
    stage.tenant()
    page = opened(stage)
    assert page._empty.isVisible()
    stage.house.keys.generate(next(iter(stage.desk.tenants)), "acme-deploy")
    page.refresh()
    stage.settle()
    assert not page._empty.isVisible()
    assert names(page) == ["acme-deploy"]


def test_keys_of_all_tenants_are_listed_filtered_and_explained(stage: Stage) -> None:
    acme, globex = stage.tenant("acme"), stage.tenant("globex")
    stage.project(acme, "shop", clone=False)
    stage.house.keys.generate(acme.id, "acme-deploy")
    stage.house.keys.generate(globex.id, "globex-old", KeyType.RSA, bits=2048)
    page = opened(stage)
    QAbstractItemModelTester(page.rows.rows)
    assert names(page) == ["acme-deploy", "globex-old"]
    assert "1 project" in words(page)
    page.search.setText("globex")
    assert names(page) == ["globex-old"]
    assert "Short for today." in words(page)
    assert page.back()
    assert names(page) == ["acme-deploy", "globex-old"]


def test_a_key_is_copied_renamed_and_deleted(stage: Stage) -> None:
    tenant = stage.tenant()
    key = stage.house.keys.generate(tenant.id, "acme-deploy").key
    page = opened(stage)
    stage.desk.run_action("key.copy")
    assert QApplication.clipboard().text() == key.public
    stage.desk.run_action("key.edit")
    dialog = stage.dialog(RenameKeyDialog)
    assert isinstance(dialog, RenameKeyDialog)
    dialog.name.setText("acme-server")
    dialog.accept_button.click()
    stage.wait(lambda: names(page) == ["acme-server"])
    stage.no_dialog()
    stage.desk.run_action("key.delete")
    stage.dialog(DeleteDialog).accept_button.click()
    stage.wait(lambda: names(page) == [])
    stage.no_dialog()
    assert not key.path.exists()
    stage.settle()


def test_a_trusted_host_is_named_and_can_be_taken_back(stage: Stage) -> None:
    tenant = stage.tenant()
    key = stage.house.keys.generate(tenant.id, "acme-deploy").key
    room = stage.house.tenants.room(tenant.id)
    kind, blob = key.public.split()[:2]
    room.known_hosts.write_text(f"git.acme.example {kind} {blob}\n")
    page = opened(stage)
    line = page.rows.current()
    assert isinstance(line, KeyLine)
    assert [host.host for host in line.hosts] == ["git.acme.example"]
    page.details._distrust(line, line.hosts[0])
    stage.wait(lambda: "None yet." in words(page))
    assert "git.acme.example" not in room.known_hosts.read_text()
    stage.settle()
