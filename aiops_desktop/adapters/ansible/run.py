"""Runs ansible-playbook for a tenant, so that it outlives this program."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiops_desktop.adapters import process, supervisor
from aiops_desktop.adapters.supervisor.folder import EVENTS
from aiops_desktop.domain.deployments import DeployDraft, DeploymentState, LogLine, Template
from aiops_desktop.domain.tenants import KeyFile, TenantRoom
from aiops_desktop.domain.trouble import Missing, Refused

#: Extra variables, secret ones among them; 0600, and gone when Ansible has read them.
VARIABLES = "variables.json"
#: What ssh is told of keys that are bound to hosts, and whose files it then goes on with.
SSH_CONFIG = "ssh_config"
CONFIGS = ("Include ~/.ssh/config", "Include /etc/ssh/ssh_config")
#: Seconds between remembering a deployment and preparing it, at most.
MAKING = 20.0
#: Seconds Ansible gets to end its hosts' work before it is made to end.
GRACE = 5.0
#: Bytes a Unix socket's path may have, less what ssh adds while it connects (unix(7), ssh(1)).
_SOCKET_MAX = 70
_ENDS = {
    1: "ansible-playbook could not run this; its last lines say why.",
    2: "Tasks failed.",
    3: "Hosts failed.",
    4: "Hosts could not be reached.",
    5: "ansible-playbook found an error in the playbook's options.",
    250: "ansible-playbook met an error of its own.",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a local deployment stands; `message` says why it failed."""

    state: DeploymentState
    message: str = ""
    ended: datetime | None = None


