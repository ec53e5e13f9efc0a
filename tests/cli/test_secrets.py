"""The secret store from a shell: its key's place, lock and unlock, another key, a lost key."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from aiops_desktop import cli
from aiops_desktop.adapters.secrets import phrase
from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout
from tests.support.secret_store import PASSPHRASE, start

OWNER = "settings/semaphore.api_token"


class Typed:
    """Standard input with lines in it; nobody sits there."""

    def __init__(self, *lines: str) -> None:
        self._lines = iter(f"{line}\n" for line in lines)

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        return next(self._lines, "")


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MEMORY", "PASSES", "LANES"):
        monkeypatch.setattr(phrase, name, {"MEMORY": 64}.get(name, 1))


class Desk:
    """Runs commands on a data folder in this process."""

    def __init__(
        self,
        layout: Layout,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self._layout, self._patch, self._capsys = layout, monkeypatch, capsys
        self.all_said = ""

    def __call__(self, *words: str, typed: tuple[str, ...] = (), code: int = 0) -> str:
        self._patch.setattr(sys, "stdin", Typed(*typed))
        made = cli.main(["secret", *words], lambda: self._layout, lambda one: build(one, {}))
        told = self._capsys.readouterr()
        self.all_said += told.out + told.err
        assert made == code, told.err
        return told.out if code == 0 else told.err


@pytest.fixture
def desk(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    start(layout).secrets.put(OWNER, "token-of-semaphore")
    return Desk(layout, monkeypatch, capsys)


def test_the_status_says_where_the_key_lies_and_what_is_kept(desk: Desk, layout: Layout) -> None:
    told = desk("status")
    assert told.startswith("Open.")
    assert str(layout.data_key) in told
    assert "the setting semaphore.api_token" in told
    found = json.loads(desk("status", "--json"))
    assert (found["state"], found["place"]) == ("open", "file")
    assert "token-of-semaphore" not in desk.all_said


def test_an_empty_store_is_said_to_be_empty(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(layout, monkeypatch, capsys)
    assert "Nothing is kept yet." in desk("status")
    assert "nothing to lock" in desk("lock", code=3)


def test_the_key_goes_under_a_passphrase_and_back(desk: Desk, layout: Layout) -> None:
    assert "under a passphrase" in desk("change", "passphrase", typed=(PASSPHRASE,))
    assert not layout.data_key.exists()
    assert desk("status").startswith("Locked.")
    assert "not the passphrase" in desk("unlock", typed=("wrong wrong",), code=4)
    assert "is open" in desk("unlock", typed=(PASSPHRASE,))
    assert "not the passphrase" in desk("change", "file", typed=("wrong wrong",), code=4)
    done = json.loads(desk("change", "file", "--json", typed=(PASSPHRASE,)))
    assert (done["sealed"], done["status"]["place"]) == (1, "file")
    assert start(layout).secrets.get(OWNER) == "token-of-semaphore"
    assert PASSPHRASE not in desk.all_said
    assert "wrong wrong" not in desk.all_said


def test_another_passphrase_needs_the_present_one(desk: Desk, layout: Layout) -> None:
    desk("change", "passphrase", typed=(PASSPHRASE,))
    desk("rekey", typed=(PASSPHRASE, "another passphrase"))
    later = start(layout)
    later.safe.unlock("another passphrase")
    assert later.secrets.get(OWNER) == "token-of-semaphore"


def test_rekey_seals_everything_anew(desk: Desk, layout: Layout) -> None:
    before = layout.data_key.read_text()
    assert "1 secrets are sealed" in desk("rekey")
    assert layout.data_key.read_text() != before
    assert start(layout).secrets.get(OWNER) == "token-of-semaphore"


def test_a_locked_store_is_locked_for_every_command(desk: Desk) -> None:
    assert "anyone at this account can unlock it" in desk("lock")
    assert desk("status").startswith("Locked.")
    assert "Unlock it first" in desk("rekey", code=4)
    assert "is open" in desk("unlock")
    assert desk("status").startswith("Open.")


def test_a_place_that_cannot_be_is_refused(desk: Desk, layout: Layout) -> None:
    assert "No keyring" in desk("change", "keyring", code=3)
    assert "too short" in desk("change", "passphrase", typed=("seven77",), code=3)
    desk("change", "moon", code=2)
    assert start(layout).secrets.get(OWNER) == "token-of-semaphore"


def test_after_a_lost_key_one_starts_over(desk: Desk, layout: Layout) -> None:
    layout.data_key.unlink()
    told = desk("status")
    assert told.startswith("The data key is lost.")
    assert "the setting semaphore.api_token" in told
    assert "semaphore.api_token" in desk("rekey", code=4)
    assert "--yes" in desk("start-over", code=3)
    assert "semaphore.api_token" in desk("start-over", "--yes")
    assert "Nothing is kept yet." in desk("status")


@contextmanager
def _terminal(layout: Layout, *words: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A command at a terminal."""
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "aiops_desktop", *words],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "AIOPS_DATA_DIR": str(layout.data)},
        start_new_session=True,
    )
    os.close(slave)
    try:
        yield master, child
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        os.close(master)


def _read_until(master: int, word: str, limit: float = 30) -> str:
    told, deadline = "", time.monotonic() + limit
    while not re.search(word, told, re.DOTALL):
        assert time.monotonic() < deadline, told
        if not select.select([master], [], [], 0.5)[0]:
            continue
        try:
            told += os.read(master, 4096).decode(errors="replace")
        except OSError:  # the other end was closed
            assert re.search(word, told, re.DOTALL), told
    return told


def test_a_person_at_a_terminal_is_offered_a_passphrase_and_asked_for_it(layout: Layout) -> None:
    with _terminal(layout, "setting", "set", "semaphore.api_token") as (master, child):
        _read_until(master, "semaphore.api_token:")
        os.write(master, b"token-of-semaphore\n")
        _read_until(master, "Passphrase of the secret store:")
        os.write(master, PASSPHRASE.encode() + b"\n")
        _read_until(master, "Again:")
        os.write(master, PASSPHRASE.encode() + b"\n")
        _read_until(master, "Saved.")
        assert child.wait(30) == 0
    later = start(layout)
    later.safe.unlock(PASSPHRASE)
    assert later.secrets.get(OWNER) == "token-of-semaphore"
    assert not layout.data_key.exists()
    with _terminal(layout, "setting", "set", "semaphore.api_token") as (master, child):
        _read_until(master, "semaphore.api_token:")
        os.write(master, b"another-token\n")
        _read_until(master, "Passphrase of the secret store:")
        os.write(master, b"not this one\n")
        _read_until(master, "not the passphrase.*Passphrase of the secret store:")
        os.write(master, PASSPHRASE.encode() + b"\n")
        told = _read_until(master, "Saved.")
        assert child.wait(30) == 0
    assert PASSPHRASE not in told
    assert later.secrets.get(OWNER) == "another-token"
