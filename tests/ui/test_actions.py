"""Everything one can do stands in one list, and the list keeps its promises."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from aiops_desktop.domain.operators import Operator, Role
from aiops_desktop.domain.roles import VERBS, needed
from aiops_desktop.ui import icons
from aiops_desktop.ui.actions.all import MENUS, every_action
from tests.support.stage import Stage

ACTIONS = every_action()


def test_ids_and_shortcuts_are_unique() -> None:
    ids = [action.id for action in ACTIONS]
    assert len(ids) == len(set(ids))
    keys = [QKeySequence(action.shortcut).toString() for action in ACTIONS if action.shortcut]
    assert all(keys), "Qt knows every shortcut"
    assert len(keys) == len(set(keys))


def test_every_icon_exists_and_every_action_has_a_menu(stage: Stage) -> None:
    for action in ACTIONS:
        assert not action.icon or icons.exists(action.icon), action.id
        assert action.menu in MENUS, action.id


def test_every_action_is_reachable_from_the_menu(stage: Stage) -> None:
    menu = stage.window.menus.main()
    shown = {act.text().partition("\t")[0].replace("&&", "&") for act in _all(menu)}
    for action in ACTIONS:
        assert action.title_for(stage.desk) in shown, action.id
    menu.deleteLater()


def test_every_reason_is_a_sentence(stage: Stage) -> None:
    desk = stage.desk
    tenant = stage.tenant()
    for step in ("no project", "absent", "cloned"):
        if step == "absent":
            desk.select(stage.project(tenant, "absent", clone=False).id)
        elif step == "cloned":
            project = stage.project(tenant)
            desk.select(project.id)
            stage.wait(lambda: desk.status is not None)
        for action in ACTIONS:
            reason = action.unavailable(desk)
            title = action.title_for(desk)
            assert title and not title.endswith("."), f"{action.id}: {title}"
            assert not reason or re.fullmatch(r"[“\w].*[.]", reason), f"{action.id}: {reason}"
    stage.settle()


def test_an_action_that_cannot_be_run_says_why(stage: Stage) -> None:
    stage.window.menus.run("git.push")
    stage.wait(lambda: bool(stage.window.toasts.shown))
    assert "Choose a project first." in stage.window.toasts.shown[-1].accessibleName()


def _all(menu: QMenu) -> list[QAction]:
    found: list[QAction] = []
    for act in menu.actions():
        inner = act.menu()
        found += _all(inner) if isinstance(inner, QMenu) else [act]
    return found


def test_every_verb_behind_an_action_is_one_of_the_services() -> None:
    listed = {
        f"{noun}.{verb}"
        for noun, roles in VERBS.items()
        for verbs in roles.values()
        for verb in verbs.split()
    }
    assert {action.verb for action in ACTIONS if action.verb} <= listed


def test_an_action_says_which_role_it_needs(stage: Stage) -> None:
    desk = stage.desk
    viewer = Operator(9, "Mira", "", Role.VIEWER, datetime.now(UTC))
    stage.settle()
    desk.set_operator(viewer)
    for action in ACTIONS:
        if action.verb and needed(action.verb) is not Role.VIEWER:
            said = action.reason(desk)
            assert said.startswith("This needs the role "), action.id
            assert said.endswith("; Mira is a viewer."), action.id
    stage.window.menus.run("tenant.new")
    stage.wait(lambda: bool(stage.window.toasts.shown))
    assert "needs the role admin" in stage.window.toasts.shown[-1].accessibleName()
    stage.no_dialog()
