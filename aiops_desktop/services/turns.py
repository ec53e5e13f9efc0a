"""The keys a server has not refused yet, turn by turn, and what to say when it refused them all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aiops_desktop.adapters import ssh
from aiops_desktop.adapters.git import Access
from aiops_desktop.domain.trouble import NotTrusted
from aiops_desktop.services.key_choice import portions

if TYPE_CHECKING:
    from aiops_desktop.adapters.sshline import Offer
    from aiops_desktop.domain.keys import KeyRules
    from aiops_desktop.domain.tenants import KeyFile, TenantRoom


class Turns:
    """First the tenant's keys, as many as the server takes at a time; then the person's agent.

    What the tenant's agent holds is signed by it, and never jumps the queue.

    Attributes:
        keys: what is offered in this turn.
        offered: fingerprints of all that was offered so far, in order.
        accepted: the fingerprint of the key that opened, "" when none did yet.
    """

    def __init__(self, keys: tuple[KeyFile, ...], room: TenantRoom, rules: KeyRules) -> None:
        held = ssh.Agent(room.agent_socket).listed() if room.agent_socket else []
        first, *rest = portions(keys, held)
        self._all = keys
        self._rest = rest
        self._room = room
        self._rules = rules
        self.offered: list[str] = []
        self._heard = False
        self._whole_agent = not keys and self._agent_allowed and not rules.own_config
        self.keys = first
        self.accepted = ""

    def allowed(self, access: Access) -> Access:
        """What this turn may use beside its keys."""
        self._heard = False
        return replace(
            access,
            agent=self._agent,
            whole_agent=self._whole_agent,
            config=ssh.own_config() if self._rules.own_config else None,
            heard=self.hear,
        )

    def offer(self, offer: Offer) -> Offer:
        """The same for one ssh connection without git."""
        self._heard = False
        return replace(offer, keys=self.keys, agent=self._agent, whole_agent=self._whole_agent)

    @property
    def refused(self) -> bool:
        """The server was reached and took none of this turn's keys."""
        return self._heard and not self.accepted

    def next(self) -> bool:
        """Go on to what has not been offered yet; False when everything was."""
        left = tuple(key for key in self.keys if key.fingerprint not in self.offered)
        if not self._whole_agent and left and len(left) < len(self.keys):
            self.keys = left
            return True
        if not self._whole_agent and self._rest:
            self.keys = self._rest.pop(0)
            return True
        if not self._whole_agent and self._agent_allowed:
            self._whole_agent, self.keys = True, ()
            return True
        return False

    def trouble(self, host: str, told: NotTrusted) -> NotTrusted:
        """The same trouble with what was offered and refused, by name."""
        names = {key.fingerprint: key.name for key in self._all}
        offered = [names.get(print_, f"your agent's {print_}") for print_ in self.offered]
        if not offered:
            return NotTrusted(
                told.what,
                "No key was offered. Make one for this tenant, or bring one in.",
                told.detail,
                steps=("view.keys",),
            )
        if "security key" in told.what:  # it was never asked whether it lets that key in
            return told
        lines = [f"refused: {names.get(one, 'your agent')} {one}" for one in self.offered]
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

    @property
    def _agent(self) -> str:
        if self._whole_agent:
            return ssh.own()
        socket = self._room.agent_socket
        return str(socket) if socket and socket.exists() else ""

    def hear(self, offered: tuple[str, ...], accepted: str) -> None:
        """What came of this turn: the fingerprints that were offered, and the accepted one."""
        self._heard = True
        self.offered += [one for one in offered if one not in self.offered]
        self.accepted = accepted
