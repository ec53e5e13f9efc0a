"""Whom a transfer may trust and what it may show: hosts, passphrases and tokens of one tenant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from aiops_desktop.adapters import ssh
from aiops_desktop.adapters.git import Access
from aiops_desktop.domain.keys import KnownHost
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.remotes import RemoteUrl, Transport, parse_remote
from aiops_desktop.domain.settings import Settings
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.domain.trouble import NotTrusted
from aiops_desktop.jobs.job import HostQuestion, Job, Question
from aiops_desktop.services.hosts import art
from aiops_desktop.services.turns import Turns

if TYPE_CHECKING:
    from aiops_desktop.services.integration_tokens import Tokens, Way
    from aiops_desktop.services.keys import Keys
    from aiops_desktop.services.secrets import Secrets

T = TypeVar("T")

#: Wrong tokens after which a job ends.
TRIES = 3
#: The user name forges take beside a token when none is given.
USER = "oauth2"


class Trust:
    """Carries a transfer out with all it may use, and asks the person for what is missing."""

    def __init__(
        self,
        keys: Keys,
        secrets: Secrets,
        settings: Callable[[], Settings],
        tokens: Tokens | None = None,
    ) -> None:
        self._keys = keys
        self._secrets = secrets
        self._settings = settings
        self._tokens = tokens

    def carry_out(
        self, project: Project, room: TenantRoom, job: Job, work: Callable[[Access], T]
    ) -> T:
        """Do `work` with the project's access; a wrong token is asked for again.

        Raises:
            NotTrusted: the host has changed; the key or token was refused.
            Stopped: the person pressed Stop, or did not answer.
            Trouble: whatever `work` raises.
        """
        remote = parse_remote(project.remote_url)
        if remote.transport is Transport.SSH:
            self._meet(room, remote, job)
            return self._by_ssh(project, room, remote, job, work)
        ways = self._tokens.ways(project, remote) if self._tokens else []
        login = _Login(self._secrets, room, remote, job, self._tokens, ways)
        while True:
            try:
                access = self._access(project, room, remote, job, login.answer)
                result = work(replace(access, ca_file=login.ca_file))
            except NotTrusted as trouble:
                if not login.answered or "git.token" not in trouble.steps:
                    raise
                login.refused()
                if login.wrong == TRIES:
                    raise NotTrusted(
                        f"{remote.host} refused the token {TRIES} times.",
                        "Make a new token there that may read and write this repository.",
                        trouble.detail,
                        steps=("git.token",),
                    ) from trouble
            else:
                login.accepted()
                return result

    def known_since(self, room: TenantRoom, remote: RemoteUrl) -> KnownHost | None:
        """What the tenant knows of a remote's host; None: nothing yet."""
        known = ssh.KnownHosts(room.known_hosts).of(remote.known_hosts_name)
        return known[0] if known else None

    def _by_ssh(
        self,
        project: Project,
        room: TenantRoom,
        remote: RemoteUrl,
        job: Job,
        work: Callable[[Access], T],
    ) -> T:
        """Offer what may be offered, in turns: a server takes only so many keys at a time."""
        turns = Turns(self._keys.for_project(project), room, self._keys.care.rules(room.tenant_id))
        while True:
            access = self._access(project, room, remote, job, _no_login, turns)
            try:
                result = work(access)
            except NotTrusted as trouble:
                if {"keys.hosts", "git.trust_host"} & set(trouble.steps):
                    raise self._changed(room, remote, job, trouble) from trouble
                if not turns.refused:
                    raise
                if turns.next():
                    continue
                raise turns.trouble(remote.host, trouble) from trouble
            if turns.accepted:
                self._keys.used(room.tenant_id, turns.accepted)
            return result

    def _access(
        self,
        project: Project,
        room: TenantRoom,
        remote: RemoteUrl,
        job: Job,
        login: Callable[[str], tuple[str, str]],
        turns: Turns | None = None,
    ) -> Access:
        git = self._settings().git
        made = Access(
            room=room,
            remote=remote,
            keys=turns.keys if turns else (),
            passphrase=lambda key: self._keys.unlock(room.tenant_id, key, job),
            pin=lambda key: self._keys.passphrases.pin(key.name, job),
            login=login,
            connect_timeout=git.connect_timeout,
            idle_timeout=git.idle_timeout,
        )
        return turns.allowed(made) if turns else made

    def _meet(self, room: TenantRoom, remote: RemoteUrl, job: Job) -> None:
        """Ask about a host nobody of this tenant has met; a known one is ssh's own business."""
        hosts = ssh.KnownHosts(room.known_hosts)
        name = remote.known_hosts_name
        if hosts.of(name) or hosts.authorities(name):
            return
        rules = self._keys.care.rules(room.tenant_id)
        job.progress(f"Asking {remote.host} for its key")
        if rules.own_config and ssh.aliased(remote.host):
            limit = self._settings().git.connect_timeout
            for there in ssh.met(remote.host, remote.port, room.known_hosts, limit, job):
                self._ask(room, remote, there, job)
                hosts.add(there.address, there.key_type, there.blob, hashed=rules.hash_hosts)
            return
        shown = self._probe(remote, job, [])
        if hosts.standing(name, shown.key_type, shown.blob) is ssh.Standing.REVOKED:
            raise _revoked(remote)
        self._ask(room, remote, shown, job)
        hosts.add(name, shown.key_type, shown.blob, hashed=rules.hash_hosts)

    def _ask(self, room: TenantRoom, remote: RemoteUrl, shown: ssh.Shown, job: Job) -> None:
        answer = job.ask(
            HostQuestion(
                f"Is this the key of {remote.host}?",
                f"Nobody of {room.name} has connected to it yet. Compare the fingerprint with what"
                " the people who run the server tell you.",
                host=remote.host,
                port=remote.port or 22,
                address=shown.address,
                key_type=shown.key_type,
                fingerprint=shown.fingerprint,
                tenant=room.name,
                randomart=art(shown.key_type, shown.blob),
            )
        )
        if answer.text != "trust":
            raise NotTrusted(
                f"{remote.host} is not trusted; nothing was sent.", "Compare its fingerprint first."
            )

    def _changed(
        self, room: TenantRoom, remote: RemoteUrl, job: Job, trouble: NotTrusted
    ) -> NotTrusted:
        """The same trouble with the old and the new fingerprint, when the host still answers."""
        hosts = ssh.KnownHosts(room.known_hosts)
        name = remote.known_hosts_name
        known = hosts.of(name)
        if not known:
            return trouble
        shown = self._probe(remote, job, [entry.key_type for entry in known])
        standing = hosts.standing(name, shown.key_type, shown.blob)
        if standing is ssh.Standing.REVOKED:
            return _revoked(remote)
        if standing is not ssh.Standing.CHANGED:
            return trouble
        since = known[0].since
        date = f" (known since {since:%d %B %Y})" if since else ""
        return NotTrusted(
            f"The host key of {remote.host} has changed; nothing was sent. It was"
            f" {known[0].fingerprint}{date} and is now {shown.fingerprint}.",
            "Someone may be in between, or the server was set up anew. Ask whoever runs it; if the"
            " new key is right, remove the host from the known hosts and connect again.",
            trouble.detail,
            steps=("keys.hosts",),
        )

    def _probe(self, remote: RemoteUrl, job: Job, known: list[str]) -> ssh.Shown:
        limit = self._settings().git.connect_timeout
        return ssh.probe(remote.host, remote.port or 22, timeout=limit, known_types=known, job=job)


