"""Forges: GitLab and GitHub, asked the same way (`domain.forges.Forge`)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from aiops_desktop.adapters.forges.github import GitHub
from aiops_desktop.adapters.forges.gitlab import GitLab
from aiops_desktop.adapters.web import Web, is_address
from aiops_desktop.domain.forges import Forge
from aiops_desktop.domain.integrations import PUBLIC, IntegrationKind
from aiops_desktop.domain.trouble import NotTrusted, Refused

__all__ = ["candidates", "clean_address", "connect"]

_PAGES = re.compile(
    r"/(-/.*|api/v[34](/.*)?|users/sign_in|profile/.*|user_settings/.*|settings/tokens.*)$"
)


def connect(
    kind: IntegrationKind, base_url: str, token: str, *, ca_file: str = "", timeout: float = 15.0
) -> Forge:
    """A forge; nothing is sent yet.

    Raises:
        Refused: no forge, or no address.
        NotTrusted: the token holds characters no token has.
    """
    base = clean_address(base_url, kind)
    if not re.fullmatch(r"[\x21-\x7e]+", token.strip()):
        raise NotTrusted(
            "The token has characters in it that no token has."
            if token.strip()
            else "A token is needed.",
            f"Copy it again from {kind.shown}.",
            field="token",
        )
    web = Web(
        base.split("://", 1)[1],
        token.strip(),
        "Check the address, and that this computer reaches the server.",
        ca_file=ca_file,
        timeout=timeout,
    )
    if kind is IntegrationKind.GITLAB:
        return GitLab(base, web)
    if kind is IntegrationKind.GITHUB:
        return GitHub(base, web)
    raise Refused(f"{kind.shown} is no forge this program speaks with.", "Choose another kind.")


def clean_address(text: str, kind: IntegrationKind) -> str:
    """A forge's address as a person types or copies it: no slash at its end, no page, no API.

    Raises:
        Refused: it is no http address.
    """
    told = text.strip() or PUBLIC.get(kind, "")
    if "://" not in told:
        told = f"https://{told}"
    cut = _PAGES.sub("", told.split("#")[0].split("?")[0].rstrip("/")).rstrip("/")
    if not is_address(cut) or "@" in urlsplit(cut).netloc:
        raise Refused(
            f"“{text.strip()[:80]}” is not the address of a server.",
            "Write it as https://git.example.com, with its path if it has one.",
            field="base_url",
        )
    parts = urlsplit(cut)
    host = parts.netloc.lower().removeprefix("api.") if kind is IntegrationKind.GITHUB else ""
    if host == "github.com" or parts.netloc.lower() == "gitlab.com":
        return f"https://{host or 'gitlab.com'}"
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path}"


def candidates(base_url: str) -> tuple[str, ...]:
    """Addresses a person may have meant by that of a page: itself, then each folder above it."""
    parts = urlsplit(base_url)
    steps = [step for step in parts.path.split("/") if step]
    origin = f"{parts.scheme}://{parts.netloc}"
    return tuple("/".join([origin, *steps[:length]]) for length in range(len(steps), -1, -1))
