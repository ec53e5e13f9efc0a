"""The demo's window: the real one, on the demo's data folder, offscreen or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.application import application
from aiops_desktop.ui.collector import Collector
from aiops_desktop.ui.demo.hand import Hand, NotSeen
from aiops_desktop.ui.demo.report import Report, Step
from aiops_desktop.ui.demo.round import Model, Round
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.qtlog import QtLog
from aiops_desktop.ui.theme import Theme
from aiops_desktop.ui.window import Window

if TYPE_CHECKING:
    from aiops_desktop.services.house import House

SIZE = (1440, 900)


def go_round(
    folder: Path,
    layout: Layout,
    build: Callable[..., House],
    url: str = "",
    command: str = "",
    limit: float = 90.0,
) -> int:
    """Open the window, go round, close it, look whether the session goes on; the exit code.

    Args:
        folder: where pictures and report go.
        layout: the demo's data folder.
        build: makes the services.
        url: a model server for Codex; "" for the built-in demo assistant.
        command: the Codex to use.
        limit: seconds anything in the window may take.
    """
    app = application()
    qt_log = QtLog()
    desk = Desk(layout, Theme(app, "light"))
    window = Window(desk)
    collector = Collector(lambda: desk.runner.busy, window)
    report = Report(folder)
    try:
        window.resize(*SIZE)
        window.show()
        _open(desk, layout, build)
        Round(desk, window, report, Model(url, command), limit).go()
        window.leave()
        attach = _goes_on(desk, report)
    except (NotSeen, Trouble) as problem:
        report.steps.append(Step("the window", evidence=str(problem)))
        attach = ""
    finally:
        report.write()
        desk.close()
        collector.close()
        window.deleteLater()
        app.sendPostedEvents()
        QApplication.processEvents()
        qt_log.close()
    print(f"Report: {folder / 'report.json'}")
    if attach:
        server = " ".join(attach.split()[:3])
        print(f"The terminal goes on. Look at it with:  {attach}")
        print(f"End it with:                            {server} kill-server")
    return 0 if report.ok else 1


def _open(desk: Desk, layout: Layout, build: Callable[..., House]) -> None:
    """Build the services in a worker, as a start does, on the embedded defaults alone."""
    failed: list[Trouble] = []
    desk.read(lambda _job: build(layout, {}), desk.open_house, trouble=failed.append)
    hand = Hand(desk)
    hand.see("the services", lambda: desk.ready or failed)
    if failed:
        raise failed[0]
    hand.calm()


def _goes_on(desk: Desk, report: Report) -> str:
    """After the window has closed: how to attach to the session that goes on."""
    if not report.session:
        return ""
    living = Hand(desk).ask(lambda: desk.house.sessions.all())
    found = next((one for one in living if one.name == report.session), None)
    if found is None:
        raise NotSeen(f"The session {report.session} ended with the window.")
    return found.attach_command
