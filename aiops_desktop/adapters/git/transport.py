"""Clone, fetch and push by the git program, with one tenant's keys, hosts and tokens."""

from __future__ import annotations

import re
import shlex
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from aiops_desktop.adapters import process
from aiops_desktop.adapters.askpass import Askpass
from aiops_desktop.adapters.git.access import Access
from aiops_desktop.adapters.git.command import ALWAYS, environment
from aiops_desktop.adapters.git.failures import detail_of, explain
from aiops_desktop.adapters.git.progress import listener
from aiops_desktop.adapters.sshline import (
    Offer,
    asked_for,
    forget_log,
    read_log,
    wants_pin,
    words,
)
from aiops_desktop.domain.remotes import Transport
from aiops_desktop.domain.trouble import Failed, Missing, NotTrusted, Stopped, Trouble
from aiops_desktop.jobs.job import Job

#: Settings of the person's own account that must not reach a tenant's server.
_TRANSFER = (
    "-c",
    "http.extraHeader=",
    "-c",
    "http.followRedirects=initial",
    "-c",
    "protocol.ext.allow=never",
    "-c",
    "submodule.recurse=false",
)

#: The window goes before a transfer, whose unpacking takes every processor there is (nice(1)).
NICE = 3


class Transfer:
    """One transfer: an environment, a way to ask for secrets, and patience that ends.

    Used by `with`; `run` may be called several times (clone, then fetch of submodules).
    """

    def __init__(self, access: Access, job: Job) -> None:
        self._access = access
        self._job = job
        self._inner = Job(job.title)  # ended by Stop, by silence, or when a secret is refused
        self._askpass = Askpass(self._answer, self._inner.stop, job.progress)
        self._heard = time.monotonic()
        self._silent = False
        self._user, self._token = "", ""
        self.said: list[str] = []

    def __enter__(self) -> Transfer:
        check_folder(self._access)
        self._askpass.__enter__()
        self._forget = self._job.on_stop(self._inner.stop)
        return self

    def __exit__(self, *error: object) -> None:
        self._forget()
        self._askpass.__exit__(None, None, None)

    def run(
        self, *args: str, cwd: Path, ok: Sequence[int] = (0,), settings: Sequence[str] = ()
    ) -> process.Finished:
        """Run a git verb that speaks to the server.

        Raises:
            Trouble: in words, when its exit code is none of `ok`; whatever refused a secret.
            Stopped: the person pressed Stop; nothing of the process group is left.
        """
        over = threading.Event()
        watch = threading.Thread(target=self._watch, args=(over,), name="patience", daemon=True)
        self._heard = time.monotonic()
        forget_log(self._askpass.folder)
        watch.start()
        try:
            finished = process.run(
                [*ALWAYS, *_TRANSFER, *settings, *args],
                env=self._environment(cwd),
                cwd=cwd,
                job=self._inner,
                on_error_line=listener(self._job, self._listen, self.said),
                nice=NICE,
            )
        except Stopped:
            self._say_why()
            raise
        finally:
            over.set()
            watch.join()
        finished = self._with_log(finished)
        if finished.code not in ok:
            raise self._explain(finished, cwd)
        return finished

    def _with_log(self, finished: process.Finished) -> process.Finished:
        """What ssh said to the person, from its log, goes where git's own words are."""
        log = read_log(self._askpass.folder)
        self._access.heard(log.offered, log.accepted)
        if not log.words:
            return finished
        said = log.words.encode() + b"\n" + finished.err
        return replace(finished, err=said)

    def _listen(self) -> None:
        self._heard = time.monotonic()

    def _watch(self, over: threading.Event) -> None:
        """Give up on a server that says nothing; never while the person is being asked."""
        limit = self._access.idle_timeout
        while not over.wait(0.2):
            if self._askpass.asking:
                self._heard = time.monotonic()
            elif time.monotonic() - self._heard > limit:
                self._silent = True
                self._inner.stop()
                return

    def _say_why(self) -> None:
        self._job.check()
        if self._askpass.error is not None:
            raise self._askpass.error
        if self._silent:
            raise Failed(
                f"{self._where()} said nothing for {self._access.idle_timeout} seconds.",
                "Check the connection, then try again.",
            )

    def _explain(self, finished: process.Finished, cwd: Path) -> Trouble:
        if self._askpass.error is not None and isinstance(self._askpass.error, Trouble):
            return self._askpass.error
        return explain(finished, cwd, self._where())

    def _where(self) -> str:
        remote = self._access.remote
        return "The folder" if remote.transport is Transport.FILE else remote.host

    def _environment(self, cwd: Path) -> dict[str, str]:
        access = self._access
        program = str(self._askpass.program)
        return environment(
            access.room,
            {
                "GIT_CEILING_DIRECTORIES": f"{cwd.parent}:{cwd.parent.resolve()}",
                "GIT_ASKPASS": program,
                "SSH_ASKPASS": program,
                "SSH_ASKPASS_REQUIRE": "force",
                "GIT_SSH_VARIANT": "ssh",
                "GIT_SSH_COMMAND": shlex.join(words(self._offer(), self._askpass.folder)),
                "GIT_HTTP_LOW_SPEED_LIMIT": "1",
                "GIT_HTTP_LOW_SPEED_TIME": str(access.idle_timeout),
                **({"GIT_SSL_CAINFO": str(access.ca_file)} if access.ca_file else {}),
            },
        )

    def _offer(self) -> Offer:
        access = self._access
        return Offer(
            access.room.known_hosts,
            access.keys,
            access.agent,
            access.whole_agent,
            access.config,
            access.connect_timeout,
            access.idle_timeout,
        )

    def _answer(self, question: str) -> str:
        key = asked_for(question, self._access.keys)
        if key is not None:
            return (self._access.pin if wants_pin(question) else self._access.passphrase)(key)
        asks = re.match(r"(?:Username|Password) for '([^']+)'", question)
        if asks:
            self._check_site(asks[1])
            if not self._token:
                self._user, self._token = self._access.login(self._access.remote.host)
            return self._user if question.startswith("Username") else self._token
        raise Failed(
            "The server asked for something this program cannot answer.",
            "Use a key or a token.",
            question,
        )

    def _check_site(self, url: str) -> None:
        """A token goes to the host it is for, wherever a redirect or another origin leads."""
        remote, there = self._access.remote, urlsplit(url)
        here = (remote.transport.value, remote.host, remote.port)
        if (there.scheme, (there.hostname or "").lower(), there.port) != here:
            raise NotTrusted(
                f"{there.hostname} asks for a token, but the project's address is on"
                f" {remote.host}; nothing was sent.",
                "Correct the project's address.",
                steps=("project.edit",),
            )


def check_folder(access: Access) -> None:
    """A remote on this computer must be there, so that the person reads where it is not.

    Raises:
        Missing: it is not.
    """
    if access.remote.transport is not Transport.FILE:
        return
    place = Path(access.remote.path)
    if not place.exists():
        raise Missing(f"There is no folder {place}.", "Check the project's address.")
    repository = (place / ".git").exists() or (place / "HEAD").exists() or place.is_file()
    if not repository:
        raise Missing(f"The folder {place} is no Git repository.", "Check the project's address.")


def rejected(finished: process.Finished) -> list[tuple[str, str]]:
    """The refs a `push --porcelain` could not write: (local:remote, reason)."""
    made = []
    for line in finished.text.splitlines():
        flag, _, rest = line.partition("\t")
        if flag == "!":
            refs, _, reason = rest.partition("\t")
            made.append((refs, reason))
    return made


def hook_words(said: Sequence[str], finished: process.Finished) -> str:
    """What a server's hook said, what became of each ref, and the command."""
    refs = [line.replace("\t", " ") for line in finished.text.splitlines() if line[:1] == "!"]
    return "\n".join([*said, *refs, detail_of(finished)])
