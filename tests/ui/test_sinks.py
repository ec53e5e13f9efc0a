"""Nothing that the window writes down or shows of its own work holds a secret."""

from __future__ import annotations

import logging
import stat
import sys
import threading

import pytest
from PySide6.QtCore import QtMsgType, qInstallMessageHandler, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton

from aiops_desktop.domain.trouble import Failed, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.logbook import NAME, Logbook
from aiops_desktop.ui.qtlog import QtLog
from tests.support.stage import Stage

SECRET = "t0ken-of-this-test"
SHOWN = "••••••"


@pytest.fixture
def knowing(stage: Stage) -> Stage:
    """A window whose services have read a secret."""
    stage.house.secrets.put("settings/semaphore.api_token", SECRET)
    return stage


def test_a_crash_report_holds_no_secret(knowing: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    troubles: list[Trouble] = []
    knowing.desk.banner_wanted.connect(lambda _project, trouble: troubles.append(trouble))

    def work() -> None:
        try:
            raise ValueError(f"inner {SECRET}")  # noqa: TRY301 - it is to be caught here
        except ValueError as error:
            knowing.opened.crashes.report(RuntimeError(f"outer {SECRET}").with_traceback(None))
            knowing.opened.crashes.report(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    knowing.wait(lambda: len(troubles) == 2)
    reports = sorted(knowing.desk.layout.logs.glob("crash-*.txt"))
    told = "".join(report.read_text() for report in reports)
    assert len(reports) == 2
    for text in (told, *(str(trouble) + trouble.detail for trouble in troubles)):
        assert SECRET not in text
    assert f"outer {SHOWN}" in told
    assert f"inner {SHOWN}" in told
    assert SECRET not in capsys.readouterr().err
    for report in reports:
        report.unlink()


def test_a_jobs_output_its_trouble_and_what_is_copied_of_it_hold_no_secret(
    knowing: Stage,
) -> None:
    def work(job: Job) -> None:
        job.line(f"remote: {SECRET}")
        raise Failed(f"No {SECRET}.", f"Use {SECRET}.", f"git push https://{SECRET}@host")

    troubles: list[Trouble] = []
    knowing.desk.banner_wanted.connect(lambda _project, trouble: troubles.append(trouble))
    record = knowing.desk.start(f"Push {knowing.desk.layout.data.name}", work)
    knowing.wait(lambda: bool(troubles))
    assert SECRET not in f"{troubles[0]!r} {troubles[0]} {troubles[0].detail}"
    assert f"https://{SHOWN}@host" in troubles[0].detail
    assert SECRET not in str(vars(record))

    def copies() -> list[QPushButton]:
        buttons = knowing.window.findChildren(QPushButton)
        return [one for one in buttons if one.text() == "Copy" and one.isVisible()]

    knowing.wait(lambda: bool(copies()))  # the banner comes on screen with the next layout
    copies()[0].click()
    QApplication.processEvents()
    copied = QGuiApplication.clipboard().text()
    assert SHOWN in copied
    assert SECRET not in copied


def test_a_jobs_bug_holds_no_secret(knowing: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    def work(_job: Job) -> None:
        raise RuntimeError(f"a bug with {SECRET}")

    troubles: list[Trouble] = []
    knowing.desk.banner_wanted.connect(lambda _project, trouble: troubles.append(trouble))
    knowing.desk.start("Push", work)
    knowing.wait(lambda: bool(troubles))
    (report,) = knowing.desk.layout.logs.glob("crash-*.txt")
    assert f"a bug with {SHOWN}" in report.read_text()
    assert SECRET not in troubles[0].detail + capsys.readouterr().err
    report.unlink()


def test_the_log_is_private_and_holds_no_secret(
    knowing: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    log = logging.getLogger("aiops_desktop.test")
    log.warning("Sent %s to %r.", SECRET, {"token": SECRET})
    try:
        raise ValueError(SECRET)  # noqa: TRY301 - it is to be caught here
    except ValueError:
        log.exception("It failed.")
    path = knowing.desk.layout.logs / NAME
    told = path.read_text()
    assert f"Sent {SHOWN} to {{'token': '{SHOWN}'}}." in told
    assert f"ValueError: {SHOWN}" in told
    assert SECRET not in told
    assert SECRET not in capsys.readouterr().err
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_qts_own_messages_hold_no_secret(knowing: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(
        knowing.opened._qt_log, "_before", lambda _kind, _context, text: heard.append(text)
    )
    qWarning(f"QLabel: cannot show {SECRET}")
    assert heard == [f"QLabel: cannot show {SHOWN}"]


def test_qts_messages_reach_the_log_where_nobody_else_hears_them(
    qapp: QApplication, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = qInstallMessageHandler(None)
    folder = tmp_path_factory.mktemp("logs")
    book = Logbook(lambda text: text.replace(SECRET, SHOWN), folder, None)
    qt = QtLog()
    try:
        qWarning(f"QLabel: cannot show {SECRET}")
        qt._hear(QtMsgType.QtDebugMsg, None, "not worth a line")  # type: ignore[arg-type]  # unused
    finally:
        qt.close()
        book.close()
        qInstallMessageHandler(before)
    told = (folder / NAME).read_text()
    assert f"WARNING qt: QLabel: cannot show {SECRET}" in told.replace(SHOWN, SECRET)
    assert SECRET not in told
    assert "not worth" not in told


def test_a_window_that_closes_gives_the_handlers_back(
    qapp: QApplication, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = list(logging.getLogger().handlers)
    book = Logbook(str, tmp_path_factory.mktemp("logs"), None)
    assert logging.getLogger().handlers != before
    book.close()
    assert logging.getLogger().handlers == before


def test_an_entry_that_cannot_be_written_shows_nothing_of_itself(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    book = Logbook(str, tmp_path_factory.mktemp("logs"), sys.stderr)
    wrong = logging.LogRecord("test", logging.WARNING, "", 1, "One %d.", (SECRET,), None)
    for handler in book._handlers:
        handler.handle(wrong)
    book.close()
    assert SECRET not in capsys.readouterr().err


def test_a_logs_folder_that_cannot_be_made_keeps_nobody_from_working(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    taken = tmp_path_factory.mktemp("a") / "file"
    taken.write_text("")
    book = Logbook(str, taken / "logs", None)
    logging.getLogger("aiops_desktop.test").warning("Nobody reads this.")
    book.close()
