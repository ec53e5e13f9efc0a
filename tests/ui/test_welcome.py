"""From nothing to a cloned project, without leaving the page."""

from __future__ import annotations

from PySide6.QtTest import QTest

from aiops_desktop.ui.views.welcome.page import WelcomePage
from tests.support.repos import bare
from tests.support.stage import Stage


def guide(stage: Stage) -> WelcomePage:
    page = stage.window.page_of("welcome")
    assert isinstance(page, WelcomePage)
    return page


def test_three_steps_lead_to_a_cloned_project(stage: Stage) -> None:
    page = guide(stage)
    assert page.tenant_step.name.isVisible()
    assert not page.key_step.name.isVisible()
    QTest.keyClicks(page.tenant_step.name, "acme")
    page.primary()
    stage.wait(page.key_step.name.isVisible)
    assert not page.tenant_step.name.isVisible()
    assert page.key_step.name.text() == "acme-deploy"
    page.primary()
    stage.wait(page.project_step.fields.address.isVisible)
    tenant = next(iter(stage.desk.tenants.values()))
    assert [key.name for key in stage.house.keys.all(tenant.id)] == ["acme-deploy"]
    remote = bare(stage.desk.layout.data.parent / "shop.git", {"README.md": "# Shop\n"})
    assert not page.project_step.button.isEnabled()
    QTest.keyClicks(page.project_step.fields.address, str(remote))
    page.primary()
    stage.wait(lambda: stage.desk.project is not None and stage.desk.cloned)
    assert stage.desk.page == "overview"
    assert stage.window.tabs.isVisible()
    stage.settle()


def test_the_key_can_be_skipped(stage: Stage) -> None:
    stage.tenant()
    page = guide(stage)
    stage.wait(page.key_step.name.isVisible)
    page._skip()
    assert page.project_step.fields.address.isVisible()
    stage.settle()


def test_a_bad_name_is_said_at_the_field(stage: Stage) -> None:
    page = guide(stage)
    page.tenant_step.name.setText("a/b")
    page.primary()
    assert page.tenant_step.name.property("wrong") == "true"
    page.tenant_step.name.setText("ab")
    assert page.tenant_step.name.property("wrong") == ""


def test_with_projects_but_none_chosen_the_page_is_calm(stage: Stage) -> None:
    stage.project(stage.tenant(), "docs", clone=False)
    page = guide(stage)
    stage.wait(lambda: not page.tenant_step.isVisible())
    assert stage.window.page is page
    stage.settle()