class _Login:
    """The user name and token for one host: those kept for it, else what the person answers.

    The one the person gave for this host comes first, then those of the tenant's integrations on
    this very server; a refused one is not offered twice.
    """

    def __init__(
        self,
        secrets: Secrets,
        room: TenantRoom,
        remote: RemoteUrl,
        job: Job,
        tokens: Tokens | None,
        ways: Sequence[Way],
    ) -> None:
        self._secrets = secrets
        self._tokens = tokens
        self._kept = self._all_kept(ways)
        self.ca_file = next((way.ca_file for way in ways if way.ca_file), None)
        self._owner = f"tenant:{room.tenant_id}/https/{remote.host}"
        self._remote = remote
        self._job = job
        self._given: tuple[str, str] | None = None
        self._remember = False
        self._stale = False
        self._typed = False
        self.answered = False
        self.wrong = 0

    def answer(self, host: str) -> tuple[str, str]:
        """For `Access.login`."""
        self.answered = True
        if self._given is None:
            self._given = next(self._kept, None) or self._asked(host)
        return self._given

    def refused(self) -> None:
        """The server did not take it."""
        self.wrong += self._typed
        self._stale, self._given = True, None

    def accepted(self) -> None:
        """The server took it; now it may be remembered."""
        if self._given and self._remember:
            try:
                self._secrets.put(self._owner, "\n".join(self._given))
            except NotTrusted as shut:  # what was asked for is done all the same
                self._job.progress(f"The token was not kept: {shut.what}")

    def _all_kept(self, ways: Sequence[Way]) -> Iterator[tuple[str, str]]:
        kept = self._secrets.get(self._owner)
        if kept:
            user, _, token = kept.rpartition("\n")
            yield user or self._remote.user or USER, token
        for way in ways:
            token = self._tokens.token(way.integration) if self._tokens else ""
            if token:
                yield self._remote.user or way.user, token

    def _asked(self, host: str) -> tuple[str, str]:
        detail = "It is sent to this host only."
        if self._stale:
            detail = "The last one was not accepted. Try again."
        if self._remote.transport is Transport.HTTP:
            detail += " The connection is not encrypted: others on the way can read it."
        answer = self._job.ask(Question(f"Token for {host}", detail, secret=True, remember=True))
        self._secrets.learn(answer.text)
        self._remember, self._typed = answer.remember, True
        return self._remote.user or USER, answer.text


def _no_login(host: str) -> tuple[str, str]:
    raise NotTrusted(f"{host} asks for a password.", "Use a key that it knows.")


def _revoked(remote: RemoteUrl) -> NotTrusted:
    return NotTrusted(
        f"The host key of {remote.host} is marked as revoked; nothing was sent.",
        "Ask whoever runs the server.",
        steps=("keys.hosts",),
    )
