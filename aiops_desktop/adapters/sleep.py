"""Tells when the computer goes to sleep: logind says so before, else clocks show it afterwards."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jeepney.io.blocking import (  # type: ignore[import-untyped]  # it has no types
        DBusConnection,
    )

_log = logging.getLogger(__name__)

#: org.freedesktop.login1(5): the manager tells of sleep, and waits for whom it promised to.
SERVICE = "org.freedesktop.login1"
PATH = "/org/freedesktop/login1"
INTERFACE = "org.freedesktop.login1.Manager"
#: Seconds between two looks at the clocks, and by how many one must be ahead of the other.
PAUSE, JUMP = 15.0, 30.0
#: Seconds the bus gets for an answer, and after which a bus that was lost is looked for again.
PATIENCE, AGAIN = 3.0, 60.0


def ahead() -> float:
    """How far the clock that goes on during a sleep is before the one that stands still; seconds.

    Linux's CLOCK_BOOTTIME never jumps (clock_gettime(2)). Elsewhere it is the wall clock, and one
    that is set forward by hand counts as a sleep.
    """
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()
    return time.time() - time.monotonic()


class SleepWatch:
    """Waits for the computer to fall asleep: one thread hears the bus, one looks at the clocks.

    D-Bus is spoken here and not by Qt, which was measured to hold Python's lock, and so the whole
    window, for as long as a bus that hangs takes to answer.
    """

    def __init__(
        self,
        falls: Callable[[], object],
        *,
        clock: Callable[[], float] = ahead,
        pause: float = PAUSE,
    ) -> None:
        """`falls` is called in a thread; logind keeps the computer awake until it returns.

        `clock` and `pause` are for tests.
        """
        self._falls = falls
        self._clock = clock
        self._pause = pause
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        #: The descriptor that makes logind wait for us; -1 while it does not.
        self._held = -1
        #: Until when (monotonic) the clocks may show a sleep that the bus has told of.
        self._told_until = 0.0
        self._threads = [
            threading.Thread(target=work, name="sleep-watch", daemon=True)
            for work in (self._hear, self._look)
        ]

    def start(self) -> None:
        """Begin to listen."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Hear nothing more; returns when the thread has ended, unless a bus keeps it waiting."""
        self._stopped.set()
        with self._lock, contextlib.suppress(OSError):
            if self._socket is not None:
                self._socket.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            if thread.is_alive() and threading.current_thread() is not thread:
                thread.join(0.5)

    # In the threads --------------------------------------------------------------------------

    def _look(self) -> None:
        """Only the clocks tell of a sleep where no bus does."""
        before = self._clock()
        while not self._stopped.wait(self._pause):
            now = self._clock()
            slept, before = now - before, now
            if slept > JUMP and time.monotonic() > self._told_until:
                self._fall()

    def _hear(self) -> None:
        while not self._stopped.is_set():
            try:
                with _connection() as bus:
                    self._listen(bus)
            except Exception as error:  # no jeepney, no bus, one that is silent or talks nonsense
                _log.debug("No bus tells of sleep: %s", error)
            finally:
                self._release()
                with self._lock:
                    self._socket = None
            self._stopped.wait(AGAIN)

    def _listen(self, bus: DBusConnection) -> None:
        from jeepney import MatchRule, message_bus  # type: ignore[import-untyped]  # as above
        from jeepney.io.blocking import Proxy

        with self._lock:
            self._socket = bus.sock
        sleep = MatchRule(
            type="signal", sender=SERVICE, interface=INTERFACE, member="PrepareForSleep", path=PATH
        )
        Proxy(message_bus, bus, timeout=PATIENCE).AddMatch(sleep)
        self._hold(bus)
        while not self._stopped.is_set():
            message = bus.receive()
            fields, body = message.header.fields, message.body
            if "PrepareForSleep" in fields.values() and PATH in fields.values():
                self._told(bus, falls=bool(body and body[0]))

    def _told(self, bus: DBusConnection, *, falls: bool) -> None:
        # The clocks are looked at once after the sleep before they count again; the monotonic one
        # stands still meanwhile.
        self._told_until = time.monotonic() + max(AGAIN, 2 * self._pause)
        if falls:
            self._fall()
            self._release()
        else:
            self._hold(bus)

    def _fall(self) -> None:
        try:
            self._falls()
        except Exception:  # what went wrong must not end the watch
            _log.exception("Locking before sleep failed")

    def _hold(self, bus: DBusConnection) -> None:
        """Have logind wait for us before the next sleep, as long as it allows (5 s)."""
        from jeepney import DBusAddress, MessageType, new_method_call

        if self._held >= 0:
            return
        manager = DBusAddress(PATH, bus_name=SERVICE, interface=INTERFACE)
        words = ("sleep", "aiops desktop", "Keys are being locked", "delay")
        answer = bus.send_and_get_reply(
            new_method_call(manager, "Inhibit", "ssss", words), timeout=PATIENCE
        )
        if answer.header.message_type is MessageType.method_return and answer.body:
            self._held = _descriptor(answer.body[0])

    def _release(self) -> None:
        held, self._held = self._held, -1
        if held >= 0:
            os.close(held)


def _connection() -> DBusConnection:
    # jeepney comes with keyring on Linux, the only system that has logind.
    from jeepney.io.blocking import open_dbus_connection

    return open_dbus_connection("SYSTEM", enable_fds=True, auth_timeout=PATIENCE)


def _descriptor(given: Any) -> int:  # noqa: ANN401 - jeepney's FileDescriptor, or whatever came
    return int(given.to_raw_fd()) if hasattr(given, "to_raw_fd") else -1
