"""A tenant's own ssh-agent: keys for a chosen time, locked on demand, never the person's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters import ssh
from aiops_desktop.domain.changes import Changes, Done
from aiops_desktop.domain.keys import Key, KeysLoaded
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.key_parts import CHANGED, file_of

if TYPE_CHECKING:
    from aiops_desktop.domain.tenants import TenantRoom
    from aiops_desktop.services.history import History
    from aiops_desktop.services.keys import Keys
    from aiops_desktop.services.tenants import Tenants


class Agents:
    """One private agent for each tenant; its terminals find it as SSH_AUTH_SOCK."""

    def __init__(self, keys: Keys, tenants: Tenants, history: History) -> None:
        self._keys = keys
        self._tenants = tenants
        self._history = history

    def load(
        self,
        tenant_id: int,
        job: Job,
        key_ids: Sequence[int] = (),
        *,
        minutes: int | None = None,
        own: bool = False,
    ) -> KeysLoaded:
        """Unlock keys into the tenant's agent, which starts when it does not run.

        Args:
            tenant_id: whose agent and keys.
            job: asks for passphrases.
            key_ids: which; empty: all of the tenant but those on a security key.
            minutes: how long it keeps them; 0: until it is locked; None: the tenant's rule.
            own: into the person's own agent instead, which every tenant's tools can then use.

        Raises:
            Refused: no such keys, or minutes out of range.
            Missing: ssh-agent is not installed, or (own) no agent runs.
            NotTrusted: a passphrase was wrong three times.
            Stopped: the person did not answer.
        """
        room = self._tenants.room(tenant_id)
        keys = [
            key
            for key in self._keys.all(tenant_id)
            if (key.id in set(key_ids) if key_ids else not key.type.on_token)
            and not self._keys.barred(key)
        ]
        if not keys:
            raise Refused("There is no key to load.", "Make one, or bring one in.")
        wait = self._keys.care.rules(tenant_id).agent_minutes if minutes is None else minutes
        if not 0 <= wait <= 7 * 24 * 60:
            raise Refused("An agent keeps keys for a week at most.", "Choose fewer minutes.")
        socket = _own_socket() if own else _socket(room)
        agent = ssh.Agent(socket)
        with self._history.doing("load keys", room.name, tenant_id=tenant_id) as entry:
            entry.facts = {
                "keys": ", ".join(key.name for key in keys),
                "minutes": str(wait) if wait else "until locked",
                "agent": "your own" if own else "the tenant's",
            }
            if not own:
                agent.start()
            for key in keys:
                self._load(agent, tenant_id, key, wait * 60, job)
        until = datetime.now(UTC) + timedelta(minutes=wait) if wait else None
        return KeysLoaded(tuple(key.name for key in keys), socket, until, Changes(CHANGED))

    def loaded(self, tenant_id: int) -> tuple[str, ...]:
        """Fingerprints of the keys that the tenant's agent holds now."""
        room = self._tenants.room(tenant_id)
        return tuple(ssh.Agent(room.agent_socket).listed()) if room.agent_socket else ()

    def lock(self, tenant_id: int) -> Done:
        """End the tenant's agent: it forgets every key at once."""
        room = self._tenants.room(tenant_id)
        with self._history.doing("lock keys", room.name, tenant_id=tenant_id):
            ran = bool(room.agent_socket) and ssh.Agent(_socket(room)).end()
        said = f"The agent of {room.name} is locked." if ran else "No agent was running."
        return Done(Changes(CHANGED), said)

    def lock_all(self) -> Done:
        """Lock everything: all agents, and passphrases kept for the session.

        For the moment the computer goes to sleep, the program is locked, or it ends.
        """
        with self._history.doing("lock keys", "all tenants") as entry:
            self._keys.passphrases.lock()
            rooms = [self._tenants.room(tenant.id) for tenant in self._tenants.all()]
            sockets = [room.agent_socket for room in rooms if room.agent_socket]
            ended = sum(ssh.Agent(socket).end() for socket in sockets)
            entry.facts = {"agents": str(ended)}
        noun = "agent is" if ended == 1 else "agents are"
        return Done(Changes(CHANGED), f"{ended} {noun} locked." if ended else "No agent was open.")

    def _load(self, agent: ssh.Agent, tenant_id: int, key: Key, seconds: int, job: Job) -> None:
        job.progress(f"Loading {key.name}")
        file = file_of(key)
        ssh.protect(key.path)
        passphrase = self._keys.unlock(tenant_id, file, job) if key.encrypted else ""
        agent.add(ssh.plain_text(key.path, passphrase), seconds=seconds)
        if file.certified:
            unlocked = ssh.opened(key.path, passphrase)
            agent.add_certified(unlocked, key.certificate, seconds=seconds)


def _socket(room: TenantRoom) -> Path:
    if room.agent_socket is None:
        raise Missing("This tenant can have no agent here.", "Use its keys without one.")
    return room.agent_socket


def _own_socket() -> Path:
    if not ssh.own():
        raise Missing("No ssh-agent of your own runs.", "Start one, or use the tenant's agent.")
    return Path(ssh.own())
