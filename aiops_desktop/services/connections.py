"""Connection tests: each step to a host or repository with its time, as text without secrets."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from aiops_desktop.adapters import reach, ssh
from aiops_desktop.adapters.git import Access, branches_of
from aiops_desktop.adapters.sshline import Offer
from aiops_desktop.domain.connections import ConnectionReport, ConnectionStep, StepState
from aiops_desktop.domain.keys import KeyRules
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.remotes import RemoteUrl, Transport, parse_remote
from aiops_desktop.domain.settings import Settings
from aiops_desktop.domain.tenants import KeyFile, TenantRoom
from aiops_desktop.domain.trouble import Refused, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.trust import Trust
from aiops_desktop.services.turns import Turns

if TYPE_CHECKING:
    from pathlib import Path

    from aiops_desktop.services.integration_tokens import Tokens
    from aiops_desktop.services.keys import Keys
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.services.tenants import Tenants
    from aiops_desktop.storage.projects import ProjectStore

_STEPS = ("Name", "Connection", "Greeting", "Host key", "Login", "Repository")


class Connections:
    """Tests what a tenant can reach, with exactly the keys and hosts git would use."""

    def __init__(
        self,
        keys: Keys,
        tenants: Tenants,
        projects: ProjectStore,
        secrets: Secrets,
        settings: Callable[[], Settings],
        tokens: Tokens | None = None,
    ) -> None:
        self._keys = keys
        self._tenants = tenants
        self._projects = projects
        self._settings = settings
        self._scrub = secrets.scrub
        self._tokens = tokens
        self._trust = Trust(keys, secrets, settings, tokens)

    def host(
        self, tenant_id: int, host: str, job: Job, *, port: int = 22, user: str = "git"
    ) -> ConnectionReport:
        """Test a login at a host with the tenant's keys.

        Raises:
            Refused: not a host's name.
            NotTrusted: a passphrase was wrong three times.
            Stopped: the person pressed Stop, or did not answer.
        """
        place = f"[{host.strip('[]')}]" if ":" in host else host
        remote = parse_remote(f"ssh://{user}@{place}:{port}/x", field="host")
        keys = self._keys.for_host(tenant_id, remote.known_hosts_name)
        return self._by_ssh(
            self._tenants.room(tenant_id), remote, keys, job, f"{user}@{host}:{port}"
        )

    def project(self, project_id: int, job: Job) -> ConnectionReport:
        """Test a project's remote up to the repository's list of branches.

        Raises:
            NotTrusted: a passphrase was wrong three times.
            Stopped: the person pressed Stop, or did not answer.
        """
        project = self._projects.get(project_id)
        room = self._tenants.room(project.tenant_id)
        remote = parse_remote(project.remote_url)
        if remote.transport is Transport.SSH:
            keys = self._keys.for_project(project)
            report = self._by_ssh(room, remote, keys, job, remote.text)
        else:
            ways = self._tokens.ways(project, remote) if self._tokens else []
            authority = next((way.ca_file for way in ways if way.ca_file), None)
            report = self._plain(room, remote, authority)
        if not report.good:
            return replace(report, steps=(*report.steps, reach.skipped("Repository")))
        step, hint = self._repository(project, job)
        return replace(report, steps=(*report.steps, step), hint=report.hint or hint)

    def with_key(self, project_id: int, file: KeyFile, job: Job) -> ConnectionReport:
        """Test the host of a project with one key alone; for a rotation.

        Raises:
            Refused: the project is not reached by SSH.
            NotTrusted, Stopped: as `project`.
        """
        project = self._projects.get(project_id)
        remote = parse_remote(project.remote_url)
        if remote.transport is not Transport.SSH:
            raise Refused(f"“{project.name}” is not reached by SSH.", "Choose another project.")
        room = self._tenants.room(project.tenant_id)
        return self._by_ssh(room, remote, (file,), job, remote.text, alone=True)

    def _by_ssh(
        self,
        room: TenantRoom,
        remote: RemoteUrl,
        keys: tuple[KeyFile, ...],
        job: Job,
        target: str,
        *,
        alone: bool = False,
    ) -> ConnectionReport:
        git = self._settings().git
        rules = self._keys.care.rules(room.tenant_id)
        port = remote.port or 22
        steps: list[ConnectionStep] = []
        config = ssh.own_config() if rules.own_config and not alone else None
        if config is None:
            steps = self._reach(remote.host, port, git.connect_timeout, job)
            if steps[-1].state is StepState.BAD:
                missed = [reach.skipped(title) for title in _STEPS[len(steps) : 5]]
                return ConnectionReport(
                    target, room.name, (*steps, *missed), hint="Check the address and the network."
                )
        offer = Offer(
            room.known_hosts,
            (),
            config=config,
            connect_timeout=git.connect_timeout,
            idle_timeout=git.idle_timeout,
        )
        turns = Turns(keys, room, KeyRules() if alone else rules)
        job.progress(f"Logging in at {remote.host}")
        while True:
            found = ssh.check(
                remote.host,
                remote.port if config else port,
                remote.user,
                turns.offer(offer),
                lambda key: self._keys.unlock(room.tenant_id, key, job),
                job,
                lambda key: self._keys.passphrases.pin(key.name, job),
            )
            turns.hear(found.offered, found.accepted)
            if found.good or not found.offered or not turns.next():
                break
        if found.accepted:
            self._keys.used(room.tenant_id, found.accepted)
        names = {key.fingerprint: key.name for key in keys}
        told = [_named(step, names) for step in found.steps]
        said = [f"{names.get(one, 'another key')} {one}" for one in turns.offered]
        offered = ConnectionStep(
            "Keys",
            StepState.GOOD if said else StepState.SKIPPED,
            ", ".join(_taken(one, found.accepted) for one in said) or "none was offered",
        )
        return ConnectionReport(
            target=target,
            tenant=room.name,
            steps=(*steps, *told, offered),
            offered=tuple(turns.offered),
            accepted=found.accepted,
            banner=self._scrub(found.banner),
            hint="" if found.good else _hint(found),
        )

    def _plain(self, room: TenantRoom, remote: RemoteUrl, ca_file: Path | None) -> ConnectionReport:
        if remote.transport is Transport.FILE:
            return ConnectionReport(remote.text, room.name, ())
        secure = remote.transport is Transport.HTTPS
        port = remote.port or (443 if secure else 80)
        limit = self._settings().git.connect_timeout
        steps = self._reach(remote.host, port, limit, None)
        if secure and steps[-1].state is StepState.GOOD:
            steps.append(reach.certificate(remote.host, port, timeout=limit, ca_file=ca_file))
        bad = steps[-1].state is StepState.BAD
        hint = "Check the address, the network and the certificate." if bad else ""
        return ConnectionReport(remote.text, room.name, tuple(steps), hint=hint)

    def _reach(self, host: str, port: int, limit: float, job: Job | None) -> list[ConnectionStep]:
        if job:
            job.progress(f"Looking {host} up")
        step, address = reach.resolve(host, port, timeout=limit)
        if not address:
            return [step]
        if job:
            job.check()
        return [step, reach.connect(host, port, timeout=limit)]

    def _repository(self, project: Project, job: Job) -> tuple[ConnectionStep, str]:
        job.progress("Asking for the repository")
        begun = time.monotonic()

        def look(access: Access) -> int:
            return branches_of(access, job)

        try:
            room = self._tenants.room(project.tenant_id)
            count = self._trust.carry_out(project, room, job, look)
        except Trouble as trouble:
            took = time.monotonic() - begun
            said = self._scrub(trouble.what)
            return ConnectionStep("Repository", StepState.BAD, said, took), trouble.hint
        said = f"{count} branch{'' if count == 1 else 'es'}"
        took = time.monotonic() - begun
        return ConnectionStep("Repository", StepState.GOOD, said, took), ""


def _named(step: ConnectionStep, names: dict[str, str]) -> ConnectionStep:
    detail = step.detail
    for fingerprint, name in names.items():
        detail = detail.replace(fingerprint, f"“{name}”, {fingerprint},")
    return replace(step, detail=detail)


def _taken(said: str, accepted: str) -> str:
    return f"{said} {'accepted' if accepted and accepted in said else 'refused'}"


def _hint(found: ssh.Checked) -> str:
    if "not known" in found.trouble:
        return (
            f"Compare {found.host_key} with what the people who run the server say; then trust it."
        )
    if "changed" in found.trouble or "revoked" in found.trouble:
        return "Ask whoever runs the server before you go on."
    if "passwords only" in found.trouble:
        return "Ask whoever runs the server to let keys in."
    if "security key" in found.trouble:
        return "Plug it in and try again; touch it when it blinks."
    if "keys" in found.trouble:
        return "Add the public key to the account there, or choose another key."
    return "Check the address, the port and the network."
