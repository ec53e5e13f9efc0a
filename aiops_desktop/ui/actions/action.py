"""One thing a person can do, and why it cannot be done now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiops_desktop.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class Action:
    """An action of the one list.

    Attributes:
        id: area and verb, such as "git.push".
        title: verb and object as menus and the palette show it; may be a call for titles that
            depend on the state ("Push 2 commits").
        run: does it; quick, because it only starts a job or opens a dialog.
        unavailable: "" or the reason as a sentence.
        menu: the menu of the menu bar it stands in.
        shortcut: such as "Ctrl+K"; "" for none.
        danger: it destroys something: never first, outlined in danger.
        words: more words the palette finds it by.
        verb: the service's verb behind it, such as "keys.delete": whoever may not use that cannot
            run the action; "" for what only looks.
    """

    id: str
    title: str | Callable[[Desk], str]
    run: Callable[[Desk], object]
    menu: str
    icon: str = ""
    unavailable: Callable[[Desk], str] = lambda _desk: ""
    shortcut: str = ""
    danger: bool = False
    words: str = ""
    verb: str = ""

    def title_for(self, desk: Desk) -> str:
        """The title now."""
        return self.title if isinstance(self.title, str) else self.title(desk)

    def reason(self, desk: Desk) -> str:
        """Why it cannot be run now, "" when it can: the role first, which no other step helps."""
        return desk.refusal(self.verb) or self.unavailable(desk)


def needs_project(desk: Desk) -> str:
    """The reason while no project is shown."""
    return "" if desk.project else "Choose a project first."


def needs_checkout(desk: Desk) -> str:
    """The reason while the project is not cloned."""
    reason = needs_project(desk)
    if reason or desk.cloned:
        return reason
    return f"{desk.project.name} is not cloned yet." if desk.project else reason
