"""The history: a row before the work, an outcome after it, and the truth after a crash."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys

import pytest

from aiops_desktop.domain.events import EventFilter, Outcome
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Clash, Failed, Missing, NotTrusted, Refused, Stopped
from aiops_desktop.services.history import Entry, History
from aiops_desktop.storage.events import EventStore
from tests.support.ground import Ground, ground


@pytest.fixture
def base(layout: Layout) -> Ground:
    return ground(layout)


def test_the_row_is_there_while_the_work_goes_on(base: Ground) -> None:
    with base.history.doing("push", "Acme / site", tenant_id=1, project_id=2) as entry:
        (row,) = base.history.all()
        assert (row.outcome, row.seconds) == (Outcome.RUNNING, None)
        assert (row.actor, row.tenant_id, row.project_id) == ("Ann", 1, 2)
        entry.note = "3 commits"
        entry.facts["branch"] = "main"
        entry.output = "To git.acme.example"
    row = base.history.get(entry.id)
    assert (row.outcome, row.note, row.facts) == (Outcome.DONE, "3 commits", {"branch": "main"})
    assert row.output == "To git.acme.example"
    assert row.seconds is not None
    assert row.seconds >= 0


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Stopped(), Outcome.STOPPED),
        (KeyboardInterrupt(), Outcome.STOPPED),
        (Refused("Nothing to push."), Outcome.REFUSED),
        (Clash("The server has commits you do not have."), Outcome.REFUSED),
        (NotTrusted("The host key changed."), Outcome.REFUSED),
        (Missing("git is not there."), Outcome.FAILED),
        (Failed("The server said no.", detail="remote: no"), Outcome.FAILED),
        (ZeroDivisionError("secret of the bug"), Outcome.FAILED),
    ],
)
def test_every_end_has_its_outcome(base: Ground, error: BaseException, outcome: Outcome) -> None:
    with pytest.raises(type(error)), base.history.doing("push", "x"):
        raise error
    event = base.history.get(base.history.all()[0].id)
    assert event.outcome is outcome
    assert event.note == getattr(error, "what", event.note)
    assert event.output == getattr(error, "detail", "")
    assert "secret" not in event.note


def test_work_that_outlives_its_call_is_finished_later(base: Ground) -> None:
    number = base.history.begin("run", "Acme / site", actor="Bob")
    assert base.history.recover() == []
    assert base.history.get(number).outcome is Outcome.RUNNING
    base.history.finish(number, "done", note="2 files", facts={"run": "1"})
    event = base.history.get(number)
    assert (event.outcome, event.actor, event.note) == (Outcome.DONE, "Bob", "2 files")
    assert event.seconds is not None


def test_no_secret_gets_into_any_column(base: Ground) -> None:
    token = "glpat-0123456789/+x"
    base.secrets.put("tenant:1/https/h", f"ann\n{token}")

    def fill(entry: Entry) -> None:
        entry.note = f"note {token}"
        entry.facts["url"] = "https://ann:glpat-0123456789%2F%2Bx@h/a"
        raise Failed(f"No: {token}", detail=f"fatal: {token}")

    with (
        pytest.raises(Failed),
        base.history.doing("clone", f"subject {token}") as entry,
    ):
        fill(entry)
    told = repr(base.history.get(entry.id)) + base.history.export(EventFilter(), "json")
    assert "glpat" not in told
    assert "••••" in told


def test_a_process_that_was_killed_leaves_an_interrupted_event(layout: Layout) -> None:
    code = """
import sys
from pathlib import Path
from aiops_desktop.domain.layout import Layout
from tests.support.ground import ground
base = ground(Layout(Path(sys.argv[1])))
with base.history.doing("clone", "Acme / site"):
    print("working", flush=True)
    sys.stdin.read()
"""
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(layout.data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stdout.readline() == "working\n"
    base = ground(layout)
    assert base.history.recover() == [], "it is still at work"
    with base.history.doing("push", "mine"):
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        found = base.history.recover()
        assert [(event.verb, event.outcome) for event in found] == [
            ("clone", Outcome.INTERRUPTED)
        ], "and what this process does is not touched"
        assert base.history.recover() == [], "it is told once"
    child.stdin.close()
    child.stdout.close()
    assert "ended in the middle" in base.history.get(found[0].id).note


def test_work_begun_by_a_dead_process_is_interrupted_unless_somebody_follows_it(
    layout: Layout, base: Ground
) -> None:
    kept, lost = (
        EventStore(base.database).add("run", f"Acme / {name}", actor="Ann", process="4194304:1.0")
        for name in ("kept", "lost")
    )
    after = History(
        EventStore(base.database),
        actor=lambda: "Ann",
        scrub=str,
        mark="",
        living=lambda mark: False,
        cared_for=lambda: {kept},
    )
    assert [event.id for event in after.recover()] == [lost]
    assert base.history.get(kept).outcome is Outcome.RUNNING


def test_the_export_is_safe_to_open_in_a_spreadsheet(base: Ground) -> None:
    with base.history.doing("push", '=HYPERLINK("http://x")') as entry:
        entry.note = 'a "quoted", note\nof two lines'
    head, row = csv.reader(io.StringIO(base.history.export(EventFilter(), "csv"), newline=""))
    told = dict(zip(head, row, strict=True))
    assert told["subject"].startswith("'=")
    assert told["note"] == 'a "quoted", note\nof two lines'
    exported = json.loads(base.history.export(EventFilter(), "json"))
    assert [event["verb"] for event in exported] == ["export history", "push"], "but not itself"
    with pytest.raises(Refused):
        base.history.export(EventFilter(), "xml")


def test_long_output_keeps_its_end(base: Ground) -> None:
    with base.history.doing("run", "x") as entry:
        entry.output = "a" * 100_000 + "the end"
    kept = base.history.get(entry.id).output
    assert len(kept) <= 20_000
    assert kept.endswith("the end")
