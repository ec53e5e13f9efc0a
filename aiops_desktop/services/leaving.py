"""What would leave the machine, and whom one would act as, before anything does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiops_desktop.adapters.git import push_words
from aiops_desktop.domain.remotes import RemoteUrl, Transport, parse_remote
from aiops_desktop.domain.repositories import Identity, PushPlan
from aiops_desktop.domain.trouble import Refused

if TYPE_CHECKING:
    from aiops_desktop.adapters.git import Repository
    from aiops_desktop.domain.keys import KeyChoice, KnownHost
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.domain.tenants import TenantRoom

REMOTE = "origin"
#: Commits a push plan lists.
LISTED = 200


def identity(
    room: TenantRoom,
    remote: RemoteUrl,
    choice: KeyChoice,
    met: KnownHost | None,
    *,
    stored: bool,
) -> Identity:
    """Whom one would act as.

    Args:
        room: the tenant's.
        remote: the project's address.
        choice: the keys that would be offered.
        met: what the tenant knows of the host.
        stored: whether a token for the host is remembered.
    """
    by_ssh = remote.transport is Transport.SSH
    by_web = remote.transport in {Transport.HTTPS, Transport.HTTP}
    missing = not (room.author_name and room.author_email)
    return Identity(
        author=f"{room.author_name} <{room.author_email}>" if not missing else "",
        key=choice.names[0] if by_ssh and choice.names else "",
        why=_reason(choice) if by_ssh else "",
        host=remote.host,
        host_since=met.since if by_ssh and met else None,
        credential=(f"token of {remote.host}" if stored else "none stored") if by_web else "",
        author_missing=missing,
    )


def _reason(choice: KeyChoice) -> str:
    """Why this key, and which come after it when it is refused."""
    names = choice.names
    if len(names) < 2:
        return choice.why
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return f"{choice.why} In this order: {', '.join(names[:6])}{more}."


def push_plan(project: Project, repository: Repository, acting: Identity) -> PushPlan:
    """What a push would do; asks no server.

    Raises:
        Refused: nothing to push, detached, no or another remote.
    """
    branch, head = repository.branch(), repository.head()
    if not branch:
        raise Refused("No branch is checked out.", "Switch to a branch first.")
    if not head:
        raise Refused("There is no commit to push yet.", "Make the first one.")
    check_origin(project, repository.remote_url())
    old = repository.resolve(f"refs/remotes/{REMOTE}/{branch}")
    if old == head:
        raise Refused(f"Nothing to push: {branch} is level with {REMOTE}/{branch}.")
    ahead, behind = repository.count(old, head) if old else (1, 0)
    if not ahead:
        raise Refused(
            f"Nothing to push: {REMOTE}/{branch} is {counted(behind, 'commit')} ahead.",
            "Pull to get what is new.",
            steps=("git.pull",),
        )
    since = old or repository.resolve(f"refs/remotes/{REMOTE}/HEAD")
    return PushPlan(
        branch=branch,
        remote=REMOTE,
        target=f"{REMOTE}/{branch}",
        old_id=old,
        new_id=head,
        commits=tuple(repository.log(limit=LISTED, since=since)),
        identity=acting,
        command=push_words(branch, ""),
        creates_branch=not old,
        fast_forward=not behind,
    )


def check_origin(project: Project, origin: str) -> None:
    """What stands on the project's page must be where git goes (an adopted checkout may differ)."""
    wanted = parse_remote(project.remote_url)
    try:
        there = parse_remote(origin)
    except Refused:
        there = None
    if there is None or _place(there) != _place(wanted):
        raise Refused(
            f"The checkout belongs to {there.text if there else 'no server'},"
            f" the project to {wanted.text}.",
            "Edit the project and enter the right address; it is then written to the checkout.",
            steps=("project.edit",),
        )


def _place(remote: RemoteUrl) -> tuple[str, str, int | None, str]:
    path = remote.path.strip("/").removesuffix(".git")
    return remote.transport, remote.host, remote.port, path


def counted(number: int, noun: str) -> str:
    """A number and its noun, such as "2 commits"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
