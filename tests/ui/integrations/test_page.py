"""Integrations are added, tested, given new tokens, linked and removed through the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.integrations import Integration, IntegrationDraft, IntegrationKind
from aiops_desktop.domain.operators import Role
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.actions.integrations import ACTIONS
from aiops_desktop.ui.dialogs.integration_link import LinkProjectDialog
from aiops_desktop.ui.dialogs.integration_remove import RemoveIntegrationDialog
from aiops_desktop.ui.parts.notice import Banner
from aiops_desktop.ui.views.integrations.form import IntegrationForm
from aiops_desktop.ui.views.integrations.page import IntegrationsPage
from tests.support.fake_forge import TOKEN, FakeToken
from tests.support.fake_gitlab import FakeGitLab
from tests.support.repos import git
from tests.support.stage import Stage
from tests.ui.keys.pages import words


@pytest.fixture
def gitlab() -> Iterator[FakeGitLab]:
    with FakeGitLab() as made:
        for name in ("shop", "infra"):
            made.add_project(f"acme/{name}")
        yield made


def opened(stage: Stage) -> IntegrationsPage:
    stage.window.go("integrations")
    stage.settle()
    page = stage.window.page_of("integrations")
    assert isinstance(page, IntegrationsPage)
    shown = {one.id for one in stage.house.integrations.all()}
    stage.wait(lambda: {line.one.id for line in page.lines} == shown)
    return page


def added(stage: Stage, tenant: Tenant, gitlab: FakeGitLab, token: str = TOKEN) -> Integration:
    draft = IntegrationDraft(tenant.id, IntegrationKind.GITLAB, "Work", gitlab.url, token)
    return stage.house.integrations.add(draft, Job("Add")).integration


def form_of(page: IntegrationsPage) -> IntegrationForm:
    assert page.form is not None
    return page.form


def press(stage: Stage, page: IntegrationsPage, text: str) -> None:
    """Click the button with these words, once it is there."""

    def found() -> list[QPushButton]:
        return [b for b in page.findChildren(QPushButton) if b.isVisible() and b.text() == text]

    stage.wait(lambda: bool(found()))
    click(found()[0])


def click(thing: QPushButton) -> None:
    QTest.mouseClick(thing, Qt.MouseButton.LeftButton)


def test_an_empty_page_teaches_and_leads_on(stage: Stage) -> None:
    stage.tenant()
    page = opened(stage)
    stage.wait(lambda: "No integrations yet" in words(page))
    page.primary()
    stage.wait(lambda: page.form is not None)
    assert "New GitLab integration" in words(form_of(page))


def test_one_is_tested_then_saved(stage: Stage, gitlab: FakeGitLab) -> None:
    stage.tenant()
    page = opened(stage)
    stage.desk.run_action("integration.new")
    form = form_of(page)
    assert not form.again.isEnabled()
    assert "Paste a token" in form.again.toolTip()
    assert not form.save.isEnabled()
    assert "after a good test" in form.save.toolTip()
    form.url.setText(gitlab.url)
    form.token.setText(TOKEN)
    QTest.keyClick(form.token, Qt.Key.Key_Return)
    stage.wait(lambda: "Verified as Ann" in words(form))
    assert "write_repository: push over https" in words(form)
    stage.wait(form.save.isEnabled)
    form.wants[next(iter(form.wants))].setChecked(True)
    assert not form.save.isEnabled(), "what is wanted has changed"
    page.primary()
    stage.wait(form.save.isEnabled)
    page.primary()
    stage.wait(lambda: page.form is None)
    stage.settle()
    line = page.rows.current()
    assert line is not None
    assert "@ann" in words(page.details)
    assert "Working" in words(page.details)
    assert stage.house.integrations.all()[0].username == "ann"
    assert stage.told == []


def test_why_it_fails_stands_in_the_form(stage: Stage, gitlab: FakeGitLab) -> None:
    stage.tenant()
    page = opened(stage)
    page.edit(None)
    form = form_of(page)
    form.url.setText(gitlab.url)
    form.token.setText("glpat-mistyped")
    click(form.again)
    stage.wait(lambda: "Token refused: revoked or mistyped" in words(form))
    stage.settle()
    assert not form.save.isEnabled()
    assert form.again.text() == "Test again"
    form.url.setText("ftp://nowhere")
    click(form.again)
    stage.wait(lambda: "is not the address of a server" in words(form))
    form.url.setText("http://127.0.0.1:9")
    click(form.again)
    stage.wait(lambda: "Not reached" in words(form))
    stage.settle()
    assert page.back()
    assert page.form is None


def test_a_test_that_hangs_is_stopped(stage: Stage, gitlab: FakeGitLab) -> None:
    stage.tenant()
    page = opened(stage)
    page.edit(None)
    form = form_of(page)
    gitlab.fail("hang")
    form.url.setText(gitlab.url)
    form.token.setText(TOKEN)
    click(form.again)
    stage.wait(lambda: form.again.text() == "Stop" and bool(gitlab.asked))
    click(form.again)
    stage.wait(lambda: form.again.text() == "Test")
    assert "Not tested yet" in words(form)


def test_the_steps_name_the_scopes_that_are_needed(stage: Stage) -> None:
    stage.tenant()
    page = opened(stage)
    page.edit(None)
    form = form_of(page)
    assert "grant read_api and write_repository" in words(form)
    for box in form.wants.values():
        box.setChecked(True)
    assert "grant api." in words(form)
    form.kind.setCurrentIndex(1)
    assert "New GitHub integration" in words(form)
    assert "tick repo and write:public_key" in words(form)


def test_a_new_token_takes_the_place_of_the_old(stage: Stage, gitlab: FakeGitLab) -> None:
    tenant = stage.tenant()
    gitlab.tokens["old"] = FakeToken("ann", ("api",), datetime.now(UTC) + timedelta(days=3))
    one = added(stage, tenant, gitlab, "old")
    page = opened(stage)
    stage.wait(lambda: "Its token ends soon" in words(page.details))
    stage.desk.run_action("integration.rotate")
    form = form_of(page)
    assert not form.url.isVisible()
    gitlab.tokens["bens"] = FakeToken("ben", ("api",))
    form.token.setText("bens")
    click(form.again)
    stage.wait(form.save.isEnabled)
    click(form.save)
    stage.wait(lambda: "belongs to ben, not to ann" in words(form))
    form.token.setText(TOKEN)
    click(form.again)
    stage.wait(form.save.isEnabled)
    click(form.save)
    stage.wait(lambda: page.form is None)
    gitlab.tokens["old"].revoked = True
    assert stage.house.integrations.forge(one.id).account().person.login == "ann"


def test_one_is_edited_with_its_kept_token(stage: Stage, gitlab: FakeGitLab) -> None:
    one = added(stage, stage.tenant(), gitlab)
    page = opened(stage)
    stage.desk.run_action("integration.edit")
    form = form_of(page)
    assert not form.tenant.isEnabled()
    form.name.setText("Mine")
    click(form.again)
    stage.wait(form.save.isEnabled)
    click(form.save)
    stage.wait(lambda: page.form is None)
    assert stage.house.integrations.get(one.id).name == "Mine"


def test_one_is_looked_at_paused_and_removed(stage: Stage, gitlab: FakeGitLab) -> None:
    one = added(stage, stage.tenant(), gitlab)
    page = opened(stage)
    gitlab.tokens[TOKEN].revoked = True
    click(page.details.test)
    stage.wait(lambda: "does not accept the token" in words(page.details))
    stage.desk.run_action("integration.pause")
    stage.wait(lambda: not stage.house.integrations.get(one.id).enabled)
    stage.wait(lambda: "Paused" in words(page.details))
    stage.desk.run_action("integration.remove")
    dialog = stage.dialog(RemoveIntegrationDialog)
    assert "Its token is forgotten" in words(dialog)
    click(dialog.accept_button)
    stage.no_dialog()
    stage.wait(lambda: "No integrations yet" in words(page))
    assert stage.house.integrations.all() == []


def test_projects_are_linked_and_unlinked(stage: Stage, gitlab: FakeGitLab) -> None:
    tenant = stage.tenant()
    added(stage, tenant, gitlab)
    for name, url in (("shop", f"{gitlab.url}/acme/shop.git"), ("far", "git@far.example:a/b.git")):
        stage.house.projects.create(ProjectDraft(tenant.id, url, name))
    stage.desk.reload()
    stage.wait(lambda: len(stage.desk.projects) == 2)
    page = opened(stage)
    press(stage, page, "Link 1 project")
    stage.wait(lambda: "acme/shop" in words(page.details))
    stage.desk.run_action("integration.link")
    dialog = stage.dialog(LinkProjectDialog)
    assert isinstance(dialog, LinkProjectDialog)
    assert dialog.project.currentText() == "far"
    assert not dialog.accept_button.isEnabled()
    dialog.where.setText("acme/nothing")
    click(dialog.accept_button)
    stage.wait(lambda: "does not have this" in words(dialog))
    QTest.keyClicks(dialog.where, "x")
    stage.wait(lambda: "0 projects found" in words(dialog))
    dialog.where.setText("acme/infra")
    click(dialog.accept_button)
    stage.no_dialog()
    stage.wait(lambda: "2 linked projects" in words(page.details))
    remove = [
        b
        for b in page.findChildren(QPushButton)
        if "link of far away" in b.accessibleName() and b.isVisible()
    ]
    click(remove[0])
    stage.wait(lambda: "1 linked project" in words(page.details))


def test_tokens_in_checkouts_are_offered_to_be_cleaned(stage: Stage) -> None:
    tenant = stage.tenant()
    project = stage.project(tenant)
    git(project.checkout, "remote", "add", "fork", "https://me:topsecret123@git.example/a/b.git")
    page = opened(stage)

    def strips() -> list[str]:
        return [b.accessibleName() for b in page.findChildren(Banner) if b.isVisible()]

    stage.wait(lambda: strips() == ["1 address in a checkout holds a token: web-shop"])
    press(stage, page, "Clean 1 address")
    stage.wait(lambda: strips() == [])
    assert "topsecret123" not in (project.checkout / ".git" / "config").read_text()
    stage.settle()


def test_who_may_not_change_it_is_told_so(stage: Stage, gitlab: FakeGitLab) -> None:
    added(stage, stage.tenant(), gitlab)
    page = opened(stage)
    operator = stage.desk.operator
    assert operator is not None
    stage.desk.set_operator(replace(operator, role=Role.VIEWER))
    for action in ACTIONS:
        if action.verb and action.verb != "issues.sync_all":
            assert "needs the role" in action.reason(stage.desk), action.id
    assert page.isVisible()


def test_the_form_is_whole_at_any_size(stage: Stage, gitlab: FakeGitLab) -> None:
    added(stage, stage.tenant(), gitlab)
    page = opened(stage)
    page.edit(None)
    for width, height in ((1024, 640), (1440, 900)):
        stage.window.resize(width, height)
        stage.settle()
        form = form_of(page)
        right = form.mapTo(stage.window, form.rect().topRight()).x()
        assert right <= stage.window.width()
        assert form.save.isVisible()
        assert not page.details.isVisible()


def test_the_server_makes_the_new_token_when_it_can(stage: Stage, gitlab: FakeGitLab) -> None:
    one = added(stage, stage.tenant(), gitlab)
    page = opened(stage)
    page.open_argument(("token", one))
    form = form_of(page)
    assert form.renewing is not None
    form.renewing.button.click()
    stage.wait(lambda: page.form is None)
    assert gitlab.tokens[TOKEN].revoked
    now = stage.house.integrations.get(one.id)
    assert now.expires is not None
    assert 88 <= (now.expires - datetime.now(UTC)).days <= 90


def test_a_server_that_cannot_make_a_token_says_why(stage: Stage, gitlab: FakeGitLab) -> None:
    gitlab.version = "15.11.0"
    one = added(stage, stage.tenant(), gitlab)
    page = opened(stage)
    page.open_argument(("token", one))
    renewing = form_of(page).renewing
    assert renewing is not None
    assert not renewing.button.isEnabled()
    assert "from 16.10 on" in renewing.button.toolTip()


def test_a_token_that_ends_needs_the_person_and_leads_to_a_new_one(
    stage: Stage, gitlab: FakeGitLab
) -> None:
    gitlab.tokens["soon"] = FakeToken("ann", ("api",), datetime.now(UTC) + timedelta(days=5))
    project = stage.project(stage.tenant())
    one = added(stage, stage.desk.tenants[project.tenant_id], gitlab, "soon")
    stage.desk.announce(Changes(Touched.INTEGRATIONS))
    needs = stage.window.needs
    stage.wait(lambda: any("Token ends in" in need.text for need in needs.all))
    need = next(need for need in needs.all if "Token ends in" in need.text)
    stage.desk.go(need.page, need.argument)
    page = stage.window.page_of("integrations")
    assert isinstance(page, IntegrationsPage)
    stage.wait(lambda: page.form is not None)
    assert form_of(page).before == one
    stage.house.integrations.tokens.renew(one.id, Job("Renew"))
    stage.desk.announce(Changes(Touched.INTEGRATIONS))
    stage.wait(lambda: not any("Token" in need.text for need in needs.all))


def test_each_link_says_when_it_was_synced_and_is_synced_by_itself(
    stage: Stage, gitlab: FakeGitLab
) -> None:
    tenant = stage.tenant()
    one = added(stage, tenant, gitlab)
    for name in ("shop", "infra"):
        made = stage.house.projects.create(
            ProjectDraft(tenant.id, f"{gitlab.url}/acme/{name}.git", name)
        )
        stage.house.integrations.projects.link(made.project.id, one.id, "", Job("Link"))
    stage.desk.announce(Changes(Touched.PROJECTS | Touched.TENANTS))
    gitlab.fail("500 ", f"{next(p.id for p in gitlab.projects.values() if 'infra' in p.path)}/")
    page = opened(stage)
    stage.wait(lambda: "not synced yet, next soon" in words(page.details))
    for name in ("shop", "infra"):
        again = next(
            button
            for button in page.details.findChildren(QPushButton)
            if button.accessibleName() == f"Sync the issues of {name} now"
        )
        again.click()
        stage.settle()
    stage.wait(lambda: "synced just now, next at" in words(page.details))
    stage.wait(lambda: "answered with an error" in words(page.details))
    states = {state.title: state for state in stage.house.issues.syncs()}
    assert [bool(states[name].what) for name in sorted(states)] == [True, False]
