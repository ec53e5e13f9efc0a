"""The log as rows: headings, folding, colours, matches."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QApplication

from aiops_desktop.domain.deployments import LogLine
from aiops_desktop.ui.theme import Theme
from aiops_desktop.ui.views.deploy.loglines import LogLines, Run, plain, runs
from aiops_desktop.ui.views.deploy.logview import LogView

START = datetime(2026, 5, 2, 10, 0, tzinfo=UTC)


def log(text: str) -> LogLines:
    made = LogLines()
    lines = text.strip("\n").split("\n")
    made.append(LogLine(line, START + timedelta(seconds=n)) for n, line in enumerate(lines))
    return made


TEXT = """
PLAY [Deploy the shop] ****

TASK [Gather] ****
ok: [web1]

TASK [app : Write] ****
\x1b[0;33mchanged: [web1]\x1b[0m

TASK [app : Restart] ****
fatal: [web1]: FAILED! => no

PLAY RECAP ****
web1 : ok=2 changed=1
"""


def shown(lines: LogLines) -> list[str]:
    return [lines.plain(number) for number in lines.rows]


def test_a_task_in_which_nothing_happened_folds_when_the_next_begins() -> None:
    lines = log(TEXT)
    assert shown(lines) == [
        "PLAY [Deploy the shop] ****",
        "TASK [Gather] ****",
        "TASK [app : Write] ****",
        "changed: [web1]",
        "TASK [app : Restart] ****",
        "fatal: [web1]: FAILED! => no",
        "PLAY RECAP ****",
        "web1 : ok=2 changed=1",
    ]
    write = lines.heading(5)
    restart = lines.heading(8)
    assert write is not None
    assert restart is not None
    assert (write.name, write.counts, write.failed) == ("app : Write", {"changed": 1}, False)
    assert restart.failed
    assert write.ended is not None
    assert write.time is not None
    assert (write.ended - write.time).total_seconds() == 3


def test_a_task_opens_and_closes_for_the_person() -> None:
    lines = log(TEXT)
    before = shown(lines)
    lines.toggle(2)
    assert "ok: [web1]" in shown(lines)
    lines.toggle(2)
    assert shown(lines) == before


def test_matches_are_found_in_folded_tasks_and_revealed() -> None:
    lines = log(TEXT)
    lines.search("OK: [WEB1]")
    assert lines.matches == [3]
    row = lines.reveal(3)
    assert lines.rows[row] == 3
    lines.append([LogLine("ok: [web1] again")])
    assert lines.matches == [3, len(lines) - 1]
    lines.search("")
    assert lines.matches == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("plain", [Run("plain")]),
        ("\x1b[0;31mred\x1b[0m no", [Run("red", 1), Run(" no")]),
        ("\x1b[1;35mloud\x1b[22;39m", [Run("loud", 5, bold=True)]),
        ("\x1b[95mbright", [Run("bright", 13)]),
        ("\x1b[38;5;4mblue\x1b[38;2;1;2;3mkept", [Run("blue", 4), Run("kept", 4)]),
        ("\x1b[2Kcleared\x1b]0;title\x07", [Run("cleared")]),
        ("10%\r20%", [Run("20%")]),
        ("\x1b[", []),
        ("done\r", [Run("done")]),
        ("", []),
    ],
)
def test_colours_are_read(text: str, wanted: list[Run]) -> None:
    assert runs(text) == wanted
    assert plain(text) == "".join(run.text for run in wanted)


def test_a_very_long_log_does_not_freeze_the_view(qapp: QApplication) -> None:
    view = LogView(Theme(qapp, "dark"))
    view.resize(900, 600)
    view.show()
    view.set_follow(True)
    worst = 0.0
    for part in range(50):
        lines = [
            LogLine(
                f"TASK [step {part}-{n}] ****"
                if n % 40 == 0
                else f"\x1b[0;32mok: [web{n}]\x1b[0m => healthz"
            )
            for n in range(2_000)
        ]
        begun = time.thread_time()
        view.append(lines)
        qapp.processEvents()
        worst = max(worst, time.thread_time() - begun)
    assert len(view.lines) == 100_000
    begun = time.thread_time()
    view.search("web7")
    view.grab()
    took = time.thread_time() - begun
    view.close()
    # 2,000 lines at once are more than any poll brings; generous for a busy machine.
    assert worst < 1.0
    assert took < 1.5


def test_scrolling_away_ends_following_and_the_end_brings_it_back(qapp: QApplication) -> None:
    view = LogView(Theme(qapp, "light"))
    view.resize(600, 300)
    view.show()
    view.append([LogLine(f"line {n}") for n in range(200)])
    bar = view.verticalScrollBar()
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    assert not view.follow
    view.append([LogLine("more")])
    assert bar.value() == 0
    view.set_follow(True)
    assert bar.value() == bar.maximum()
    view.close()


def test_all_or_the_chosen_lines_are_copied(qapp: QApplication) -> None:
    view = LogView(Theme(qapp, "light"))
    view.append([LogLine("\x1b[31mone\x1b[0m"), LogLine("two")])
    view.copy()
    assert qapp.clipboard().text() == "one\ntwo"
    view.close()
