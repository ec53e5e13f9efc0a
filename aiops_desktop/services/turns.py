"""The keys a server has not refused yet, turn by turn, and what to say when it refused them all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aiops_desktop.adapters import ssh
from aiops_desktop.adapters.git import Access
from aiops_desktop.domain.trouble import NotTrusted

if TYPE_CHECKING:
    from aiops_desktop.domain.keys import KeyRules
    from aiops_desktop.domain.tenants import KeyFile, TenantRoom


class Turns:
    """First the tenant's keys, as many as the server takes at a time; then the person's agent.

    Attributes:
        keys: what is offered in this turn.
        accepted: the fingerprint of the key that opened, "" when none did yet.
    """

    def __init__(self, keys: tuple[KeyFile, ...], room: TenantRoom, rules: KeyRules) -> None:
        self._all = keys
        self._room = room
        self._rules = rules
        self._offered: list[str] = []
        self._heard = False
        self._whole_agent = not keys and self._agent_allowed and not rules.own_config
        self.keys = keys
        self.accepted = ""

    def allowed(self, access: Access) -> Access:
        """What this turn may use beside its keys."""
        self._heard = False
        if self._whole_agent:
            access = replace(access, agent=ssh.own(), whole_agent=True)
        elif self._room.agent_socket and self._room.agent_socket.exists():
            access = replace(access, agent=str(self._room.agent_socket))
        if self._rules.own_config:
            access = replace(access, config=ssh.own_config())
        return replace(access, heard=self._hear)

    @property
    def refused(self) -> bool:
        """The server was reached and took none of this turn's keys."""
        return self._heard and not self.accepted

    def next(self) -> bool:
        """Go on to what has not been offered yet; False when everything was."""
        left = tuple(key for key in self._all if key.fingerprint not in self._offered)
        if not self._whole_agent and left and len(left) < len(self.keys):
            self.keys = left
            return True
        if not self._whole_agent and self._agent_allowed:
            self._whole_agent, self.keys = True, ()
            return True
        return False

    def trouble(self, host: str, told: NotTrusted) -> NotTrusted:
        """The same trouble with what was offered and refused, by name."""
        names = {key.fingerprint: key.name for key in self._all}
        offered = [names.get(print_, f"your agent's {print_}") for print_ in self._offered]
        if not offered:
            return NotTrusted(
                told.what,
                "No key was offered. Make one for this tenant, or bring one in.",
                told.detail,
                steps=("view.keys",),
            )
        lines = [f"refused: {names.get(one, 'your agent')} {one}" for one in self._offered]
        return NotTrusted(
            told.what,
            f"Offered and refused, in this order: {', '.join(offered)}. Add a public key to your"
            f" account on {host}, or choose another key for the project.",
            "\n".join([*lines, told.detail]),
            steps=told.steps,
        )

    @property
    def _agent_allowed(self) -> bool:
        return self._rules.own_agent and bool(ssh.own())

    def _hear(self, offered: tuple[str, ...], accepted: str) -> None:
        self._heard = True
        self._offered += [one for one in offered if one not in self._offered]
        self.accepted = accepted
