"""Opens the window, then everything behind it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Failed, Trouble
from aiops_desktop.services.instance import WindowLock
from aiops_desktop.ui.collector import Collector
from aiops_desktop.ui.crash import Crashes
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.instance import Doorbell, address, ring
from aiops_desktop.ui.memory import Memory
from aiops_desktop.ui.qtlog import QtLog
from aiops_desktop.ui.self_test import SelfTest
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.theme import Theme
from aiops_desktop.ui.window import Window

if TYPE_CHECKING:
    from aiops_desktop.domain.operators import Operator
    from aiops_desktop.services.house import House, Recovered
    from aiops_desktop.services.logbook import Logbook

Build = Callable[[Layout], "House"]
_NAME = "aiops-desktop"
#: Seconds a worker may hold Python's lock while the window waits for it. Painting gives the lock
#: away at every call into Qt, so that Python's usual 0.005 adds up to gaps a person sees.
SWITCH = 0.0005
#: The code of a window that wants to be opened anew.
AGAIN = 82
#: Milliseconds after which a window that nobody can see (minimized) goes on without a paint.
UNSEEN = 1_000


def main(layout: Layout, argv: Sequence[str], build: Build) -> int:
    """Open the window on a data folder; the exit code.

    `argv` may hold "--project tenant/project" and "--self-test" (see `self_test`). A second start
    raises the first window and ends.
    """
    app = application()
    wanted = asked_project(argv)
    where = address(layout)
    lock = WindowLock(layout)
    try:
        other = lock.claim(where)
    except Failed as trouble:
        print(trouble, file=sys.stderr)
        return 1
    if other is not None:
        words = f"open {wanted}" if wanted else "raise"
        if ring(other.socket or where, words) or ring(other.socket or where, "raise"):
            return 0
        print(tr("The window runs already (PID {n}).", n=other.pid), file=sys.stderr)
        return 1
    try:
        opened = Opened(app, layout, build, Doorbell(where), wanted)
        if "--self-test" in argv:
            SelfTest(opened.window, opened.desk, opened.crashes)
        opened.window.show()
        _Painted(opened.window, opened.open)
        code = app.exec()
        opened.close()
        return AGAIN if opened.desk.restarting else code
    finally:
        lock.release()


def application() -> QApplication:
    """The one QApplication, with the program's names."""
    sys.setswitchinterval(SWITCH)
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication([_NAME])
    QCoreApplication.setOrganizationName(_NAME)
    QCoreApplication.setApplicationName(_NAME)
    QGuiApplication.setApplicationDisplayName("aiops desktop")
    QGuiApplication.setDesktopFileName(_NAME)
    app.setQuitOnLastWindowClosed(False)
    return app


def asked_project(argv: Sequence[str]) -> str:
    """The "tenant/project" of "--project x", "--project=x" or "aiops://x"; "" when none."""
    words = list(argv)
    for number, word in enumerate(words):
        if word.startswith("--project="):
            return word.partition("=")[2]
        if word == "--project" and number + 1 < len(words):
            return words[number + 1]
        if word.startswith("aiops://"):
            return word.removeprefix("aiops://").strip("/")
    return ""


