"""A private system bus on which something that looks like logind tells of sleep."""

from __future__ import annotations

import os
import queue
import select
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from jeepney import (  # type: ignore[import-untyped]  # it has no types
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import (  # type: ignore[import-untyped]  # it has no types
    DBusConnection,
    Proxy,
    open_dbus_connection,
)
from jeepney.wrappers import DBusAddress  # type: ignore[import-untyped]  # it has no types

from aiops_desktop.adapters import sleep

_SIGNALS = DBusAddress(sleep.PATH, interface=sleep.INTERFACE)
#: Seconds anything may take on a busy machine.
PATIENCE = 20.0


class Logind:
    """Answers Inhibit with the end of a pipe, and tells of sleep when it is asked to."""

    def __init__(self, bus: DBusConnection) -> None:
        self._bus = bus
        self._orders: queue.SimpleQueue[bool | None] = queue.SimpleQueue()
        self._held: queue.SimpleQueue[int] = queue.SimpleQueue()
        Proxy(message_bus, bus, timeout=PATIENCE).RequestName(sleep.SERVICE)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def tell(self, *, falls: bool) -> None:
        """The computer falls asleep, or is awake."""
        self._orders.put(falls)

    def held(self) -> int:
        """Wait until somebody wants to be waited for; where the end of that can be read."""
        return self._held.get(timeout=PATIENCE)

    def let_go(self, held: int) -> bool:
        """Whether that somebody has let go, after waiting for it."""
        ready, _, _ = select.select([held], [], [], PATIENCE)
        gone = bool(ready) and os.read(held, 1) == b""
        os.close(held)
        return gone

    def close(self) -> None:
        """End."""
        self._orders.put(None)
        self._thread.join(PATIENCE)

    def _serve(self) -> None:
        while True:
            with suppress(TimeoutError):
                self._answer(self._bus.receive(timeout=0.02))
            while not self._orders.empty():
                order = self._orders.get()
                if order is None:
                    return
                self._bus.send(new_signal(_SIGNALS, "PrepareForSleep", "b", (order,)))

    def _answer(self, asked: Message) -> None:
        fields = asked.header.fields
        if asked.header.message_type is not MessageType.method_call:
            return
        assert fields[HeaderFields.member] == "Inhibit"
        assert (asked.body[0], asked.body[3]) == ("sleep", "delay")
        ours, theirs = os.pipe()
        with open(theirs, "wb") as end:  # noqa: PTH123 - a descriptor
            self._bus.send(new_method_return(asked, "h", (end,)))
        self._held.put(ours)


@contextmanager
def logind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Logind]:
    """A bus that programs started now take for the system's, with its logind."""
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("dbus-daemon is not installed")
    config = folder / "bus.conf"
    config.write_text(
        f"<busconfig><type>session</type><listen>unix:path={folder}/bus</listen>"
        '<policy context="default"><allow send_destination="*"/><allow own="*"/>'
        '<allow eavesdrop="true"/></policy></busconfig>'
    )
    daemon = subprocess.Popen(
        [program, f"--config-file={config}", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert daemon.stdout is not None
        assert daemon.stdout.readline()
        address = f"unix:path={folder}/bus"
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        with open_dbus_connection(address, enable_fds=True, auth_timeout=PATIENCE) as bus:
            made = Logind(bus)
            try:
                yield made
            finally:
                made.close()
    finally:
        daemon.terminate()
        daemon.wait(PATIENCE)
        assert daemon.stdout is not None
        daemon.stdout.close()
