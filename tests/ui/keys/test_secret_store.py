"""The secret store in the settings: where its data key lies, locked, opened, sealed anew, lost."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest
from PySide6.QtTest import QTest

from aiops_desktop.domain.secrets import Place, StoreState
from aiops_desktop.ui.dialogs.secret import SecretDialog
from aiops_desktop.ui.dialogs.secret_over import StartOverDialog
from aiops_desktop.ui.dialogs.secret_place import DataKeyDialog, FirstSecretDialog
from aiops_desktop.ui.views.settings.page import SettingsPage
from aiops_desktop.ui.views.settings.secrets import SecretStore
from tests.support.secret_store import Ring
from tests.support.stage import Stage
from tests.ui.keys.pages import words

PASSPHRASE = "seven words are easy"
OWNER = "tenant:1/https/git.acme.example"


@pytest.fixture
def ring() -> Iterator[Ring]:
    """A keyring that answers."""
    before = keyring.get_keyring()
    made = Ring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def store(stage: Stage) -> SecretStore:
    stage.window.go("settings", "secrets")
    stage.settle()
    page = stage.window.page_of("settings")
    assert isinstance(page, SettingsPage)
    sheet = page.secrets
    assert isinstance(sheet, SecretStore)
    stage.wait(lambda: sheet.status is not None)
    return sheet


def stands(sheet: SecretStore, state: StoreState) -> bool:
    return sheet.status is not None and sheet.status.state is state


def test_without_a_secret_it_says_where_the_first_would_lie(stage: Stage) -> None:
    sheet = store(stage)
    assert stands(sheet, StoreState.EMPTY)
    assert "Nothing is kept yet" in words(sheet)
    assert not sheet.lock_button.isVisible() and not sheet.unlock_button.isVisible()


def test_it_names_place_and_contents_is_locked_and_opened(stage: Stage) -> None:
    stage.tenant()
    stage.house.secrets.put(OWNER, "ann\ntoken-of-acme-0123456789")
    sheet = store(stage)
    stage.wait(lambda: stands(sheet, StoreState.OPEN))
    shown = words(sheet)
    assert str(stage.desk.layout.data) in shown
    assert "the token for git.acme.example of acme" in shown
    assert "token-of-acme" not in shown
    sheet.lock()
    stage.wait(lambda: stands(sheet, StoreState.LOCKED))
    stage.settle()
    assert "Locked" in words(sheet) and not sheet.lock_button.isVisible()
    sheet.unlock()
    stage.wait(lambda: stands(sheet, StoreState.OPEN))
    stage.settle()


def test_the_data_key_moves_under_a_passphrase(stage: Stage) -> None:
    stage.tenant()
    stage.house.secrets.put(OWNER, "ann\ntoken-of-acme-0123456789")
    sheet = store(stage)
    sheet._move()
    dialog = stage.dialog(DataKeyDialog)
    assert isinstance(dialog, DataKeyDialog)
    assert dialog.chosen is Place.PASSPHRASE
    assert Place.KEYRING not in dialog.places
    assert "No keyring answers" in words(dialog)
    dialog.passphrase.setText(PASSPHRASE)
    dialog.again.setText("another")
    dialog.accept_button.click()
    assert "The two passphrases differ." in words(dialog)
    dialog.again.setText(PASSPHRASE)
    dialog.accept_button.click()
    stage.no_dialog()
    stage.wait(lambda: sheet.status is not None and sheet.status.place is Place.PASSPHRASE)
    stage.settle()
    assert stage.house.secrets.get(OWNER).endswith("token-of-acme-0123456789")

    sheet.lock()
    stage.wait(lambda: stands(sheet, StoreState.LOCKED))
    stage.settle()
    assert sheet.passphrase.isVisible() and not sheet.unlock_button.isEnabled()
    QTest.keyClicks(sheet.passphrase, "wrong one")
    sheet.unlock()
    stage.settle()
    assert stands(sheet, StoreState.LOCKED)
    assert "passphrase" in sheet._said.text()
    QTest.keyClicks(sheet.passphrase, PASSPHRASE)
    sheet.unlock()
    stage.wait(lambda: stands(sheet, StoreState.OPEN))
    stage.settle()
    assert not sheet.passphrase.text()
    assert not sheet._said.isVisible()


def test_a_passphrase_that_is_too_short_is_said_at_its_field(stage: Stage) -> None:
    stage.house.secrets.put("settings/semaphore.api_token", "token-0123456789")
    sheet = store(stage)
    sheet._move()
    dialog = stage.dialog(DataKeyDialog)
    assert isinstance(dialog, DataKeyDialog)
    dialog.passphrase.setText("ab")
    dialog.again.setText("ab")
    dialog.accept_button.click()
    stage.wait(lambda: dialog.passphrase.property("wrong") == "true" or bool(dialog.said.text()))
    assert dialog.accept_button.isEnabled()
    dialog.reject()
    stage.settle()


def test_with_a_keyring_the_key_lies_there_and_is_made_anew(stage: Stage, ring: Ring) -> None:
    stage.house.secrets.put("settings/semaphore.api_token", "token-0123456789")
    sheet = store(stage)
    stage.wait(lambda: sheet.status is not None and sheet.status.place is Place.KEYRING)
    before = dict(ring.kept)
    sheet._rekey()
    dialog = stage.dialog(DataKeyDialog)
    assert isinstance(dialog, DataKeyDialog)
    assert dialog.places == [Place.KEYRING]
    dialog.accept_button.click()
    stage.no_dialog()
    stage.settle()
    assert ring.kept != before
    assert stage.house.secrets.get("settings/semaphore.api_token") == "token-0123456789"


def test_a_lost_key_names_what_to_enter_again_and_starts_over(stage: Stage) -> None:
    stage.tenant()
    stage.house.secrets.put(OWNER, "ann\ntoken-of-acme-0123456789")
    keys = [path for path in stage.desk.layout.data.glob("secret*") if path.is_file()]
    assert keys
    for path in keys:
        path.unlink()
    stage.house.secrets.drop()
    sheet = store(stage)
    sheet.look()
    stage.wait(lambda: stands(sheet, StoreState.LOST))
    stage.settle()
    assert "These must be entered again:" in words(sheet)
    sheet._start_over()
    dialog = stage.dialog(StartOverDialog)
    assert "the token for git.acme.example of acme" in words(dialog)
    dialog.accept_button.click()
    stage.no_dialog()
    stage.wait(lambda: stands(sheet, StoreState.EMPTY))
    stage.settle()


def under_passphrase(stage: Stage) -> None:
    """A store as a new start finds it: sealed under a passphrase, and nobody has typed it yet."""
    stage.tenant()
    stage.house.secrets.put(OWNER, "ann\ntoken-of-acme-0123456789")
    stage.house.safe.change(Place.PASSPHRASE, PASSPHRASE)
    stage.house.secrets.drop()
    stage.house.secrets.ask = stage.window.questions.store.ask


def read_secret(stage: Stage, told: list[str]) -> None:
    stage.desk.start(
        "Read",
        lambda _job: stage.house.secrets.get(OWNER),
        done=lambda value: told.append(value.split("\n")[1]),
        trouble=lambda trouble: told.append(str(trouble)),
    )


def test_work_that_needs_a_secret_asks_for_the_passphrase_once(stage: Stage) -> None:
    under_passphrase(stage)
    told: list[str] = []
    read_secret(stage, told)
    read_secret(stage, told)
    for text in ("wrong", PASSPHRASE):
        stage.wait(lambda: stage.window.questions.store.dialog is not None)
        dialog = stage.window.questions.store.dialog
        assert isinstance(dialog, SecretDialog)
        dialog.field.setText(text)
        dialog.submit()
    stage.wait(lambda: len(told) == 2)
    assert told == ["token-of-acme-0123456789"] * 2
    stage.settle()
    stage.no_dialog()


def test_who_declines_is_told_where_to_unlock_and_not_asked_again(stage: Stage) -> None:
    under_passphrase(stage)
    told: list[str] = []
    read_secret(stage, told)
    stage.dialog(SecretDialog).reject()
    stage.wait(lambda: len(told) == 1)
    read_secret(stage, told)
    stage.wait(lambda: len(told) == 2)
    assert all("The secret store is locked." in said for said in told)
    assert stage.window.questions.store.dialog is None
    stage.settle()


def test_a_program_that_ends_does_not_wait_for_the_answer(stage: Stage) -> None:
    under_passphrase(stage)
    told: list[str] = []
    read_secret(stage, told)
    stage.dialog(SecretDialog)
    stage.desk.leaving.emit()
    stage.wait(lambda: len(told) == 1)
    stage.dialog(SecretDialog).reject()
    stage.settle()


def first_secret(stage: Stage, told: list[str], value: str = "token-of-acme-0123456789") -> None:
    """Work that keeps a secret, in a data folder that has none yet."""
    stage.house.secrets.offer = stage.window.questions.store.offer
    stage.desk.start(
        "Keep",
        lambda _job: stage.house.secrets.put(OWNER, value),
        done=lambda _none: told.append("kept"),
        trouble=lambda trouble: told.append(str(trouble)),
    )


def asked(stage: Stage) -> FirstSecretDialog:
    dialog = stage.dialog(FirstSecretDialog)
    assert isinstance(dialog, FirstSecretDialog)
    return dialog


def test_the_first_secret_asks_what_shall_protect_it(stage: Stage) -> None:
    told: list[str] = []
    first_secret(stage, told)
    first_secret(stage, told)
    dialog = asked(stage)
    assert "No keyring answers on this computer" in words(dialog)
    assert dialog.places == [Place.PASSPHRASE, Place.FILE]
    assert not dialog.accept_button.isEnabled()
    dialog.passphrase.setText("short")
    dialog.again.setText("short")
    dialog.accept_button.click()
    assert "It needs 8 characters." in words(dialog)
    dialog.passphrase.setText(PASSPHRASE)
    dialog.accept_button.click()
    assert "The two passphrases differ." in words(dialog)
    dialog.again.setText(PASSPHRASE)
    dialog.accept_button.click()
    stage.wait(lambda: told == ["kept", "kept"])
    stage.no_dialog()
    assert stage.house.safe.status().place is Place.PASSPHRASE
    stage.settle()


def test_a_key_file_is_chosen_never_taken(stage: Stage) -> None:
    told: list[str] = []
    first_secret(stage, told)
    dialog = asked(stage)
    dialog.place.setCurrentIndex(dialog.places.index(Place.FILE))
    assert "Whoever can read your files can read the secrets." in words(dialog)
    dialog.accept_button.click()
    stage.wait(lambda: told == ["kept"])
    assert stage.house.safe.status().place is Place.FILE
    stage.settle()


def test_who_chooses_no_place_keeps_nothing_and_is_asked_again(stage: Stage) -> None:
    told: list[str] = []
    first_secret(stage, told)
    asked(stage).reject()
    stage.wait(lambda: len(told) == 1)
    assert "Nothing was kept" in told[0]
    assert stage.house.safe.status().state is StoreState.EMPTY
    first_secret(stage, told)
    asked(stage).reject()
    stage.wait(lambda: len(told) == 2)
    stage.settle()


def test_a_keyring_that_answers_keeps_the_first_key_unasked(stage: Stage, ring: Ring) -> None:
    told: list[str] = []
    first_secret(stage, told)
    stage.wait(lambda: told == ["kept"])
    stage.no_dialog()
    assert ring.kept
    stage.settle()
