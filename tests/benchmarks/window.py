"""How long the window keeps one waiting while much goes on behind it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project, ProjectDraft
from aiops_desktop.domain.runs import Run, RunDraft
from aiops_desktop.domain.tenants import Tenant, TenantDraft
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from aiops_desktop.ui.application import Opened, application
from aiops_desktop.ui.instance import Doorbell
from aiops_desktop.ui.views.runs.page import RunsPage
from tests.benchmarks.git import CHECKOUTS, FILES, Trusting, repository
from tests.benchmarks.result import Result
from tests.support.sshd import Sshd

LINES = 100_000
#: Seconds of the idle window; and the most the whole may take.
IDLE, LIMIT = 2.0, 180.0

_PRINT = """
import sys
sys.stdin.read()
for number in range({lines}):
    print(f"{{number:06d}} TASK [web : write the configuration of host-{{number % 97:02d}}] ok")
"""
_BARE = """
import json, sys, threading, time
from PySide6.QtCore import QCoreApplication, Qt, QTimer
app, gaps, last = QCoreApplication([]), [], time.perf_counter()
def beat():
    global last
    now = time.perf_counter()
    gaps.append((now - last) * 1000)
    last = now
timer = QTimer()
timer.setTimerType(Qt.TimerType.PreciseTimer)
timer.timeout.connect(beat)
timer.start(1)
threading.Thread(target=lambda: (sys.stdin.read(), app.quit()), daemon=True).start()
app.exec()
print(json.dumps(gaps))
"""


class Heart:
    """A timer of one millisecond; the gaps between its beats are what a person waits."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin to beat."""
        self.gaps.clear()
        self._last = time.perf_counter()
        self._timer.start(1)

    def stop(self) -> list[float]:
        """The gaps, in milliseconds."""
        self._timer.stop()
        return list(self.gaps)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now


