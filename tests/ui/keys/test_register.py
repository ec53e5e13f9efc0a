"""Keys are registered with forges from the page of keys, looked for there, and taken away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton

from aiops_desktop.domain.integrations import IntegrationDraft, IntegrationKind
from aiops_desktop.domain.keys import Registration
from aiops_desktop.ui.dialogs.key_register import RegisterWithForgeDialog
from aiops_desktop.ui.views.keys.page import KeysPage
from tests.support.fake_forge import TOKEN
from tests.support.fake_gitlab import FakeGitLab
from tests.support.people import Listener
from tests.support.stage import Stage
from tests.ui.keys.pages import asked, opened, words


@pytest.fixture
def gitlab() -> Iterator[FakeGitLab]:
    with FakeGitLab() as made:
        yield made


def integrated(stage: Stage, gitlab: FakeGitLab) -> KeysPage:
    """The page of keys of a tenant that has a key and an account on a GitLab."""
    tenant = stage.tenant()
    stage.house.keys.generate(tenant.id, "acme-deploy")
    kind = IntegrationKind.GITLAB
    draft = IntegrationDraft(tenant.id, kind, base_url=gitlab.url, token=TOKEN)
    stage.house.integrations.add(draft, Listener().job())
    return opened(stage)


def take_away(page: KeysPage) -> QAbstractButton:
    """The button beside a registration."""
    names = page.details.findChildren(QAbstractButton)
    return next(one for one in names if "Take the key away" in one.accessibleName())


def test_a_key_becomes_one_of_the_account_and_is_taken_away(
    stage: Stage, gitlab: FakeGitLab
) -> None:
    page = integrated(stage, gitlab)
    dialog = asked(stage, "key.register", RegisterWithForgeDialog)
    assert dialog.place.currentText() == "Key of the account ann"
    assert "It opens all that this account may reach." in words(dialog)
    dialog.accept_button.click()
    stage.no_dialog()
    stage.wait(lambda: "127.0.0.1" in words(page.details))
    assert len(gitlab.user_keys) == 1
    stage.settle()
    take_away(page).click()
    stage.wait(lambda: not gitlab.user_keys)
    stage.wait(lambda: "127.0.0.1" not in words(page.details))
    stage.settle()


def test_a_deploy_key_of_a_project_that_is_typed(stage: Stage, gitlab: FakeGitLab) -> None:
    far = gitlab.add_project("acme/shop")
    page = integrated(stage, gitlab)
    dialog = asked(stage, "key.register", RegisterWithForgeDialog)
    dialog.place.setCurrentIndex(dialog.place.count() - 1)
    assert dialog.path.isVisible()
    assert not dialog.accept_button.isEnabled()
    dialog.path.setText("/acme/shop/")
    dialog.writes.setChecked(True)
    dialog.accept_button.click()
    stage.no_dialog()
    stage.wait(lambda: "deploy key of acme/shop" in words(page.details))
    assert [one.writes for one in far.deploy_keys.values()] == [True]
    stage.settle()


def test_what_the_forge_refuses_is_said_in_the_dialog(stage: Stage, gitlab: FakeGitLab) -> None:
    integrated(stage, gitlab)
    dialog = asked(stage, "key.register", RegisterWithForgeDialog)
    dialog.place.setCurrentIndex(dialog.place.count() - 1)
    dialog.path.setText("acme/not-there")
    dialog.accept_button.click()
    stage.wait(lambda: bool(dialog.said.text()))
    assert dialog.accept_button.isEnabled()
    dialog.reject()
    stage.settle()


def test_keys_that_are_known_there_are_found(stage: Stage, gitlab: FakeGitLab) -> None:
    page = integrated(stage, gitlab)
    key = page.rows.current()
    tenant = stage.house.tenants.all()[0]
    made = stage.house.integrations.all(tenant.id)[0]
    one = stage.house.keys.all(tenant.id)[0]
    stage.house.integrations.forge(made.id).add_key("by hand", one.public)
    stage.desk.run_action("key.registered")
    stage.wait(lambda: "127.0.0.1" in words(page.details))
    assert key is not None
    stage.settle()


def test_without_an_integration_it_says_what_to_do(stage: Stage) -> None:
    tenant = stage.tenant()
    key = stage.house.keys.generate(tenant.id, "acme-deploy").key
    stage.house.keys.care.register(key.id, Registration("git.acme.example"))
    page = opened(stage)
    dialog = asked(stage, "key.register", RegisterWithForgeDialog)
    assert "acme has no integration with a forge." in words(dialog)
    assert not dialog.accept_button.isVisible()
    dialog.reject()
    take_away(page).click()
    stage.wait(lambda: "git.acme.example" not in words(page.details))
    assert stage.house.keys.get(key.id).registered == ()
    stage.settle()
