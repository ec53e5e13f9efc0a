"""tmux's history for an overlay: whole, in colour, of the right size, and searched."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from aiops_desktop.adapters.tmux import Tmux
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.services.sessions import tenant_tmux
from aiops_desktop.terminal.emulator import Emulator
from tests.support.waiting import until
from tests.support.work import Work, work


@pytest.fixture
def bench(layout: Layout) -> Work:
    return work(layout)


@pytest.fixture
def tenant(bench: Work) -> Tenant:
    return bench.tenant()


def printed(bench: Work, tenant: Tenant, folder: Path, script: str) -> str:
    """A window in which a script has printed something; its id."""
    server: Tmux = tenant_tmux(bench.room(tenant), bench.chosen.current().terminal)
    window = server.new_window(
        "acme-shell", "out", ["sh", "-c", f"{script}; echo END; exec sleep 300"], folder
    )
    until(lambda: "END" in server.capture(window))
    return window


def test_history_and_screen_come_with_their_colours(
    bench: Work, tenant: Tenant, tmp_path: Path
) -> None:
    window = printed(bench, tenant, tmp_path, r"seq 1 500; printf '\033[31mred\033[0m 漢\n'")
    told = bench.sessions.scrollback(tenant.id, window)
    emulator = Emulator(told.columns, told.rows, history=10_000)
    emulator.feed(told.data)
    rows = [*emulator.history_text(), *emulator.text_rows()]
    assert rows[:3] == ["1", "2", "3"]
    assert "red 漢" in rows
    assert b"\x1b[31mred" in told.data
    assert told.history == told.total == len(rows) - told.rows
    assert not told.alternate


def test_only_so_many_lines_come_as_were_asked_for(
    bench: Work, tenant: Tenant, tmp_path: Path
) -> None:
    window = printed(bench, tenant, tmp_path, "seq 1 500")
    some = bench.sessions.scrollback(tenant.id, window, lines=20)
    assert (some.history, some.total > 400) == (20, True)
    assert len(some.data.split(b"\r\n")) == 20 + some.rows
    screen = bench.sessions.scrollback(tenant.id, window, lines=0)
    assert screen.history == 0
    assert len(screen.data.split(b"\r\n")) == screen.rows


def test_wrapped_lines_come_whole_or_as_they_stand(
    bench: Work, tenant: Tenant, tmp_path: Path
) -> None:
    window = printed(bench, tenant, tmp_path, "printf 'x%.0s' $(seq 1 300); echo")
    whole = bench.sessions.scrollback(tenant.id, window)
    assert b"x" * 300 in whole.data
    cut = bench.sessions.scrollback(tenant.id, window, joined=False)
    assert b"x" * whole.columns + b"\r\n" in cut.data


def test_a_search_finds_lines_where_they_stand(bench: Work, tenant: Tenant, tmp_path: Path) -> None:
    window = printed(
        bench, tenant, tmp_path, "seq 1 300; echo '漢字 Error here and error there'; seq 1 50"
    )
    found = bench.sessions.search(tenant.id, window, "error")
    assert found.total == 2
    first, second = found.found
    assert (first.line, first.left, first.right) == (300, 5, 10)
    assert (second.line, second.left) == (300, 20)
    whole = bench.sessions.scrollback(tenant.id, window, joined=False)
    line = whole.data.split(b"\r\n")[first.line].decode()
    assert line == first.text
    assert found.lines == len(whole.data.split(b"\r\n"))
    assert bench.sessions.search(tenant.id, window, "error", case=True).total == 1
    assert bench.sessions.search(tenant.id, window, "^2\\d$", regex=True).total == 20
    newest = bench.sessions.search(tenant.id, window, "^1$", regex=True, limit=1)
    assert (newest.total, [m.line for m in newest.found]) == (2, [301])
    assert bench.sessions.search(tenant.id, window, "").total == 0
    with pytest.raises(Refused, match="no regular expression"):
        bench.sessions.search(tenant.id, window, "(", regex=True)


def test_a_full_screen_program_is_told_apart(bench: Work, tenant: Tenant, tmp_path: Path) -> None:
    window = printed(bench, tenant, tmp_path, r"seq 1 100; printf '\033[?1049h'")
    told = bench.sessions.scrollback(tenant.id, window)
    assert told.alternate
    assert told.data.startswith(b"1\r\n2\r\n")


def test_long_histories_are_quick(bench: Work, tenant: Tenant, tmp_path: Path) -> None:
    window = printed(bench, tenant, tmp_path, "seq -f 'line %.0f of a long log' 1 40000")
    begun = time.perf_counter()
    told = bench.sessions.scrollback(tenant.id, window, lines=50_000)
    found = bench.sessions.search(tenant.id, window, "line 39999 ")
    assert time.perf_counter() - begun < 20.0
    assert (told.history > 39_000, found.total) == (True, 1)


def test_what_has_ended_has_no_history(bench: Work, tenant: Tenant, tmp_path: Path) -> None:
    with pytest.raises(Missing):
        bench.sessions.scrollback(tenant.id, "@0")
    printed(bench, tenant, tmp_path, "true")
    with pytest.raises(Missing):
        bench.sessions.search(tenant.id, "@99", "x")
