"""The list of releases at an address, as forges give it, and how this copy was installed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from aiops_desktop.adapters.web import Web
from aiops_desktop.domain.trouble import Failed, Trouble
from aiops_desktop.domain.updates import Kind, Release, newest, order
from aiops_desktop.jobs.job import Job

#: Bytes of a list of releases that are read.
LIMIT = 4 << 20
_DEB = Path("/opt/aiops-desktop")


def kind(package: Path) -> tuple[Kind, Path | None]:
    """How the program got here, and the root of its checkout when it is one.

    Args:
        package: the folder of the package `aiops_desktop`.
    """
    if getattr(sys, "frozen", False):
        program = Path(sys.executable).resolve().parent
        listed = Path("/var/lib/dpkg/info/aiops-desktop.list").exists()
        return (Kind.DEB if program == _DEB and listed else Kind.TARBALL), None
    root = package.parent
    if (root / ".git").exists() and (root / "pyproject.toml").is_file():
        return Kind.CHECKOUT, root
    installed = any(root.glob("aiops_desktop-*.dist-info"))
    return (Kind.WHEEL if installed else Kind.OTHER), None


def latest(url: str, job: Job) -> Release | None:
    """The newest release that is no pre-release; None when the list has none.

    Args:
        url: of a JSON list of releases: GitHub's or Gitea's `/releases`, GitLab's `/releases`, one
            such object, or a file of that shape on any server.
        job: its Stop cuts the request.

    Raises:
        Unreachable, Unanswered, NotTrusted: as `Web.ask`.
        Failed: the answer is no list of releases.
    """
    host = urlsplit(url).hostname or url
    web = Web(host, check="Check the address of the releases in the settings.", limit=LIMIT)
    for _ in range(5):
        answer = web.ask("GET", url, job=job)
        if answer.status not in (301, 302, 303, 307, 308) or not answer.location:
            break
        url = _onward(url, answer.location)
    if answer.status != 200:
        raise _no_list(host, f"It answered {answer.status}.")
    try:
        told = answer.json()
    except ValueError as error:
        raise _no_list(host, "It is not JSON.") from error
    entries = told if isinstance(told, list) else [told]
    found = [made for entry in entries if isinstance(entry, Mapping) and (made := _release(entry))]
    if not found and told != []:
        raise _no_list(host, "It names no version.")
    by_number = {release.number: release for release in found}
    return by_number.get(newest(list(by_number)))


def _onward(url: str, location: str) -> str:
    from urllib.parse import urljoin

    onward = urljoin(url, location)
    if urlsplit(url).scheme == "https" and urlsplit(onward).scheme != "https":
        raise Failed("The list of releases leads from https to an address that is not safe.")
    return onward


def _no_list(host: str, detail: str) -> Trouble:
    return Failed(
        f"What {host} sent is no list of releases.",
        "Check the address in the settings (Updates).",
        detail,
    )


def _release(entry: Mapping[object, object]) -> Release | None:
    tag = _text(entry.get("tag_name") or entry.get("version"))
    if not order(tag) or entry.get("draft") is True or entry.get("prerelease") is True:
        return None
    links = entry.get("_links")
    page = _text(entry.get("html_url"))
    if not page and isinstance(links, Mapping):
        page = _text(links.get("self"))
    when = _text(entry.get("published_at") or entry.get("released_at"))
    try:
        time = datetime.fromisoformat(when.replace("Z", "+00:00")) if when else None
    except ValueError:
        time = None
    return Release(
        number=tag.removeprefix("v"),
        title=_text(entry.get("name"))[:200],
        notes=_text(entry.get("body") or entry.get("description"))[:20_000],
        page=page if page.startswith(("https://", "http://")) else "",
        time=time if time and time.tzinfo else None,
        files=_files(entry.get("assets")),
    )


def _files(told: object) -> tuple[tuple[str, str], ...]:
    """GitHub: a list of assets; GitLab: an object with links."""
    if isinstance(told, Mapping):
        told = told.get("links")
    found = []
    for item in told if isinstance(told, list) else []:
        if isinstance(item, Mapping):
            url = _text(item.get("browser_download_url") or item.get("url"))
            if url.startswith(("https://", "http://")):
                found.append((_text(item.get("name"))[:200], url))
    return tuple(found[:50])


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
