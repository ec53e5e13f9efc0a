"""The address of a repository, in every form git takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from aiops_desktop.domain.trouble import Refused


class Transport(StrEnum):
    """How git reaches a remote."""

    SSH = "ssh"
    HTTPS = "https"
    HTTP = "http"
    FILE = "file"


_SCP = re.compile(
    r"^(?:(?P<user>[^@\s/:]+)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s/:@]+):(?P<path>[^\s].*)$"
)
_HOST = re.compile(r"^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?\.?|\[[0-9A-Fa-f:.]+\])$")
_FORMS = "Use git@host:group/name.git, ssh://, https:// or a folder on this computer."


@dataclass(frozen=True, slots=True)
class RemoteUrl:
    """A checked address.

    Attributes:
        text: as git gets it: without password or token, blanks in URLs quoted.
        transport: how git reaches it.
        user: the user name, "" when none is given (SSH then means the account's own name).
        host: lower case, "" for files.
        port: the port, None for the transport's own.
        path: the path on the host, or the folder.
        secret: a password or token that stood in what was typed; never stored with the address.
    """

    text: str
    transport: Transport
    user: str
    host: str
    port: int | None
    path: str
    secret: str = ""

    def __repr__(self) -> str:
        return f"RemoteUrl({self.text!r})"

    @property
    def known_hosts_name(self) -> str:
        """The host as OpenSSH writes it to known_hosts (sshd(8)): `host` or `[host]:port`."""
        bare = self.host.strip("[]")
        return bare if self.port in (None, 22) else f"[{bare}]:{self.port}"

    @property
    def suggested_name(self) -> str:
        """The last part of the path without `.git`."""
        last = unquote(self.path.rstrip("/").rsplit("/", 1)[-1].rsplit("\\", 1)[-1])
        return last.removesuffix(".git")


#: What before a colon is rather a mistyped URL than a host.
_SCHEMES = {"http", "https", "ssh", "file", "ftp", "ftps"}


def parse_remote(typed: str, *, field: str = "remote_url") -> RemoteUrl:
    """Read an address as git would (git-fetch(1), "GIT URLS").

    Raises:
        Refused: not an address git could take, or one it would take for an option.
    """
    text = typed.strip()
    if not text:
        raise Refused("The project needs the address of its repository.", _FORMS, field=field)
    if any(ord(c) < 32 or ord(c) == 127 for c in text):
        raise Refused(
            "The address has a line break or control character in it.", _FORMS, field=field
        )
    if text.startswith("-"):
        raise Refused(
            "An address cannot start with a dash; git would take it for an option.",
            _FORMS,
            field=field,
        )
    if text.startswith(("/", "./", "../", "~/")) or re.match(r"^[A-Za-z]:[\\/]", text):
        return _folder(text, field)
    if "://" in text:
        return _url(text, field)
    if re.match(r"[A-Za-z0-9][A-Za-z0-9+.-]*::", text):
        raise Refused("Remote helpers (name::address) are not supported.", _FORMS, field=field)
    scp = _SCP.match(text)
    if scp and not scp["user"] and scp["host"].lower() in _SCHEMES:
        raise Refused(f"“{scp['host']}:” lacks a slash: write two behind it.", _FORMS, field=field)
    if scp and _HOST.match(scp["host"]) and not scp["path"].startswith("-"):
        host = scp["host"].lower()
        return RemoteUrl(text, Transport.SSH, scp["user"] or "", host, None, scp["path"])
    raise Refused("This is not an address git can clone from.", _FORMS, field=field)


def _folder(text: str, field: str) -> RemoteUrl:
    path = Path(text).expanduser()
    if not path.is_absolute() and not re.match(r"^[A-Za-z]:[\\/]", text):
        raise Refused(
            "A folder needs its whole path.",
            "Start it with / or ~/, or choose it with Browse.",
            field=field,
        )
    return RemoteUrl(str(path), Transport.FILE, "", "", None, str(path))


def _url(text: str, field: str) -> RemoteUrl:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise Refused(f"The address cannot be read: {error}.", _FORMS, field=field) from error
    scheme = {"git+ssh": "ssh", "ssh+git": "ssh"}.get(parts.scheme.lower(), parts.scheme.lower())
    if scheme == "file":
        if not parts.path.strip("/"):
            raise Refused(
                "The file address has no path.", "Write file:///path/to/repository.", field=field
            )
        return RemoteUrl(text, Transport.FILE, "", "", None, unquote(parts.path))
    if scheme == "git":
        raise Refused(
            "git:// is neither encrypted nor verified.", "Use ssh:// or https://.", field=field
        )
    if scheme not in {"ssh", "https", "http"}:
        raise Refused(f"“{parts.scheme}” is not a way git can clone.", _FORMS, field=field)
    host = (parts.hostname or "").lower()
    if not host or not (_HOST.match(host) or _HOST.match(f"[{host}]")):
        raise Refused("The address names no host.", _FORMS, field=field)
    if not parts.path.strip("/"):
        raise Refused("The address names a host but no repository.", _FORMS, field=field)
    user, secret = unquote(parts.username or ""), unquote(parts.password or "")
    if user.startswith("-"):
        raise Refused("A user name cannot start with a dash.", _FORMS, field=field)
    if scheme != "ssh" and user and not secret and _looks_like_token(user):
        user, secret = "", user
    place = f"[{host}]" if ":" in host else host
    if user:
        place = f"{quote(user, safe='')}@{place}"
    if port is not None:
        place = f"{place}:{port}"
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    clean = urlunsplit((scheme, place, path, parts.query if scheme != "ssh" else "", ""))
    return RemoteUrl(clean, Transport(scheme), user, host, port, unquote(parts.path), secret)


def _looks_like_token(user: str) -> bool:
    return len(user) >= 20 or user.startswith(("glpat-", "ghp_", "github_pat_", "gho_"))
