"""Waiting for work in a shell: progress, questions, Ctrl+C, and what happens without a person."""

from __future__ import annotations

import io
import json
import logging
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from aiops_desktop import cli
from aiops_desktop.cli.plain import harmless, plain, table
from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.repositories import Cloned
from aiops_desktop.domain.scrubber import Scrubber
from aiops_desktop.domain.trouble import Clash, Failed, Missing, NotTrusted
from aiops_desktop.jobs.job import HostQuestion, Job, Question
from aiops_desktop.services.house import House
from aiops_desktop.storage.database import now

PRINT = "SHA256:abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SECRET = "t0ken-of-this-test"
HOST = HostQuestion(
    "Is this the host?",
    host="git.acme.example",
    port=2222,
    address="192.0.2.1",
    key_type="ssh-ed25519",
    fingerprint=PRINT,
    tenant="Acme",
)


def _house(layout: Layout, clone: Callable[[Job], object]) -> House:
    """A house in which only cloning can be done."""
    project = Project(
        1, 1, "site", "site", "git@h:a", "", "", layout.data, CheckoutState.ABSENT, now()
    )

    scrubber = Scrubber()
    scrubber.learn(SECRET)

    def work(_project: int, job: Job) -> Cloned:
        clone(job)
        return Cloned(layout.data, "main", 1.0, Changes(Touched.REFS, 1))

    return cast(
        House,
        SimpleNamespace(
            projects=SimpleNamespace(find=lambda _tenant, _project: project),
            repositories=SimpleNamespace(clone=work),
            secrets=SimpleNamespace(scrubber=scrubber, scrub=scrubber.scrub),
            settings=SimpleNamespace(problems=tuple),
        ),
    )


def _clone(layout: Layout, clone: Callable[[Job], object], *more: str) -> int:
    return cli.main(
        ["clone", "acme/site", *more], lambda: layout, lambda _layout: _house(layout, clone)
    )


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))


@pytest.mark.parametrize("debug", ["", "1"])
@pytest.mark.parametrize("kind", [Failed, RuntimeError])
def test_nothing_a_command_says_holds_a_secret(
    layout: Layout,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    kind: type[Exception],
    debug: str,
) -> None:
    monkeypatch.setenv("AIOPS_DEBUG", debug)

    def clone(job: Job) -> None:
        job.line(f"remote: {SECRET}")
        job.progress(f"From {SECRET}")
        logging.getLogger("aiops_desktop.test").warning("Sent %s.", SECRET)
        if kind is Failed:
            raise Failed(f"No {SECRET}.", f"Use {SECRET}.", f"git clone https://{SECRET}@h")
        raise RuntimeError(f"a bug with {SECRET}")

    assert _clone(layout, clone) == 1
    told = capsys.readouterr()
    assert SECRET not in told.out + told.err
    assert "••••••" in told.err
    assert "Sent ••••••." in told.err


def test_progress_goes_to_standard_error_and_the_result_to_output(
    layout: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    def clone(job: Job) -> None:
        for done in range(101):
            job.progress("Receiving objects", done, 100)
        job.line("remote: \x1b]0;evil\x07hello")

    assert _clone(layout, clone, "--json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["branch"] == "main"
    assert "changes" not in json.loads(out)
    assert err.count("Receiving objects") == 1
    assert "\x1b" not in err


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Failed("The server said no.", "Try again.", "fatal: no"), 1),
        (Clash("The server has commits you do not have."), 3),
        (NotTrusted("The host key changed."), 4),
        (Missing("git is not there."), 5),
    ],
)
def test_trouble_is_two_sentences_and_an_exit_code(
    layout: Layout, capsys: pytest.CaptureFixture[str], trouble: Exception, code: int
) -> None:
    def clone(_job: Job) -> None:
        raise trouble

    assert _clone(layout, clone) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(str(trouble.args[0]))
    assert "Traceback" not in err


