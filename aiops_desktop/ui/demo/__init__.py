"""The demo: data to try things with, and a round through the real window that proves itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from aiops_desktop.services import demo
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.services.demo import Seeded
    from aiops_desktop.services.house import House
    from aiops_desktop.ui.desk import Desk

__all__ = ["load", "main"]


def load(desk: Desk, done: Callable[[Seeded], object] | None = None) -> None:
    """Make the demo's tenants and projects, then show the first project.

    `done` gets what was made, instead.
    """
    house = desk.house

    def finish(seeded: Seeded) -> None:
        if done is not None:
            done(seeded)
            return
        first = seeded.projects[0]

        def show() -> None:
            if first.id in desk.projects:
                desk.loaded.disconnect(show)
                desk.select(first.id, "overview")

        desk.loaded.connect(show)
        desk.reload()

    desk.start(tr("Load the demo"), lambda job: demo.seed(house, job), done=finish, lane="demo")


def main(argv: Sequence[str], build: Callable[..., House]) -> int:
    """`aiops-desktop demo --out DIR`: go round, write pictures and a report; the exit code.

    `build` makes the services of a data folder: `build(layout, environ)`.
    """
    from aiops_desktop.ui.demo.show import run  # Qt's test module only where it is needed

    return run(argv, build)
