"""The Deploy page against the fake server and against a real playbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.deployments import DeploymentState
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState
from aiops_desktop.ui.parts.controls import Choice
from aiops_desktop.ui.parts.notice import Banner
from aiops_desktop.ui.views.deploy.page import DeployPage
from tests.support.deploy_desk import desk_for
from tests.support.deploying import COMMIT, SITE, TOOLS, Site, site
from tests.support.fake_semaphore import BAD, CONFIRM, ENDLESS, FakeSemaphore

Open = Callable[[Site], DeployPage]


@pytest.fixture
def fake() -> Iterator[FakeSemaphore]:
    with FakeSemaphore("2.16") as made:
        gates = {f"allow_override_{name}": True for name in ("limit", "tags", "skip_tags")}
        made.add_template(
            1,
            "Deploy the shop",
            "playbooks/deploy.yml",
            task_params=gates,
            survey_vars=[
                {"name": "version", "title": "Version", "required": True},
                {"name": "word", "title": "Word", "type": "secret"},
                {
                    "name": "size",
                    "title": "Size",
                    "type": "enum",
                    "values": [{"name": "Small", "value": "s"}, {"name": "Large", "value": "l"}],
                },
            ],
        )
        made.add_template(2, "Roll back", "playbooks/back.yml")
        yield made


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot) -> Iterator[Open]:
    made: list[DeployPage] = []

    def show(at: Site) -> DeployPage:
        desk = desk_for(qapp, at)
        page = DeployPage(desk)
        qtbot.addWidget(page)
        page.resize(1172, 818)
        page.show()
        made.append(page)
        qtbot.waitUntil(lambda: at.project.id in desk.projects)
        desk.select(at.project.id)
        page.show_project(desk.projects[at.project.id])
        qtbot.waitUntil(lambda: page._board is not None)
        return page

    yield show
    for page in made:
        page.close()
        page.desk.close()


def choose(qtbot: QtBot, page: DeployPage, template: str) -> None:
    assert page.templates.rows.choose(("template", template))
    qtbot.waitUntil(
        lambda: page.launch.form.template is not None and page.launch.form.template.id == template
    )


def edit(page: DeployPage, name: str) -> QLineEdit:
    control = page.launch.form.fields[name].control
    assert isinstance(control, QLineEdit)
    return control


def words(page: DeployPage) -> str:
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def test_from_the_list_to_the_end_of_the_log(
    layout: Layout, qtbot: QtBot, fake: FakeSemaphore, opened: Open
) -> None:
    page = opened(site(layout, fake=fake))
    QAbstractItemModelTester(page.templates.rows.rows)
    choose(qtbot, page, "1")
    assert not page.launch.button.isEnabled()
    assert "“Version” needs an answer" in page.launch.button.toolTip()
    edit(page, "version").setText("2.14.0")
    edit(page, "word").setText("hunter2-and-more")
    edit(page, "limit").setText("web1")
    qtbot.waitUntil(lambda: "version=2.14.0" in page.launch.command.text)
    assert "--limit web1" in page.launch.command.text
    assert "hunter2" not in page.launch.command.text
    assert edit(page, "word").echoMode() == QLineEdit.EchoMode.Password
    page.primary()
    running = page.running
    qtbot.waitUntil(
        lambda: (
            running.deployment is not None
            and running.deployment.state is DeploymentState.SUCCESS
            and "PLAY RECAP ****" in running.log.lines.text(range(len(running.log.lines)))
        ),
        timeout=30_000,
    )
    assert running.state.text() == "Succeeded"
    assert not running.stop.isVisible()
    assert [one.host for one in running.recap.hosts] == ["web1", "web2"]
    assert "At work" not in running.recap.accessibleDescription()
    assert fake.tasks[41].row["params"]["limit"] == ["web1"]
    running.search.setText("changed")
    qtbot.waitUntil(lambda: len(running.log.lines.matches) > 0)
    assert page.back()
    qtbot.waitUntil(
        lambda: any(
            getattr(item, "last", None) is DeploymentState.SUCCESS
            for item in page.templates.rows.rows.items
        )
    )
    assert not page.back()


def test_locked_fields_say_why(
    layout: Layout, qtbot: QtBot, fake: FakeSemaphore, opened: Open
) -> None:
    page = opened(site(layout, fake=fake))
    choose(qtbot, page, "2")
    limit = edit(page, "limit")
    assert limit.isReadOnly()
    qtbot.waitUntil(lambda: "Fixed by the template; asking is off." in words(page))
    inventory = edit(page, "inventory")
    assert (inventory.text(), inventory.isReadOnly()) == ("staging", True)


def test_a_filter_keeps_what_fits(
    layout: Layout, qtbot: QtBot, fake: FakeSemaphore, opened: Open
) -> None:
    page = opened(site(layout, fake=fake))
    page.templates.filter.setText("roll")
    assert [getattr(item, "name", "") for item in page.templates.rows.rows.items] == ["Roll back"]


def test_a_refusal_stands_at_its_field(
    layout: Layout, qtbot: QtBot, fake: FakeSemaphore, opened: Open
) -> None:
    fake.templates[1]["survey_vars"].append({"name": "drain", "title": "Drain", "type": "int"})
    page = opened(site(layout, fake=fake))
    choose(qtbot, page, "1")
    edit(page, "version").setText("1")
    edit(page, "drain").setText("soon")
    page.primary()
    qtbot.waitUntil(lambda: "wants a whole number" in words(page))
    assert fake.tasks == {}
    assert page.launch.button.isEnabled()


def test_what_was_typed_stays_while_the_board_reloads(
    layout: Layout, qtbot: QtBot, fake: FakeSemaphore, opened: Open
) -> None:
    page = opened(site(layout, fake=fake))
    choose(qtbot, page, "1")
    edit(page, "version").setText("7")
    size = page.launch.form.fields["size"].control
    assert isinstance(size, Choice)
    size.setCurrentIndex(2)
    asked = len(fake.asked)
    page.refresh()
    qtbot.waitUntil(lambda: len(fake.asked) > asked)
    template = page.templates.current()
    assert template is not None
    assert page.project is not None
    page.launch.show_template(page.project, template)
    qtbot.waitUntil(lambda: not page.launch._line.isVisible())
    assert page.launch.form.draft(1).environment == {"version": "7", "size": "l"}


def test_a_server_in_trouble_speaks_once_and_keeps_the_templates(
    layout: Layout, qtbot: QtBot, fake: FakeSemaphore, opened: Open
) -> None:
    page = opened(site(layout, fake=fake))
    choose(qtbot, page, "1")
    fake.fail("html")
    page.refresh()
    qtbot.waitUntil(lambda: "answered with a web page" in words(page))
    assert len(page.findChildren(Banner)) == 1
    assert len([i for i in page.templates.rows.rows.items if hasattr(i, "playbook")]) == 2
    fake.heal()
    page.refresh()
    qtbot.waitUntil(lambda: "answered with a web page" not in words(page))


def test_no_template_at_all_teaches(
    layout: Layout, qtbot: QtBot, fake: FakeSemaphore, opened: Open
) -> None:
    fake.templates.clear()
    page = opened(site(layout, fake=fake))
    qtbot.waitUntil(lambda: "has no templates yet" in words(page))


def test_a_failure_says_where_and_stays(
    layout: Layout, qtbot: QtBot, fake: FakeSemaphore, opened: Open
) -> None:
    fake.story = BAD
    page = opened(site(layout, fake=fake))
    choose(qtbot, page, "2")
    page.primary()
    qtbot.waitUntil(lambda: "Failed on web1." in words(page))
    assert page.running.state.text() == "Failed"


def test_stop_and_its_end(layout: Layout, qtbot: QtBot, fake: FakeSemaphore, opened: Open) -> None:
    fake.story = ENDLESS
    page = opened(site(layout, fake=fake))
    choose(qtbot, page, "2")
    page.primary()
    qtbot.waitUntil(lambda: page.running.state.text() == "Running")
    assert page.desk.property("deployment") is not None
    page.running.stop.click()
    qtbot.waitUntil(lambda: page.running.state.text() == "Stopped")
    assert fake.bodies("/stop") == [{"force": False}]
    assert page.desk.property("deployment") is None


def test_what_waits_is_confirmed_with_the_primary_button(
    layout: Layout, qtbot: QtBot, fake: FakeSemaphore, opened: Open
) -> None:
    fake.story = CONFIRM
    page = opened(site(layout, fake=fake))
    choose(qtbot, page, "2")
    page.primary()
    qtbot.waitUntil(lambda: page.running.confirm.isVisible())
    qtbot.waitUntil(lambda: "until someone confirms" in words(page))
    page.primary()
    qtbot.waitUntil(lambda: page.running.state.text() == "Succeeded")


def test_a_stop_nobody_answered_is_forgotten_when_the_next_one_is_taken(
    layout: Layout, qtbot: QtBot, fake: FakeSemaphore, opened: Open
) -> None:
    fake.story = ENDLESS
    page = opened(site(layout, fake=fake))
    choose(qtbot, page, "2")
    page.primary()
    qtbot.waitUntil(lambda: page.running.state.text() == "Running")
    fake.fail("502", "/stop")
    page.running.stop.click()
    qtbot.waitUntil(lambda: "gets no answer from Semaphore" in words(page))
    fake.heal()
    qtbot.waitUntil(page.running.stop.isEnabled)
    page.running.stop.click()
    qtbot.waitUntil(lambda: page.running.state.text() == "Stopped")
    qtbot.waitUntil(lambda: "gets no answer from Semaphore" not in words(page))


def test_the_number_of_tasks_is_not_that_of_the_deployment_shown_before(
    layout: Layout, qtbot: QtBot, fake: FakeSemaphore, opened: Open
) -> None:
    page = opened(site(layout, fake=fake))
    choose(qtbot, page, "2")
    page.primary()
    qtbot.waitUntil(lambda: "task 1" in words(page))
    qtbot.waitUntil(lambda: page.running.state.text() == "Succeeded")
    page.back()
    fake.story = (("running", ("Plan: 1 to add",)), ("success", ()))
    choose(qtbot, page, "2")
    page.primary()
    qtbot.waitUntil(lambda: len(fake.tasks) == 2 and page.running.state.text() == "Succeeded")
    assert "task 1" not in words(page)


def test_a_followed_deployment_that_takes_too_long_can_be_followed_again(
    layout: Layout, qtbot: QtBot, fake: FakeSemaphore, opened: Open
) -> None:
    fake.story = (("running", ("begun",)),)
    page = opened(site(layout, fake=fake, task_timeout=0.2))
    choose(qtbot, page, "2")
    page.primary()
    qtbot.waitUntil(lambda: "It goes on." in words(page))
    fake.tasks[41].story = (("running", ()), ("success", ()))
    page.running._say(None)
    page.running.resume()
    qtbot.waitUntil(lambda: page.running.state.text() == "Succeeded")


@pytest.mark.skipif(not TOOLS.exists(), reason="ansible-core was not set up")
def test_a_playbook_runs_from_the_page(layout: Layout, qtbot: QtBot, opened: Open) -> None:
    at = site(layout, playbooks={"site.yml": SITE})
    page = opened(at)
    choose(qtbot, page, "site.yml")
    qtbot.waitUntil(lambda: page.launch.button.text() == f"Deploy {COMMIT[:8]}")
    edit(page, "version").setText("3")
    page.launch.press()
    qtbot.waitUntil(lambda: page.running.state.text() == "Succeeded")
    assert (at.project.checkout / "written.txt").read_text() == "3\n"
    assert [one.host for one in page.running.recap.hosts] == ["localhost"]


def test_an_empty_or_absent_checkout_is_said(layout: Layout, qtbot: QtBot, opened: Open) -> None:
    at = site(layout)
    page = opened(at)
    qtbot.waitUntil(lambda: "No playbook in this checkout." in words(page))
    at.ground.project_store.set_state(at.project.id, CheckoutState.ABSENT)
    page.refresh()
    qtbot.waitUntil(lambda: "is not cloned" in words(page))