def test_an_error_of_our_own_is_no_traceback_either(
    layout: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _clone(layout, lambda _job: 1 / 0) == 1
    err = capsys.readouterr().err
    assert "error of the program itself" in err
    assert "Traceback" not in err


def test_an_unknown_host_is_named_when_nobody_can_be_asked(
    layout: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _clone(layout, lambda job: job.ask(HOST)) == 4
    err = capsys.readouterr().err
    assert f"--trust {PRINT}" in err
    assert "git.acme.example port 2222" in err


def test_trust_takes_exactly_the_named_fingerprint(
    layout: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    answers: list[str] = []

    def clone(job: Job) -> None:
        answers.append(job.ask(HOST).text)

    assert _clone(layout, clone, "--trust", PRINT) == 0
    assert answers == ["trust"]
    assert _clone(layout, clone, "--trust", "SHA256:another") == 4
    assert answers == ["trust"]
    assert "Do not go on" in capsys.readouterr().err


def test_a_passphrase_nobody_can_give_ends_the_work(
    layout: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    question = Question("Passphrase of key “deploy”:", secret=True)
    assert _clone(layout, lambda job: job.ask(question)) == 4
    assert "Passphrase of key" in capsys.readouterr().err


#: A program whose clone asks (or works) for real, for tests with a terminal and signals.
_PROGRAM = """
import sys
from pathlib import Path
from tests.cli.test_work import HOST, _clone
from aiops_desktop.domain.layout import Layout
from aiops_desktop.jobs.job import Question
def clone(job):
    if sys.argv[1] == "host":
        job.line(job.ask(HOST).text)
    elif sys.argv[1] == "secret":
        answer = job.ask(Question("Passphrase:", secret=True, remember=True))
        job.line(f"{len(answer.text)} characters, remember {answer.remember}")
    elif sys.argv[1] == "choice":
        job.line("chose " + job.ask(Question("Which?", choices=("merge", "rebase"))).text)
    else:
        job.line("working")
        job.pause(60)
sys.exit(_clone(Layout(Path(sys.argv[2])), clone))
"""


class Terminal:
    """A child with a terminal of its own."""

    def __init__(self, what: str, data: Path) -> None:
        self._master, slave = pty.openpty()
        self.child = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, what, str(data)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        os.set_blocking(self._master, False)
        self.seen = ""

    def expect(self, text: str, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while text not in self.seen:
            assert time.monotonic() < end, self.seen
            try:
                self.seen += os.read(self._master, 4096).decode()
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:  # the child has closed its end
                assert text in self.seen, self.seen

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def end(self) -> int:
        code = self.child.wait(20)
        os.close(self._master)
        return code


def test_a_person_at_the_terminal_is_asked_for_a_host(layout: Layout) -> None:
    terminal = Terminal("host", layout.data)
    terminal.expect("[y/N]")
    assert PRINT in terminal.seen
    terminal.type("y\n")
    terminal.expect("Cloned to")
    assert terminal.end() == 0


def test_saying_no_to_a_host_stops(layout: Layout) -> None:
    terminal = Terminal("host", layout.data)
    terminal.expect("[y/N]")
    terminal.type("n\n")
    terminal.expect("Stopped.")
    assert terminal.end() == 130


def test_a_passphrase_is_typed_unseen(layout: Layout) -> None:
    terminal = Terminal("secret", layout.data)
    terminal.expect("> ")
    terminal.type("hunter22\n")
    terminal.expect("Remember it?")
    terminal.type("y\n")
    terminal.expect("8 characters, remember True")
    assert "hunter22" not in terminal.seen
    assert terminal.end() == 0


def test_a_choice_is_made_by_number(layout: Layout) -> None:
    terminal = Terminal("choice", layout.data)
    terminal.expect("> ")
    terminal.type("7\n2\n")
    terminal.expect("chose rebase")
    assert terminal.end() == 0


@pytest.mark.parametrize(("what", "sign"), [("work", "working"), ("secret", "> ")])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_is_stop_at_work_and_at_a_question(
    layout: Layout, what: str, sign: str, number: int
) -> None:
    terminal = Terminal(what, layout.data)
    terminal.expect(sign)
    begun = time.monotonic()
    terminal.child.send_signal(number)
    terminal.expect("Stopped.")
    assert terminal.end() == 130
    assert time.monotonic() - begun < 5


def test_tables_line_up_and_hold_no_control_characters() -> None:
    text = table(("A", "B"), [("日本", "x\x1b[31m\ny"), ("a", None), (True, 1)])
    assert text.splitlines() == ["A     B", "日本  x y", "a", "yes   1"]
    assert harmless("a\u202eb") == "a b"


def test_json_holds_no_changes_and_no_secrets() -> None:
    from aiops_desktop.domain.deployments import DeployDraft

    told = cast(dict[str, Any], plain(DeployDraft(1, "2", secrets={"password": "x"})))
    assert "secrets" not in told
    assert told["template_id"] == "2"
    assert plain(Changes(Touched.REFS | Touched.RUNS)) is not None
    assert plain({"a": (Path("/x"), CheckoutState.READY, frozenset({"b"}))}) == {
        "a": ["/x", "ready", ["b"]]
    }
