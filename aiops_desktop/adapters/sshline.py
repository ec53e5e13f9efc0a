"""The one ssh command line of the program: nothing is offered or trusted but what is given here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aiops_desktop.domain.tenants import KeyFile

#: `ssh` reads nothing but what is given here (ssh_config(5)).
_ALWAYS = {
    "GlobalKnownHostsFile": "/dev/null",
    "StrictHostKeyChecking": "yes",
    "UpdateHostKeys": "no",
    "CheckHostIP": "no",
    "PreferredAuthentications": "publickey",
    "ForwardAgent": "no",
    "ControlPath": "none",
    "ServerAliveCountMax": "2",
    "AddKeysToAgent": "no",
    "LogLevel": "DEBUG1",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What ssh may use for one connection.

    Attributes:
        known_hosts: the only file of known hosts.
        keys: the private keys, in the order they are offered; no other key is.
        agent: the socket of an agent that may sign for these keys, "" for none.
        whole_agent: every key of the agent is offered, not only `keys`.
        config: the person's own ssh_config, None for none.
        connect_timeout: seconds for reaching the server.
        idle_timeout: seconds a connection may bring nothing.
    """

    known_hosts: Path
    keys: tuple[KeyFile, ...]
    agent: str = ""
    whole_agent: bool = False
    config: Path | None = None
    connect_timeout: int = 15
    idle_timeout: int = 60


def words(offer: Offer, folder: Path, *, log: str = "log") -> list[str]:
    """The ssh command up to the host; keys and hosts are links in a private folder.

    So no path needs quotes, and a key's name in ssh's question tells which one it asks for (ssh
    cuts long paths there). ssh's own log goes to `log` in the folder, apart from
    what a server says, which could pretend to be ssh.
    """
    options = {
        **_ALWAYS,
        "IdentitiesOnly": "no" if offer.whole_agent else "yes",
        "IdentityAgent": str(_link(folder / "agent", Path(offer.agent))) if offer.agent else "none",
        "ConnectTimeout": str(offer.connect_timeout),
        "ServerAliveInterval": str(max(1, offer.idle_timeout // 2)),
        "UserKnownHostsFile": str(_link(folder / "known_hosts", offer.known_hosts)),
    }
    config = _link(folder / "config", offer.config) if offer.config else Path("/dev/null")
    made = ["ssh", "-F", str(config), "-E", str(folder / log)]
    for name, value in options.items():
        made += ["-o", f"{name}={value}"]
    for number, key in enumerate(offer.keys):
        link = _link(folder / f"key-{number}", key.path)
        public = key.path.with_name(key.path.name + ".pub")
        if public.exists():
            _link(folder / f"key-{number}.pub", public)
        certificate = key.path.with_name(key.path.name + "-cert.pub")
        if key.certified and certificate.exists():
            _link(folder / f"key-{number}-cert.pub", certificate)
        made += ["-i", str(link)]
    if offer.keys or offer.config:
        return made
    # Without this, ssh would go through the keys of the person's own account.
    return [*made, "-o", "IdentityFile=none"]


def asked_for(question: str, keys: Sequence[KeyFile]) -> KeyFile | None:
    """The key whose passphrase or PIN ssh asks for, None when it asks for something else."""
    found = re.search(r"(?:passphrase for key '|PIN for \S+ key ).*key-(\d+)", question)
    number = int(found[1]) if found else len(keys)
    return keys[number] if number < len(keys) else None


def wants_pin(question: str) -> bool:
    """Whether ssh asks for what a security key wants to hear, not for a file's passphrase."""
    return "PIN for " in question


@dataclass(frozen=True, slots=True)
class Log:
    """What ssh told of a connection.

    Attributes:
        offered: fingerprints of the keys it showed, in order.
        accepted: the one the server took, "" when it took none.
        words: the lines that are no debugging, for the person.
    """

    offered: tuple[str, ...] = ()
    accepted: str = ""
    words: str = ""


_DEBUG = re.compile(r"debug\d: |OpenSSH_|Authenticated to |Transferred: |Bytes per second: ")


def read_log(folder: Path) -> Log:
    """What ssh wrote since the folder was made; nothing when it never ran."""
    try:
        text = (folder / "log").read_text("utf-8", "replace")
    except OSError:
        return Log()
    return heard([line.rstrip("\r") for line in text.splitlines()])


def heard(lines: Sequence[str]) -> Log:
    """What the lines of ssh's log mean."""
    offered = [_fingerprint(line) for line in lines if "Offering public key:" in line]
    accepted = [_fingerprint(line) for line in lines if "Server accepts key:" in line]
    opened = any(line.startswith("Authenticated to ") for line in lines)
    plain = "\n".join(line for line in lines if not _DEBUG.match(line) and line.strip())
    return Log(
        tuple(dict.fromkeys(filter(None, offered))),
        accepted[-1] if accepted and opened else "",
        plain,
    )


def forget_log(folder: Path) -> None:
    """Before the next connection of the same folder."""
    (folder / "log").unlink(missing_ok=True)


def _fingerprint(line: str) -> str:
    found = re.search(r"SHA256:[A-Za-z0-9+/]{43}", line)
    return found[0] if found else ""


def _link(place: Path, target: Path) -> Path:
    if not place.is_symlink():
        place.symlink_to(target)
    return place