class Ansible:
    """ansible-playbook: the one in the tenant's environment, else the one set-up made for us."""

    def __init__(self, own: Path | None = None) -> None:
        """`own` is the ansible-playbook of set-up; None: beside the source of this program."""
        beside = Path(__file__).resolve().parents[3] / ".tools/ansible/bin/ansible-playbook"
        self._own = own or beside

    def program(self, room: TenantRoom | None = None) -> str:
        """The full path of ansible-playbook; without a room that of no tenant in particular.

        Raises:
            Missing: there is none; says how to install it.
        """
        more = room.environment if room else {}
        found = process.which("ansible-playbook", process.environment(more))
        if found:
            return found
        if os.access(self._own, os.X_OK):
            return str(self._own)
        raise Missing(
            "“ansible-playbook” was not found on this computer.",
            "Install it with “pipx install ansible-core” or your system's package “ansible-core”, "
            "or set a Semaphore server in Settings.",
            steps=("settings.semaphore",),
        )

    def command(
        self, draft: DeployDraft, found: Template, variables: Path | None = None
    ) -> list[str]:
        """The command; variables are named for people, or given as a file.

        Raises:
            Refused: the arguments are no words, or a value would be taken for an option.
        """
        made = ["ansible-playbook"]
        inventory = draft.inventory.strip() or _own_inventory(found)
        if inventory:
            made += ["-i", _value(inventory, "inventory")]
        made.append(found.playbook if not found.playbook.startswith("-") else f"./{found.playbook}")
        for flag, name in (("--limit", "limit"), ("--tags", "tags"), ("--skip-tags", "skip_tags")):
            if text := getattr(draft, name).strip():
                made += [flag, _value(text, name)]
        made += ["--check"] if draft.dry_run else []
        made += ["--diff"] if draft.diff else []
        made += ["-vvvv"] if draft.debug else []
        made += _words(draft.arguments)
        if variables is not None:
            return [*made, "-e", f"@{variables}"]
        for name, text in draft.environment.items():
            if text:
                made += ["-e", f"{name}={text}"]
        for name, text in draft.secrets.items():
            if text:
                made += ["-e", f"{name}=••••"]
        return made

    def check(self, draft: DeployDraft, found: Template) -> None:
        """See that it could run as asked.

        Raises:
            Refused: an answer or the inventory is missing; `field` says which.
        """
        given = {**draft.environment, **draft.secrets}
        for question in found.survey:
            if question.required and not given.get(question.name):
                raise Refused(
                    f"“{question.title}” needs an answer.", "Fill it in.", field=question.name
                )
        for name in ("branch", "commit", "playbook"):
            if getattr(draft, name):
                raise Refused(
                    "This would be ignored, so nothing was started.",
                    found.locked.get(name, ""),
                    field=name,
                )
        if found.asks_inventory and not draft.inventory.strip():
            raise Refused(
                "There are several inventories.", "Choose one of them.", field="inventory"
            )
        self.command(draft, found)

    def start(
        self, folder: Path, room: TenantRoom, checkout: Path, draft: DeployDraft, found: Template
    ) -> None:
        """Start the playbook under a supervisor of its own; returns at once.

        Args:
            folder: the deployment's own folder; made when it is not there.
            room: whose keys, known hosts and environment are used.
            checkout: the working directory.
            draft: what was filled in; checked.
            found: the playbook.

        Raises:
            Missing: ansible-playbook is not there.
        """
        program = self.program(room)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        variables = {k: v for k, v in {**draft.environment, **draft.secrets}.items() if v}
        path = None
        if variables:
            path = folder / VARIABLES
            _write_private(path, json.dumps(variables))
        argv = [program, *self.command(draft, found, path)[1:]]
        env = _environment(room, folder)
        supervisor.prepare(folder, argv, checkout, env, grace=GRACE, reader="plain")
        supervisor.start(folder)

    def standing(self, folder: Path, begun: datetime) -> Standing:
        """How it stands; LOST when neither its supervisor nor its end can be found.

        `begun` is when it was remembered: a moment later it may not have been prepared yet.
        """
        found = supervisor.read_exit(folder)
        if found is None:
            # Starting is asked first: between the two looks it may begin, never un-begin.
            if supervisor.is_starting(folder):
                return Standing(DeploymentState.STARTING)
            if supervisor.is_alive(folder):
                stopping = (folder / "stop").exists()
                return Standing(DeploymentState.STOPPING if stopping else DeploymentState.RUNNING)
            found = supervisor.read_exit(folder)  # it may have ended between the two looks
        if found is None and not supervisor.is_prepared(folder):
            if (datetime.now(UTC) - begun).total_seconds() < MAKING:
                return Standing(DeploymentState.STARTING)
            return Standing(
                DeploymentState.LOST, "The program ended before the playbook was started."
            )
        if found is None:
            supervisor.sweep(folder)
            return Standing(
                DeploymentState.LOST, "Nobody knows how it ended: the computer went down meanwhile."
            )
        ended = datetime.fromtimestamp(found.ended, UTC) if found.ended else None
        if found.error and found.code is None:
            return Standing(DeploymentState.ERROR, found.error, ended)
        if found.stopped or found.asked:
            by = "" if found.asked else "It was ended from outside."
            return Standing(DeploymentState.STOPPED, by, ended)
        if found.code == 0:
            return Standing(DeploymentState.SUCCESS, found.error, ended)
        if found.code is None:
            return Standing(DeploymentState.ERROR, f"It was ended by signal {found.signal}.", ended)
        said = _ENDS.get(found.code, f"ansible-playbook ended with {found.code}.")
        return Standing(DeploymentState.ERROR, said, ended)

    def lines(self, folder: Path, begun: datetime, offset: int) -> tuple[list[LogLine], int]:
        """The lines behind `offset`, with their times, and the offset to go on from.

        `begun` is when the deployment was started.
        """
        made: list[LogLine] = []
        while True:
            some, following = supervisor.read_events(folder, offset)
            made += [
                LogLine(line.text, datetime.fromtimestamp(begun.timestamp() + line.seconds, UTC))
                for line in some
                if line.stream != "sup"
            ]
            if following == offset:
                return made, offset
            offset = following

    def stop(self, folder: Path) -> None:
        """Ask for the end of Ansible and all it started."""
        supervisor.request_stop(folder)

    def has_read(self, folder: Path) -> None:
        """Ansible has read its variables (or will never): remove them."""
        (folder / VARIABLES).unlink(missing_ok=True)

    def tidy(self, folder: Path) -> None:
        """Remove what only matters while it runs; the log is kept elsewhere by then."""
        self.has_read(folder)
        for name in (EVENTS, "supervisor.log"):  # both hold the output as it was, unscrubbed
            (folder / name).unlink(missing_ok=True)
        (folder / SSH_CONFIG).unlink(missing_ok=True)