class Opened(QObject):
    """A window and what keeps it alive: desk, doorbell, signals, crash reports."""

    def __init__(
        self,
        app: QApplication,
        layout: Layout,
        build: Build,
        bell: Doorbell,
        wanted: str = "",
    ) -> None:
        super().__init__()
        self._app, self._build, self._wanted = app, build, wanted
        self._qt_log = QtLog()
        self._logbook: Logbook | None = None
        theme = Theme(app, Memory(layout).theme)
        self.desk = Desk(layout, theme)
        self.window = Window(self.desk)
        self.crashes = Crashes(self.desk)
        self._collector = Collector(lambda: self.desk.runner.busy, self)
        self._signals: _Signals | None = None
        self.bell = bell
        bell.raised.connect(self.come)
        bell.quitted.connect(self.window.leave)
        bell.opened.connect(self._open_named)
        self.window.leaving.connect(app.quit)

    def open(self) -> None:
        """Listen, and build the services in a worker; the window is on screen meanwhile."""
        from aiops_desktop.services.logbook import Logbook  # not before the window shows

        self._signals = _Signals(self.window.leave)
        self._logbook = Logbook(
            lambda text: self._qt_log.scrub(text), self.desk.layout.logs, sys.stderr
        )
        self.bell.listen()
        build, layout = self._build, self.desk.layout
        self.desk.read(
            lambda _job: _with_operator(build(layout)),
            self._opened,
            trouble=self.window.show_opening_trouble,
        )

    def come(self) -> None:
        """To the front."""
        window = self.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def close(self) -> None:
        """Stop all jobs and give everything back."""
        self.bell.close()
        if self._signals:
            self._signals.close()
        self.desk.close()
        self._collector.close()
        self.crashes.close()
        if self._logbook:
            self._logbook.close()
        self._qt_log.close()
        self.window.deleteLater()

    def _open_named(self, tenant: str, project: str) -> None:
        self.come()
        self.window.open_named(tenant, project)

    def _opened(self, found: tuple[House, Operator]) -> None:
        house, operator = found
        desk = self.desk
        # From here on secrets may be read, and all that is said anywhere goes by the scrubber.
        desk.runner.scrubber = house.secrets.scrubber
        self.crashes.scrub = self._qt_log.scrub = house.secrets.scrub
        desk.open_house(house, operator)

        def look() -> None:
            desk.loaded.disconnect(look)
            tenant, _, project = self._wanted.partition("/")
            if tenant and project:
                self.window.open_named(tenant, project)

        desk.loaded.connect(look)
        desk.read(
            lambda _job: (house.settings.current().appearance.theme, house.recover()),
            self._recovered,
            trouble=lambda trouble: desk.banner_wanted.emit(None, trouble),
        )

    def _recovered(self, found: tuple[str, Recovered]) -> None:
        theme, recovered = found
        if theme != self.desk.theme.choice:
            self.desk.theme.choose(theme)
        self.desk.settings_theme = theme
        if recovered.projects:
            self.desk.reload()
        self.desk.refresh_runs()
        if recovered.keys:
            names = ", ".join(key.name for key, _state in recovered.keys[:5])
            title = tr("The files of some keys are not safe, or are gone")
            self.desk.toast("warning", title, names, "view.keys")
        if recovered.settings:
            title = tr("Some settings could not be taken")
            told_ = " ".join(problem.sentence for problem in recovered.settings[:2])
            self.desk.toast("warning", title, told_, "view.settings")
        trouble = told(recovered)
        if trouble:
            self.desk.banner_wanted.emit(None, trouble)


def _with_operator(house: House) -> tuple[House, Operator]:
    """The services, and who is at the desk: a locked window must show nothing first."""
    return house, house.operators.at_desk()


def told(found: Recovered) -> Trouble | None:
    """One notice about all that was cut off when the program ended the last time."""
    parts = [
        tr("{verb} {subject}", verb=event.verb, subject=event.subject) for event in found.events
    ]
    parts += [
        tr("clone {name}", name=project.name)
        for project in found.projects
        if not any(project.name in part for part in parts)
    ]
    lost = [run for run in found.runs if run.state.value == "interrupted"]
    parts += [tr("assist run “{title}”", title=run.title) for run in lost]
    if parts:
        return Failed(
            counted(
                len(parts),
                "The program ended in the middle of something: {what}.",
                "The program ended in the middle of {n} things: {what}.",
                what=", ".join(parts[:4]) + (" …" if len(parts) > 4 else ""),
            ),
            tr("Nothing half-made is left. Start again what you still want."),
            "\n".join(str(trouble) for trouble in found.troubles),
            steps=("view.history",),
        )
    return found.troubles[0] if found.troubles else None


class _Painted(QObject):
    """Does something once a window was painted: workers would share the processor with that."""

    def __init__(self, window: QWidget, then: Callable[[], object]) -> None:
        super().__init__(window)
        self._window, self._then = window, then
        window.installEventFilter(self)
        QTimer.singleShot(UNSEEN, self, self._go)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The first paint."""
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self, self._go)
        return False

    def _go(self) -> None:
        then, self._then = self._then, lambda: None
        then()


class _Signals:
    """Turns SIGTERM and SIGINT into a clean end; Python's handlers need a wake-up in Qt's loop."""

    def __init__(self, leave: Callable[[], object]) -> None:
        import socket  # not before the window shows

        self._leave = leave
        self._before: dict[int, object] = {}
        self._ours, self._theirs = socket.socketpair()
        for end in (self._ours, self._theirs):
            end.setblocking(False)
        try:
            self._woken = signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, lambda _number, _frame: None)
        except ValueError:  # not in the main thread: tests that run the window elsewhere
            self._woken = -1
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._heard)

    def close(self) -> None:
        """Put the old handlers back."""
        self._notifier.setEnabled(False)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal() itself gave
        if self._before:
            signal.set_wakeup_fd(self._woken)
        self._ours.close()
        self._theirs.close()

    def _heard(self) -> None:
        numbers = self._ours.recv(64)
        if set(numbers) & {signal.SIGINT, signal.SIGTERM}:
            self._leave()
