"""A server that died, and one whose socket was removed, are told apart and helped."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from aiops_desktop.adapters.tmux import Snapshot, Socket
from tests.support.tmux import tmux_server
from tests.support.waiting import until


def test_what_is_behind_a_socket_is_told(tmp_path: Path) -> None:
    acme = tmux_server("acme")
    assert acme.examine(thorough=True) is Socket.NONE
    acme.new_window("acme-shell", "one", ["sleep", "300"], tmp_path)
    assert acme.examine() is Socket.ANSWERS
    server = acme.look().server
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    until(lambda: acme.examine() is Socket.STALE)
    assert acme.look().server is None
    # The next window starts a new server at the same place.
    acme.new_window("acme-shell", "one", ["sleep", "300"], tmp_path)
    assert acme.examine() is Socket.ANSWERS


def test_a_removed_socket_is_made_again(tmp_path: Path) -> None:
    acme, bolt = tmux_server("acme"), tmux_server("bolt")
    for server in (acme, bolt):
        server.new_window("shell", "one", ["sleep", "300"], tmp_path)
    before = acme.look().server
    acme._caller.path.unlink()
    assert not acme.running()
    assert acme.examine() is Socket.NONE
    assert acme.examine(thorough=True) is Socket.GONE
    assert acme.revive()
    assert acme.look().server == before
    assert bolt.examine() is Socket.ANSWERS


def test_where_no_server_is_none_is_revived(tmp_path: Path) -> None:
    acme, bolt = tmux_server("acme"), tmux_server("bolt")
    bolt.new_window("shell", "one", ["sleep", "300"], tmp_path)
    assert not acme.revive()
    assert not acme.running()


def test_an_end_that_was_missed_is_learnt_when_reminded(tmp_path: Path) -> None:
    acme = tmux_server("acme")
    acme.new_window("shell", "one", ["sleep", "300"], tmp_path, keep=True)
    server = acme.look().server
    assert server is not None
    acme.remind(acme.look())
    assert acme.look().server == server, "it does no harm"
    acme.remind(Snapshot())