def _environment(room: TenantRoom, folder: Path) -> dict[str, str]:
    env = process.environment(room.environment)
    if "utf" not in env.get("LC_ALL", env.get("LANG", "")).lower():
        env["LC_ALL"] = "C.UTF-8"  # Ansible refuses to start without UTF-8
    env |= {
        "ANSIBLE_FORCE_COLOR": "1",
        "ANSIBLE_NOCOWS": "1",
        "ANSIBLE_HOST_KEY_CHECKING": "True",
        "ANSIBLE_SSH_ARGS": ssh_args(room, folder),
        "PYTHONUNBUFFERED": "1",
    }
    sockets = room.folder / "cp"
    if len(os.fsencode(str(sockets))) <= _SOCKET_MAX:
        env["ANSIBLE_SSH_CONTROL_PATH_DIR"] = str(sockets)
    if room.keys and not any(key.hosts for key in room.keys):
        env["ANSIBLE_PRIVATE_KEY_FILE"] = str(room.keys[0].path)
    return env


def ssh_args(room: TenantRoom, folder: Path) -> str:
    """Ssh options of a tenant: its known hosts, its keys, connections shared with nobody else.

    Keys that are bound to hosts stand in a file of ssh_config(5) in `folder`, which goes on with
    the person's own and the computer's: options of a command line count for every host.
    """
    args = ["-C", "-o", f'UserKnownHostsFile="{room.known_hosts}"']
    if len(os.fsencode(str(room.folder / "cp"))) <= _SOCKET_MAX:
        args += ["-o", "ControlMaster=auto", "-o", "ControlPersist=60s"]
    else:  # another tenant's connection to the same host would be taken otherwise
        args += ["-o", "ControlMaster=no", "-o", "ControlPath=none"]
    if room.keys:
        args += ["-o", "IdentitiesOnly=yes"]
    bound = [key for key in room.keys if key.hosts]
    for key in () if bound else room.keys[1:]:  # the first is ANSIBLE_PRIVATE_KEY_FILE
        args += ["-o", _identity(key)]
    if bound:
        blocks = [f"Host {' '.join(key.hosts)}\n  {_identity(key)}\n" for key in bound]
        rest = [_identity(key) for key in room.keys if not key.hosts]
        # Without a key that is for all, ssh would look for the person's own.
        rest = [*(rest or ["IdentityFile none"]), *CONFIGS]
        blocks.append("Match all\n" + "".join(f"  {line}\n" for line in rest))
        _write_private(folder / SSH_CONFIG, "".join(blocks))
        args += ["-F", str(folder / SSH_CONFIG)]
    return shlex.join(args)


def _identity(key: KeyFile) -> str:
    """The option of ssh that offers a key; "%" begins a token there (ssh_config(5), TOKENS)."""
    path = str(key.path).replace("%", "%%")
    return f'IdentityFile "{path}"'


def _own_inventory(found: Template) -> str:
    """The only inventory there is; one that ansible.cfg names is found by Ansible itself."""
    own = found.fixed.get("inventory", "")
    return own if own in dict(found.inventories) else ""


def _value(text: str, field: str) -> str:
    if text.startswith("-"):
        raise Refused(
            f"“{text[:60]}” would be taken for an option.", "Leave the dash out.", field=field
        )
    return text


def _words(text: str) -> list[str]:
    how = "Write them as on a command line, such as --forks 10."
    if text.strip().startswith("{"):
        raise Refused("Arguments are words, not a JSON object.", how, field="arguments")
    try:
        found = json.loads(text) if text.strip().startswith("[") else shlex.split(text)
    except ValueError:
        raise Refused("These are no arguments.", how, field="arguments") from None
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise Refused("These are no arguments.", how, field="arguments")
    return found


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as sink:  # noqa: PTH123 - a file descriptor
        sink.write(text)
