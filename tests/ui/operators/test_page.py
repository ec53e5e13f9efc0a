"""The operators: seen, added, promoted, deleted; and what those without the role are told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from aiops_desktop.adapters.secrets import phrase
from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.operators import OperatorEntry, Role
from aiops_desktop.ui.dialogs.operator import (
    AddOperatorDialog,
    DeleteOperatorDialog,
    EditOperatorDialog,
    OwnPassphraseDialog,
    ResetDialog,
)
from aiops_desktop.ui.views.history.page import HistoryPage
from aiops_desktop.ui.views.operators.page import OperatorsPage
from tests.support.stage import Stage, close_stage, open_stage


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrase, "MEMORY", 64)
    monkeypatch.setattr(phrase, "PASSES", 1)
    monkeypatch.setattr(phrase, "LANES", 1)


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot, layout: Layout) -> Iterator[Stage]:
    house = build(layout, {})
    house.operators.create_admin("ann@acme.example", "Ann")
    house.operators.add("Bob", "bob@acme.example", Role.VIEWER, "battery staple")
    made = open_stage(qapp, qtbot, layout)
    yield made
    close_stage(made)


@pytest.fixture
def page(stage: Stage) -> OperatorsPage:
    stage.desk.run_action("view.operators")
    found = stage.window.page_of("operators")
    assert isinstance(found, OperatorsPage)
    stage.wait(lambda: _names(found) == ["Ann", "Bob"])
    return found


def _entries(page: OperatorsPage) -> list[OperatorEntry]:
    return [item for item in page.rows.rows.items if isinstance(item, OperatorEntry)]


def _names(page: OperatorsPage) -> list[str]:
    return [entry.operator.name for entry in _entries(page)]


def _said(page: OperatorsPage) -> str:
    return " ".join(one.text() for one in page.details.findChildren(QLabel))


def _choose(page: OperatorsPage, name: str) -> OperatorEntry:
    entry = next(entry for entry in _entries(page) if entry.operator.name == name)
    assert page.rows.choose(entry.operator.id)
    return entry


def test_everybody_is_listed_with_role_and_way_in(stage: Stage, page: OperatorsPage) -> None:
    QAbstractItemModelTester(
        page.rows.rows, QAbstractItemModelTester.FailureReportingMode.Warning, page
    )
    assert "ann@acme.example" in _said(page)
    assert "The last admin" in _said(page)
    assert not page.details.role.isEnabled()
    assert not page.details.delete.isEnabled()
    _choose(page, "Bob")
    assert "passphrase" in _said(page)
    assert page.details.delete.isEnabled()
    page.search.setText("viewer")
    assert _names(page) == ["Bob"]
    page.search.setText("nobody of this name")
    assert _names(page) == []
    assert page._none.isVisible()
    assert page.back()
    assert _names(page) == ["Ann", "Bob"]


def test_somebody_is_added_and_field_errors_stand_at_their_fields(
    stage: Stage, page: OperatorsPage
) -> None:
    page.primary()
    dialog = stage.dialog(AddOperatorDialog)
    assert isinstance(dialog, AddOperatorDialog)
    dialog.name.setText("Mira")
    assert dialog.accept_button.text() == "Add Mira"
    dialog.email.setText("bob@acme.example")
    dialog.secrets[0].setText("correct horse")
    dialog.secrets[1].setText("other horse")
    dialog.submit()
    assert "differ" in dialog.fields["again"]._below.text()
    dialog.secrets[1].setText("correct horse")
    dialog.submit()
    stage.wait(lambda: "already" in dialog.fields["email"]._below.text())
    dialog.email.setText("mira@acme.example")
    dialog.submit()
    stage.wait(lambda: _names(page) == ["Ann", "Bob", "Mira"])
    stage.no_dialog()


def test_a_role_is_changed_where_it_stands(stage: Stage, page: OperatorsPage) -> None:
    _choose(page, "Bob")
    page.details.role.setCurrentIndex(0)
    page.details.role.activated.emit(0)
    stage.wait(lambda: _entries(page)[1].operator.role is Role.ADMIN)
    stage.wait(lambda: not _entries(page)[0].last_admin)


def test_somebody_is_edited_reset_and_deleted(stage: Stage, page: OperatorsPage) -> None:
    _choose(page, "Bob")
    page.details.edit.click()
    edit = stage.dialog(EditOperatorDialog)
    assert isinstance(edit, EditOperatorDialog)
    edit.name.setText("Robert")
    edit.submit()
    stage.wait(lambda: _names(page) == ["Ann", "Robert"])
    stage.no_dialog()
    page.details.reset.click()
    reset = stage.dialog(ResetDialog)
    assert isinstance(reset, ResetDialog)
    for field in reset.secrets:
        field.setText("correct horse")
    reset.submit()
    stage.no_dialog()
    saved = stage.house.operators.unlock("correct horse", "bob@acme.example").operator
    assert saved.name == "Robert"
    stage.house.operators._desk = None  # Ann is at the desk again
    page.details.delete.click()
    stage.dialog(DeleteOperatorDialog).submit()
    stage.wait(lambda: _names(page) == ["Ann"])
    stage.no_dialog()


def test_a_passphrase_of_ones_own_makes_the_lock_possible(
    stage: Stage, page: OperatorsPage
) -> None:
    assert not page.lock.isVisible()
    assert "passphrase first" in stage.window.menus.find("operators.lock").reason(stage.desk)  # type: ignore[union-attr]  # it is there
    page.own.click()
    dialog = stage.dialog(OwnPassphraseDialog)
    assert isinstance(dialog, OwnPassphraseDialog)
    dialog.submit()
    assert "Type a passphrase" in dialog.fields["passphrase"]._below.text()
    for field in dialog.secrets:
        field.setText("correct horse")
    dialog.submit()
    stage.wait(page.lock.isVisible)
    stage.no_dialog()
    page.lock.click()
    assert stage.desk.locked
    screen = stage.window.locking.screen
    assert screen is not None
    screen.passphrase.setText("correct horse")
    screen.submit()
    stage.wait(lambda: not stage.desk.locked)


def test_who_may_not_is_told_which_role_it_needs(stage: Stage, page: OperatorsPage) -> None:
    _choose(page, "Bob")
    stage.settle()
    viewer = _entries(page)[1].operator
    stage.desk.set_operator(viewer)
    for button in (page.add, page.details.edit, page.details.reset, page.details.delete):
        assert not button.isEnabled()
        assert button.toolTip() == "This needs the role admin; Bob is a viewer."
    assert not page.details.role.isEnabled()
    assert "needs the role admin" in _said(page)


def test_what_somebody_did_is_one_step_away(stage: Stage, page: OperatorsPage) -> None:
    page.act("history", _choose(page, "Ann"))
    history = stage.window.page_of("all_history")
    assert isinstance(history, HistoryPage)
    stage.wait(lambda: len(history.table.rows.items) > 2)
    assert history.filters.wanted.actor == "Ann"
