"""With which keys, hosts and secrets git may speak to a server: one tenant's, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
        login: the same for https: the host → (user name, token).
        connect_timeout: seconds for reaching the server.
        idle_timeout: seconds a transfer may bring nothing before it is given up.
    """

    room: TenantRoom
    remote: RemoteUrl
    keys: tuple[KeyFile, ...]
    passphrase: Callable[[KeyFile], str]
    login: Callable[[str], tuple[str, str]]
    connect_timeout: int = 15
    idle_timeout: int = 60
