"""Asks a host for its key, without saying who asks."""

from __future__ import annotations

import logging
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from aiops_desktop.domain.fingerprints import sha256 as fingerprint
from aiops_desktop.domain.trouble import Failed, Trouble
from aiops_desktop.jobs.job import Job

_LOG = "aiops_desktop.ssh.probe"
# What the library logs is said by us, as Trouble.
logging.getLogger(_LOG).addHandler(logging.NullHandler())
logging.getLogger(_LOG).propagate = False

#: The signature algorithms that stand for one type of key in known_hosts (RFC 8332).
_RSA = ("rsa-sha2-512", "rsa-sha2-256")


@dataclass(frozen=True, slots=True)
class Shown:
    """The key a host showed."""

    address: str
    key_type: str
    blob: bytes

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -l` prints it."""
        return fingerprint(self.blob)


def probe(
    host: str, port: int, *, timeout: float, known_types: Sequence[str] = (), job: Job | None = None
) -> Shown:
    """Connect, take the host's key, and leave.

    Args:
        host: name or address.
        port: TCP port.
        timeout: seconds for each of: connecting, the greeting, the key exchange.
        known_types: types of keys already known of this host; asked for first.
        job: its Stop closes the connection.

    Raises:
        Failed: no such name, nobody there, no answer, or no SSH server.
        Stopped: the person pressed Stop.
    """
    if job:
        job.check()
    bare = host.strip("[]")
    try:
        line = socket.create_connection((bare, port), timeout=timeout)
    except (OSError, UnicodeError) as error:
        raise _unreachable(bare, port, error) from error
    forget = job.on_stop(lambda: _shut(line)) if job else None
    try:
        return _greet(line, bare, timeout, known_types)
    except Trouble:
        if job:
            job.check()
        raise
    finally:
        if forget:
            forget()
        line.close()


def _greet(line: socket.socket, host: str, timeout: float, known_types: Sequence[str]) -> Shown:
    import paramiko  # takes a tenth of a second, and few starts meet a new host

    address = str(line.getpeername()[0])
    transport = paramiko.Transport(line)
    try:
        transport.set_log_channel(_LOG)
        transport.banner_timeout = timeout
        options = transport.get_security_options()
        options.key_types = _ordered(options.key_types, known_types)
        transport.start_client(timeout=timeout)
        key = transport.get_remote_server_key()
        return Shown(address, key.get_name(), key.asbytes())
    except (paramiko.SSHException, EOFError, OSError) as error:
        raise Failed(
            f"{host} answered, but not as an SSH server does.",
            "Check the address and the port.",
            str(error),
        ) from error
    finally:
        transport.close()
        transport.join(timeout)


def _ordered(offered: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    wanted = {name for kind in known for name in (_RSA if kind == "ssh-rsa" else (kind,))}
    return tuple(sorted(offered, key=lambda name: name not in wanted))


def _unreachable(host: str, port: int, error: Exception) -> Failed:
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return Failed(
            f"The name {host} could not be found.", "Check the address and the network.", str(error)
        )
    if isinstance(error, TimeoutError):
        return Failed(f"{host} does not answer.", "Check the network, then try again.", str(error))
    return Failed(
        f"{host} could not be reached on port {port}.",
        "Check the address, the port and the network.",
        str(error),
    )


def _shut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
