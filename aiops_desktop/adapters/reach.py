"""Whether a server can be reached at all: its name, a connection, its certificate; each timed."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from contextlib import closing
from pathlib import Path

from aiops_desktop.domain.connections import ConnectionStep, StepState


def resolve(host: str, port: int, *, timeout: float) -> tuple[ConnectionStep, str]:
    """Look a name up.

    Args:
        host: name or address.
        port: TCP port.
        timeout: seconds; the system's own look-up may take minutes.

    Returns:
        The step, and the first address ("" when there is none).
    """
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()
    begun = time.monotonic()

    def look() -> None:
        try:
            found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
            answers.put([str(entry[4][0]) for entry in found])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=look, name="resolve", daemon=True).start()
    try:
        found = answers.get(timeout=timeout)
    except queue.Empty:
        found = TimeoutError()
    took = time.monotonic() - begun
    if isinstance(found, TimeoutError):
        return _bad("Name", f"The name {host} was not answered in {timeout:g} s.", took), ""
    if isinstance(found, Exception) or not found:
        return _bad("Name", f"The name {host} could not be found.", took), ""
    addresses = list(dict.fromkeys(found))
    more = f" and {len(addresses) - 3} more" if len(addresses) > 3 else ""
    return _good("Name", f"{', '.join(addresses[:3])}{more}", took), addresses[0]


def connect(host: str, port: int, *, timeout: float) -> ConnectionStep:
    """Open a TCP connection and close it."""
    begun = time.monotonic()
    try:
        with closing(socket.create_connection((host.strip("[]"), port), timeout=timeout)) as line:
            where = str(line.getpeername()[0])
    except TimeoutError:
        said = f"No answer on port {port} in {timeout:g} s."
        return _bad("Connection", said, time.monotonic() - begun)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", "") or "the address is no good"
        said = f"Port {port} could not be reached: {reason}."
        return _bad("Connection", said, time.monotonic() - begun)
    return _good("Connection", f"{where} port {port}", time.monotonic() - begun)


def certificate(
    host: str, port: int, *, timeout: float, ca_file: Path | None = None
) -> ConnectionStep:
    """Let the server show its TLS certificate, and check it as git does.

    `ca_file` holds authorities that the system does not know.
    """
    begun = time.monotonic()
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError):
            return _bad("Certificate", f"{ca_file.name} holds no certificate.", 0.0)
    bare = host.strip("[]")
    try:
        with (
            socket.create_connection((bare, port), timeout=timeout) as line,
            context.wrap_socket(line, server_hostname=bare) as secure,
        ):
            shown = secure.getpeercert() or {}
            version = secure.version() or "TLS"
    except ssl.SSLCertVerificationError as error:
        said = f"The certificate could not be verified: {error.verify_message}."
        return _bad("Certificate", said, time.monotonic() - begun)
    except (OSError, UnicodeError):
        return _bad("Certificate", "The server does not speak TLS.", time.monotonic() - begun)
    until = str(shown.get("notAfter", ""))
    return _good("Certificate", f"{version}, valid until {until}", time.monotonic() - begun)


def skipped(title: str) -> ConnectionStep:
    """A step that was not reached."""
    return ConnectionStep(title, StepState.SKIPPED, "not reached")


def _good(title: str, detail: str, seconds: float) -> ConnectionStep:
    return ConnectionStep(title, StepState.GOOD, detail, seconds)


def _bad(title: str, detail: str, seconds: float) -> ConnectionStep:
    return ConnectionStep(title, StepState.BAD, detail, seconds)
