"""Settings come from their schema, say where they come from, and save what is valid."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.operators import Role
from aiops_desktop.domain.settings import schema
from aiops_desktop.ui.parts.controls import Choice, Switch
from aiops_desktop.ui.parts.notice import Banner
from aiops_desktop.ui.views.settings.checkup import Checkup
from aiops_desktop.ui.views.settings.page import SettingsPage
from aiops_desktop.ui.views.settings.proposals import Proposals
from aiops_desktop.ui.views.settings.sections import SECTIONS, SHEETS
from tests.support.stage import Stage, close_stage, open_stage


@pytest.fixture
def page(stage: Stage) -> SettingsPage:
    return opened(stage)


def opened(stage: Stage) -> SettingsPage:
    stage.window.go("settings")
    stage.settle()
    page = stage.window.page_of("settings")
    assert isinstance(page, SettingsPage)
    return page


def type_in(page: SettingsPage, path: str, text: str) -> None:
    control = page.rows[path].control
    assert isinstance(control, QLineEdit)
    control.setText(text)


def test_every_setting_has_its_field_and_nothing_is_changed_at_first(page: SettingsPage) -> None:
    assert set(page.rows) == {item.path for item in schema()}
    assert {item.section for item in schema()} == set(SECTIONS)
    assert not [path for path, row in page.rows.items() if row.dirty]
    assert not page.save.isVisible()


def test_the_fields_fit_the_types(page: SettingsPage) -> None:
    assert isinstance(page.rows["semaphore.verify_tls"].control, Switch)
    assert isinstance(page.rows["appearance.theme"].control, Choice)
    token = page.rows["semaphore.api_token"].control
    assert isinstance(token, QLineEdit)
    assert token.echoMode() == QLineEdit.EchoMode.Password


def test_valid_changes_are_saved_and_invalid_ones_stay(stage: Stage, page: SettingsPage) -> None:
    type_in(page, "git.connect_timeout", "20")
    type_in(page, "terminal.font_size", "huge")
    assert page.save.text() == "Save 1 change"
    wrong = page.rows["terminal.font_size"]
    assert wrong.error
    assert wrong.control.property("wrong") == "true"
    page.primary()
    stage.wait(lambda: not page.rows["git.connect_timeout"].dirty)
    stage.settle()
    assert stage.house.settings.current().git.connect_timeout == 20
    assert wrong.raw == "huge", "what was typed is not lost"
    assert "connect_timeout = 20" in stage.desk.layout.settings.read_text()
    page.discard.click()
    assert not wrong.dirty


def test_back_to_the_default_takes_the_value_out_of_the_file(
    stage: Stage, page: SettingsPage
) -> None:
    stage.house.settings.save({"git.idle_timeout": 90})
    page.refresh()
    stage.settle()
    row = page.rows["git.idle_timeout"]
    assert row.raw == "90"
    row.reset()
    page.primary()
    stage.settle()
    assert "idle_timeout" not in stage.desk.layout.settings.read_text()


def test_a_secret_is_written_and_never_shown(stage: Stage, page: SettingsPage) -> None:
    type_in(page, "semaphore.api_token", "secret-token-123")
    page.primary()
    stage.settle()
    row = page.rows["semaphore.api_token"]
    assert row.raw == ""
    assert not row.dirty
    assert stage.house.settings.secret("semaphore.api_token") == "secret-token-123"
    shown = " ".join(label.text() for label in page.findChildren(QLabel))
    assert "secret-token-123" not in shown
    assert (
        "secret-token-123" not in stage.desk.layout.settings.read_text()
        if (stage.desk.layout.settings.exists())
        else True
    )


def test_what_was_typed_stays_when_the_settings_are_read_again(
    stage: Stage, page: SettingsPage
) -> None:
    type_in(page, "semaphore.base_url", "http://127.0.0.1:3000")
    type_in(page, "semaphore.api_token", "half-a-tok")
    page.refresh()
    stage.settle()
    assert page.rows["semaphore.base_url"].raw == "http://127.0.0.1:3000"
    assert page.rows["semaphore.api_token"].raw == "half-a-tok"
    assert page.save.text() == "Save 2 changes"


def test_a_value_from_elsewhere_is_locked_and_says_where(
    qapp: QApplication, qtbot: QtBot, layout: Layout
) -> None:
    layout.env.write_text("DEFAULT_AI_SHELL=/bin/zsh\nSEMAPHORE_HTTP_TIMEOUT=soon\n")
    stage = open_stage(qapp, qtbot, layout)
    page = opened(stage)
    row = page.rows["assistants.default_shell"]
    assert row.raw == "/bin/zsh"
    assert isinstance(row.control, QLineEdit)
    assert row.control.isReadOnly()
    said = " ".join(label.text() for label in page.findChildren(QLabel))
    assert "Set in .env. Change it there." in said
    assert "was not taken" in said, "a bad value is said at its field"
    stage.settle()
    close_stage(stage)


def test_the_search_keeps_the_sections_that_match(page: SettingsPage) -> None:
    page.search.setText("SEMAPHORE_VERIFY")
    names = [getattr(item, "name", "") for item in page.sections.rows.items]
    assert names == ["semaphore"]
    assert page.back()
    assert len(page.sections.rows.items) == len(SECTIONS) + len(SHEETS)


def test_an_argument_leads_to_its_section(stage: Stage, page: SettingsPage) -> None:
    stage.window.menus.run("settings.semaphore")
    assert getattr(page.sections.current(), "name", "") == "semaphore"


def test_the_theme_is_switched_when_it_is_saved(stage: Stage, page: SettingsPage) -> None:
    control = page.rows["appearance.theme"].control
    assert isinstance(control, Choice)
    control.setCurrentText("dark")
    page.primary()
    stage.wait(lambda: stage.desk.theme.scheme.dark)
    stage.settle()


def test_a_server_nobody_answers_for_is_a_checklist(stage: Stage, page: SettingsPage) -> None:
    type_in(page, "semaphore.base_url", "http://127.0.0.1:9")
    type_in(page, "semaphore.http_timeout", "2")
    page.test.run()
    stage.settle()
    words = [label.text() for label in page.test.findChildren(QLabel)]
    assert "The address is reached" in words
    assert "not reached" in words


def test_where_things_lie_names_the_folders_and_the_keeper(
    stage: Stage, page: SettingsPage
) -> None:
    page.sections.choose("places")
    words = " ".join(label.text() for label in page.places.findChildren(QLabel))
    assert str(stage.desk.layout.data) in words
    assert "secret" in words.casefold()


def test_the_places_of_the_setting_one_is_at_stand_beside_it(
    qapp: QApplication, qtbot: QtBot, layout: Layout
) -> None:
    layout.settings.write_text('[assistants]\ndefault_shell = "/usr/bin/fish"\n')
    layout.env.write_text("# mine\nDEFAULT_AI_SHELL=/bin/zsh\n")
    stage = open_stage(qapp, qtbot, layout)
    page = opened(stage)
    page.open_argument("assistants.default_shell")

    def shown() -> list[str]:
        return [label.text() for label in page.chain.findChildren(QLabel) if label.isVisible()]

    stage.wait(lambda: "DEFAULT_AI_SHELL" in shown())
    words = shown()
    told = " ".join(words)
    assert "DEFAULT_AI_SHELL" in words
    assert words.index(".env") < words.index("Settings file") < words.index("Default")
    assert "line 2" in told
    assert "line 2, hidden by .env" in told, "the settings file's"
    assert page.chain.isVisible()
    page.sections.choose("checkup")
    assert not page.chain.isVisible()
    page.sections.choose("git")
    stage.window.resize(1024, 640)
    stage.wait(lambda: not page.chain.isVisible())
    stage.settle()
    close_stage(stage)


def test_a_program_that_is_not_there_is_a_warning_and_can_be_saved(
    stage: Stage, page: SettingsPage
) -> None:
    type_in(page, "assistants.codex_command", "no-such-program-here")
    row = page.rows["assistants.codex_command"]
    stage.wait(lambda: "is not found" in row.said)
    assert not row.error
    assert page.save.text() == "Save 1 change"
    type_in(page, "assistants.codex_command", "codex 'half")
    assert "is not closed" in row.said


def test_what_counts_after_a_restart_says_so_until_then(stage: Stage, page: SettingsPage) -> None:
    type_in(page, "storage.repo_storage_path", "elsewhere")
    page.primary()
    stage.settle()
    page.open_argument("storage.repo_storage_path")
    row = page.rows["storage.repo_storage_path"]
    assert not row.dirty
    assert row.waits
    assert any(
        "when it is started again" in label.text() for label in page.chain.findChildren(QLabel)
    )


def test_the_check_up_says_what_is_wrong_and_repairs_it(stage: Stage, page: SettingsPage) -> None:
    layout = stage.desk.layout
    layout.data.chmod(0o755)
    page.sections.choose("checkup")
    checkup = page.sheet("checkup")
    assert isinstance(checkup, Checkup)
    stage.wait(lambda: any(one.fix == "folder" for one in checkup.found))
    (button,) = [
        found
        for found in checkup.findChildren(QPushButton)
        if found.accessibleName() == "Repair Data folder"
    ]
    button.click()
    stage.wait(lambda: not any(one.fix for one in checkup.found))
    assert layout.data.stat().st_mode & 0o777 == 0o700
    stage.settle()


def test_who_may_not_save_is_told_which_role_that_needs(stage: Stage, page: SettingsPage) -> None:
    at_desk = stage.house.operators.at_desk()
    stage.desk.set_operator(replace(at_desk, role=Role.VIEWER))
    type_in(page, "git.connect_timeout", "20")
    assert not page.save.isEnabled()
    assert "needs the role admin" in page.save.toolTip()
    stage.desk.set_operator(at_desk)
    assert page.save.isEnabled()


def test_a_start_with_values_that_cannot_be_used_says_so_and_leads_there(
    qapp: QApplication, qtbot: QtBot, layout: Layout
) -> None:
    layout.env.write_text("\nSEMAPHORE_POLL_INTERVAL=often\nDATABASE_URL=postgresql://h/x\n")
    stage = open_stage(qapp, qtbot, layout)

    def said() -> str:
        shown = stage.window.findChildren(QLabel)
        return " ".join(label.text() for label in shown if label.isVisible())

    stage.wait(lambda: "Some settings could not be taken" in said())
    assert "SEMAPHORE_POLL_INTERVAL in .env, line 2 was not taken" in said()
    page = opened(stage)
    assert "PostgreSQL is not supported yet" in page.rows["storage.database_url"].said
    stage.settle()
    close_stage(stage)


def test_assistants_are_chosen_from_a_list_and_another_command_can_be_typed(
    stage: Stage, page: SettingsPage
) -> None:
    row = page.rows["assistants.default_tool"]
    control = row.control
    assert isinstance(control, Proposals)
    listed = [control.itemText(at) for at in range(control.count())]
    assert listed == ["codex", "aider", "demo", "shell", "Another command…"]
    control.setCurrentText("aider")
    assert page.save.text() == "Save 1 change"
    control.setCurrentIndex(4)
    control.activated.emit(4)
    control.setEditText("my-agent --fast")
    assert row.raw == "my-agent --fast"
    page.primary()
    stage.wait(lambda: not row.dirty)
    stage.settle()
    assert stage.house.settings.current().assistants.default_tool == "my-agent --fast"
    assert not control.isEditable()
    assert control.currentText() == "my-agent --fast"


def test_what_waits_for_a_restart_is_named_until_the_window_is_opened_anew(
    stage: Stage, page: SettingsPage
) -> None:
    foot = page.save.parentWidget()
    assert foot is not None
    (restart,) = [one for one in foot.findChildren(QPushButton) if one.text() == "Restart now"]
    assert not restart.isVisible()
    type_in(page, "storage.repo_storage_path", "elsewhere")
    page.primary()
    stage.wait(restart.isVisible)
    stage.settle()
    said = [label.text() for label in foot.findChildren(QLabel) if label.isVisible()]
    assert "Waits for a restart: Checkouts" in said
    type_in(page, "git.connect_timeout", "20")
    assert not restart.isVisible(), "what was typed would be lost"
    page.discard.click()
    restart.click()
    stage.wait(lambda: stage.window.closing)
    assert stage.desk.restarting


def test_a_value_that_was_not_taken_is_said_above_all_sections(
    qapp: QApplication, qtbot: QtBot, layout: Layout
) -> None:
    layout.env.write_text("SEMAPHORE_HTTP_TIMEOUT=soon\n'half\nDATABASE_URL=mysql://x\n")
    stage = open_stage(qapp, qtbot, layout)
    page = opened(stage)
    (strip,) = page.findChildren(Banner)
    said = " ".join(label.text() for label in strip.findChildren(QLabel))
    assert "3 values were not taken" in said
    assert "SEMAPHORE_HTTP_TIMEOUT in .env, line 1" in said
    assert ".env, line 2 cannot be read" in said
    layout.env.write_text("")
    page.refresh()
    stage.wait(lambda: not [one for one in page.findChildren(Banner) if one.isVisible()])
    stage.settle()
    close_stage(stage)


def test_the_search_shows_only_the_fields_that_match(page: SettingsPage) -> None:
    page.search.setText("poll")
    shown = [path for path, row in page.rows.items() if not row.box.isHidden()]
    assert shown == ["semaphore.poll_interval"]
    page.search.clear()
    assert not [path for path, row in page.rows.items() if row.box.isHidden()]


def test_a_stored_secret_can_be_removed(stage: Stage, page: SettingsPage) -> None:
    type_in(page, "semaphore.api_token", "secret-token-123")
    page.primary()
    stage.settle()
    row = page.rows["semaphore.api_token"]
    (remove,) = [
        one
        for one in row.box.findChildren(QPushButton)
        if one.accessibleName() == "Remove the stored value"
    ]
    page.sections.choose("semaphore")
    assert remove.isVisible()
    remove.click()
    assert page.save.text() == "Save 1 change"
    page.primary()
    stage.settle()
    assert stage.house.settings.secret("semaphore.api_token") == ""
    assert not row.dirty
    assert not remove.isVisible()


def test_the_wheel_scrolls_by_a_drop_down_and_chooses_nothing(page: SettingsPage) -> None:
    control = page.rows["appearance.theme"].control
    middle = QPointF(control.rect().center())
    turned = QWheelEvent(
        middle,
        QPointF(control.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(control, turned)
    assert not page.rows["appearance.theme"].dirty
