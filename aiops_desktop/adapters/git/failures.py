"""Git's and ssh's own words (LC_ALL=C) as Trouble a person can read."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from aiops_desktop.adapters.process import Finished, shown
from aiops_desktop.domain.trouble import Clash, Failed, Missing, NotTrusted, Refused, Trouble

#: Lines of a tool's output that are kept as detail.
LINES = 25

Made = Callable[[re.Match[str], str], Trouble]


def explain(finished: Finished, folder: Path, where: str = "") -> Trouble:
    """What a failed git command means.

    Args:
        finished: the command and its output.
        folder: the work tree, for the sentence.
        where: the server, for sentences about transfers; "" for local verbs.

    Returns:
        The Trouble to raise; never a success.
    """
    said = finished.error_text
    detail = detail_of(finished)
    for pattern, make in _TABLE:
        found = re.search(pattern, said, re.MULTILINE | re.IGNORECASE)
        if found:
            return make(found, detail) if not where else _at(make(found, detail), where)
    verb = _verb(finished)
    reason = _last_words(said)
    return Failed(
        f"Git could not finish “{verb}” in {folder.name}{': ' + reason if reason else ''}.",
        "Read its own words below.",
        detail,
    )


def detail_of(finished: Finished) -> str:
    """The command and the end of what it said, for Copy."""
    lines = re.split(r"[\r\n]+", finished.error_text.strip())
    kept = [line for line in lines if not re.search(r"\d+% \(\d+/\d+\)", line)][-LINES:]
    return "\n".join([shown(_plain(finished.argv)), *kept])


def _plain(argv: tuple[str, ...]) -> list[str]:
    """The command without the settings we always give."""
    made, skip = [], False
    for word in argv:
        if skip:
            skip = False
        elif word == "-c":
            skip = True
        elif word not in {"--no-pager", "--literal-pathspecs"}:
            made.append(word)
    return made


def _verb(finished: Finished) -> str:
    return next((word for word in _plain(finished.argv)[1:] if not word.startswith("-")), "git")


def _last_words(said: str) -> str:
    for line in reversed(re.split(r"[\r\n]+", said.strip())):
        found = re.match(r"(?:fatal|error): (.*)", line)
        if found:
            return found[1].rstrip(".:")
    return ""


def _at(trouble: Trouble, where: str) -> Trouble:
    trouble.what = trouble.what.replace("the server", where).replace("The server", where)
    trouble.args = (trouble.what,)
    return trouble


def _names(text: str) -> str:
    names = [line.strip() for line in text.strip().splitlines() if line.strip()]
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more


def _in_the_way(found: re.Match[str], detail: str) -> Trouble:
    return Refused(
        f"Changes that are not committed would be overwritten: {_names(found['files'])}.",
        "Commit or discard them first.",
        detail,
    )


def _no_repository(found: re.Match[str], detail: str) -> Trouble:
    return Failed(
        "There is no such repository on the server, or this key or token may not see it.",
        "Check the address, and that the server knows the key.",
        detail,
    )


def _wrong_token(found: re.Match[str], detail: str) -> Trouble:
    return NotTrusted(
        "The server did not accept the user name and token.",
        "Enter a token that is valid and may read and write this repository.",
        detail,
        steps=("git.token",),
    )


def _failed(what: str, hint: str) -> Made:
    return lambda found, detail: Failed(what, hint, detail)


def _refused(what: str, hint: str) -> Made:
    return lambda found, detail: Refused(what.format(*found.groups()), hint, detail)


def _missing(what: str, hint: str) -> Made:
    return lambda found, detail: Missing(what, hint, detail)


def _not_trusted(what: str, hint: str, *steps: str) -> Made:
    return lambda found, detail: NotTrusted(what, hint, detail, steps=steps)


#: Patterns in git's and ssh's standard error, the most telling first. Sources: git's and OpenSSH's
#: own source texts; each row has a test that provokes it.
_TABLE: tuple[tuple[str, Made], ...] = (
    (
        r"REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed|REVOKED HOST KEY",
        _not_trusted(
            "The host key of the server has changed; nothing was sent.",
            "Ask whoever runs the server. If the new key is right, remove the host under"
            " Keys, Known hosts, and connect again.",
            "keys.hosts",
        ),
    ),
    (
        r"Host key verification failed|No \S+ host key is known for",
        _not_trusted(
            "The host key of the server is not known to this tenant.",
            "Compare its fingerprint and trust it first.",
            "git.trust_host",
        ),
    ),
    (
        r"No space left on device|Disk quota exceeded|unable to write file .*: No space",
        _failed(
            "The disk is full; nothing half-made was left behind.", "Free some space and try again."
        ),
    ),
    (
        r"UNPROTECTED PRIVATE KEY FILE|bad permissions",
        _not_trusted(
            "Others on this computer may read the private key, so ssh does not use it.",
            "Set the file's permissions to 0600.",
            "view.keys",
        ),
    ),
    (
        r"signing failed for \S+-SK [^\n]*device not found",
        _not_trusted(
            "The security key that holds a key is not plugged in.",
            "Plug it in and try again; touch it when it blinks.",
            "view.keys",
        ),
    ),
    (
        r"Permission denied \((?!.*publickey)",
        _not_trusted(
            "The server takes passwords only; it did not accept any key of this tenant.",
            "Ask whoever runs the server to let keys in, or use an https address with a token.",
            "view.keys",
        ),
    ),
    (
        r"Permission denied \(|Too many authentication failures",
        _not_trusted(
            "The server did not accept any key of this tenant.",
            "Add the public key to your account there, or choose another key for the project.",
            "view.keys",
        ),
    ),
    (
        r"Could not resolve host(?:name)?:? ",
        _failed("The server's name could not be found.", "Check the address and the network."),
    ),
    (
        r"Connection refused|Network is unreachable|No route to host|Failed to connect to"
        r"|Couldn't connect to server",
        _failed("The server could not be reached.", "Check the address, the port and the network."),
    ),
    (
        r"Connection timed out|Operation timed out|timed out during banner exchange"
        r"|Timeout, server .* not responding|Connection timeout",
        _failed("The server does not answer.", "Check the network, then try again."),
    ),
    (r"Authentication failed for|could not read (?:Username|Password)", _wrong_token),
    (r"returned error: (?:401|403)|HTTP 40[13]", _wrong_token),
    (
        r"SSL certificate problem|server certificate verification failed|certificate verify failed",
        _not_trusted(
            "The certificate of the server could not be verified.",
            "Check the computer's clock and certificates.",
        ),
    ),
    (
        r"Remote branch (\S+) not found|invalid reference: (\S+)",
        lambda found, detail: Refused(
            f"There is no branch “{next(g for g in found.groups() if g)}”.",
            "Choose another branch.",
            detail,
        ),
    ),
    (
        r"Repository not found|repository '.*' not found|does not appear to be a git repository"
        r"|returned error: 404|project you were looking for could not be found"
        r"|'.*' is not a git repository|repository '.*' does not exist",
        _no_repository,
    ),
    (
        r"kex_exchange_identification|Connection closed by|Connection reset by|early EOF"
        r"|The remote end hung up|unexpected disconnect|RPC failed|transfer closed",
        _failed("The connection to the server broke off.", "Try again."),
    ),
    (
        r"not a git repository",
        _missing("The folder is no Git repository (any more).", "Clone the project again."),
    ),
    (
        r"detected dubious ownership|is owned by someone else",
        _missing(
            "The folder belongs to another account of this computer, so git does not open it.",
            "Change its owner, or name it in git's safe.directory.",
        ),
    ),
    (
        r"pathspec '(.+)' did not match",
        _refused("“{0}” is not there any more.", "Look at the list again."),
    ),
    (
        r"(?:would be overwritten by \w+|would be overwritten):\n(?P<files>(?:\t.*\n)+)",
        _in_the_way,
    ),
    (
        r"^error: Entry '(?P<files>[^']+)' (?:not uptodate|would be overwritten)",
        _in_the_way,
    ),
    (
        r"cannot (?:rebase|pull with rebase): (?:You have unstaged changes"
        r"|Your index contains uncommitted changes)|cannot merge.*index is (?:not|un)",
        _refused("There are changes that are not committed.", "Commit or discard them first."),
    ),
    (
        r"'(\S+)' is already (?:checked out|used by worktree) at '(.+)'",
        _refused(
            "The branch “{0}” is checked out in another folder: {1}.", "Choose another branch."
        ),
    ),
    (
        r"[Aa] branch named '(\S+)' already exists",
        _refused("There is a branch “{0}” already.", "Choose another name."),
    ),
    (
        r"Unable to create '(.*\.lock)': File exists",
        lambda found, detail: Clash(
            "Another git process works in this repository, or one ended in the middle.",
            f"Wait for it; if there is none, remove {found[1]}.",
            detail,
        ),
    ),
    (
        r"Permission denied|Read-only file system|insufficient permission",
        _failed("A file or folder cannot be written.", "Check its owner and permissions."),
    ),
    (
        r"gpg failed to sign|failed to sign|error: Load key",
        _failed("The commit could not be signed.", "Check git's signing settings."),
    ),
)