class Bare:
    """The peer: an empty Qt event loop in a process of its own, beside the same work."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _BARE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def stop(self) -> list[float]:
        """Its gaps, in milliseconds."""
        said, _ = self._process.communicate()
        found: list[float] = json.loads(said)
        return found


def measure(folder: Path) -> list[Result]:
    """A clone, a run that prints and sweeps of statuses at once, while the window beats."""
    data = folder / "data"
    data.mkdir(mode=0o700)
    script = folder / "print.py"
    script.write_text(_PRINT.format(lines=LINES))
    layout = Layout(data, is_default=False)
    house = build(layout, {})
    house.settings.save({"assistants.default_tool": f"{sys.executable} {script}"})
    with Sshd(folder / "sshd") as server:
        big, runs = _projects(house, folder, server)
        opened = Opened(application(), layout, lambda _layout: house, Doorbell(str(data / "w")))
        try:
            stage = _Stage(opened, house)
            idle, busy, bare, took = stage.measure(big, runs)
        finally:
            opened.window.leave()
            opened.close()
            QApplication.processEvents()
    how = (
        f"a timer of 1 ms in the window's thread while {FILES:,} files are cloned over SSH, a run "
        f"printing {LINES:,} lines is shown live and the statuses of {CHECKOUTS} checkouts are "
        f"swept again and again, {took:.1f} s. Window: {told(busy)}. The same window idle: "
        f"{told(idle)}. A bare Qt loop in a process beside the same work: {told(bare)}"
    )
    worst, other = max(busy), max(bare)
    return [
        Result("window.longest_gap_ms", worst, "ms", 50, "lower", how),
        Result("window.gap_p99_ms", _at(busy, 0.99), "ms", 16, "lower", how),
        Result("window.longest_gap", worst / other, "x", 3, "lower", f"{how}; of the longest"),
    ]


def told(gaps: list[float]) -> str:
    """The distribution in words."""
    parts = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    said = ", ".join(f"{name} {_at(gaps, part):.1f}" for name, part in parts)
    slow = sum(gap > 16 for gap in gaps)
    return f"{said}, longest {max(gaps):.1f} ms, {slow} of {len(gaps):,} above 16 ms"


def _at(gaps: list[float], part: float) -> float:
    return sorted(gaps)[min(int(len(gaps) * part), len(gaps) - 1)]


def _projects(house: House, folder: Path, server: Sshd) -> tuple[Project, Project]:
    """The project to clone, and one for runs; beside them 200 checkouts."""
    draft = TenantDraft("bench", author_name="T", author_email="t@example.org")
    tenant = house.tenants.create(draft).tenant
    server.authorize(house.keys.generate(tenant.id, "bench").key.public)
    source = repository(folder / "big.git", FILES)
    small = repository(folder / "small.git", 300)
    big = house.projects.create(ProjectDraft(tenant.id, server.url(source), "big")).project
    runs = house.projects.create(ProjectDraft(tenant.id, server.url(small), "runs")).project
    house.repositories.clone(runs.id, Job("clone", Trusting()))
    _checkouts(house, tenant, folder, small)
    return big, house.projects.get(runs.id)


def _checkouts(house: House, tenant: Tenant, folder: Path, small: Path) -> None:
    for number in range(CHECKOUTS):
        path = folder / "checkouts" / f"c{number:03d}"
        subprocess.run(["git", "clone", "-q", "--shared", str(small), str(path)], check=True)
        (path / "new.txt").write_text("new\n")
        draft = ProjectDraft(tenant.id, str(small), path.name, checkout=str(path))
        house.projects.create(draft)


class _Stage:
    """The window, and how the work behind it is begun and awaited."""

    def __init__(self, opened: Opened, house: House) -> None:
        self.window, self.desk, self.house = opened.window, opened.desk, house
        self.window.resize(1440, 900)
        self.window.show()
        opened.open()
        self._until(lambda: self.window.placed)

    def measure(
        self, big: Project, runs: Project
    ) -> tuple[list[float], list[float], list[float], float]:
        """Gaps idle, gaps at work, the peer's gaps beside it, and seconds of the work."""
        self.desk.select(runs.id, "runs")
        self._until(lambda: not self.desk.runner.busy)
        heart = Heart()
        heart.start()
        end = time.monotonic() + IDLE
        self._until(lambda: time.monotonic() > end)
        idle = heart.stop()
        bare = Bare()
        begun = time.perf_counter()
        heart.start()
        run = self._start_run(runs)
        clone = self.desk.start(
            "Clone big",
            lambda job: self.house.repositories.clone(big.id, job),
            lane=("checkout", big.id),
            project_id=big.id,
        )
        sweeps = QTimer()
        sweeps.timeout.connect(self.window.sweep.run)
        sweeps.start(50)
        self._until(lambda: not clone.alive and self._shown(run))
        busy = heart.stop()
        took = time.perf_counter() - begun
        sweeps.stop()
        if clone.trouble:
            raise clone.trouble
        return idle, busy, bare.stop(), took

    def _start_run(self, project: Project) -> list[Run]:
        """Begin the run and show it as the Runs page does; a list that will hold it."""
        house, found = self.house, list[Run]()
        assistant = house.settings.current().assistants.default_tool
        draft = RunDraft(project.id, "Print", assistant)

        def show(run: Run) -> None:
            found.append(run)
            self.desk.go("runs", run.id)

        self.desk.start("Start run", lambda job: house.runs.start(draft, job).run, done=show)
        return found

    def _shown(self, runs: list[Run]) -> bool:
        """Whether the run has ended and its page shows it (the last lines may still come)."""
        page = self.window.page
        if not runs or not isinstance(page, RunsPage):
            return False
        run, steps = page.view.run, page.view.timeline.steps
        return run is not None and not run.state.alive and steps.rowCount() >= 1

    def _until(self, condition: Callable[[], bool]) -> None:
        """Let the window live until then."""
        loop, end = QEventLoop(), time.monotonic() + LIMIT
        timer = QTimer()

        def look() -> None:
            if condition() or time.monotonic() > end:
                loop.quit()

        timer.timeout.connect(look)
        timer.start(20)
        loop.exec()
        timer.stop()
        if time.monotonic() > end:
            raise RuntimeError("The work did not end.")
