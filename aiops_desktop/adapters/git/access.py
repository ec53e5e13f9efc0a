"""With which keys, hosts and secrets git may speak to a server: one tenant's, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aiops_desktop.domain.remotes import RemoteUrl
from aiops_desktop.domain.tenants import KeyFile, TenantRoom


@dataclass(frozen=True, slots=True)
class Access:
    """What a transfer may use; made by the service for one transfer, kept by nobody.

    Attributes:
        room: whose transfer it is; its `known_hosts` is the only one ssh reads.
        remote: the checked address.
        keys: the private keys ssh may offer, best first; no other key is ever offered.
        passphrase: called (in a thread of its own) when ssh needs the passphrase of a key; whatever
            it raises ends the transfer and comes out of it.
        pin: the same for what a security key wants to hear.
        login: the same for https: the host → (user name, token).
        connect_timeout: seconds for reaching the server.
        idle_timeout: seconds a transfer may bring nothing before it is given up.
        agent: the socket of an agent that may sign for `keys`, "" for none.
        whole_agent: every key of that agent may be offered, beside `keys`.
        config: the person's own ssh_config, None when it does not count.
        heard: called after each connection with the fingerprints that were offered, in order, and
            the one that was accepted ("" when none was).
        ca_file: the authorities of an https server that the system does not know, PEM.
    """

    room: TenantRoom
    remote: RemoteUrl
    keys: tuple[KeyFile, ...]
    passphrase: Callable[[KeyFile], str]
    login: Callable[[str], tuple[str, str]]
    connect_timeout: int = 15
    idle_timeout: int = 60
    agent: str = ""
    whole_agent: bool = False
    config: Path | None = None
    pin: Callable[[KeyFile], str] = lambda _key: ""
    heard: Callable[[tuple[str, ...], str], None] = lambda _offered, _accepted: None
    ca_file: Path | None = None
