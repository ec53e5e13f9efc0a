"""Passphrases of keys: asked for once, and kept as long as the person said."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters import ssh
from aiops_desktop.domain.trouble import NotTrusted
from aiops_desktop.jobs.job import Job, Question

if TYPE_CHECKING:
    from aiops_desktop.services.secrets import Secrets

#: Wrong passphrases after which a job ends.
TRIES = 3


class Passphrases:
    """The one place that knows a key's passphrase: git's, ssh's and the agent's questions end here.

    A passphrase is kept not at all, until this program ends or locks, or in the secret store.
    """

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._lock = threading.Lock()
        self._session: dict[str, str] = {}
        secrets.on_lock(self.lock)

    def unlock(self, name: str, path: Path, owner: str, job: Job) -> str:
        """The passphrase of a key: the kept one, or what the person answers; checked.

        Args:
            name: the key's, for the question.
            path: its private file.
            owner: under which it is kept.
            job: asks; its Stop ends the question.

        Raises:
            NotTrusted: three wrong answers.
            Stopped: the person did not answer.
        """
        told = self._kept(owner)
        if told and ssh.opens(path, told):
            return told
        detail = "The remembered one does not fit any more." if told else ""
        for _ in range(TRIES):
            answer = job.ask(
                Question(
                    f"Passphrase of the key “{name}”",
                    detail or "It is needed once for this job, unless it is remembered.",
                    secret=True,
                    remember=True,
                    session=True,
                )
            )
            self._secrets.learn(answer.text)
            if ssh.opens(path, answer.text):
                try:
                    self.keep(owner, answer.text, session=answer.session, store=answer.remember)
                except NotTrusted as shut:  # the key is open, and that is what the job is about
                    job.progress(f"The passphrase was not kept: {shut.what}")
                return answer.text
            detail = "This passphrase does not open the key. Try again."
        raise NotTrusted(
            f"The passphrase of the key “{name}” was wrong {TRIES} times.",
            "Start again when you know it, or choose another key.",
            steps=("view.keys",),
        )

    def pin(self, name: str, job: Job) -> str:
        """The PIN of the security key that holds a key; never kept.

        Raises:
            Stopped: the person did not answer.
        """
        detail = "The security key asks for it. Too many wrong ones lock it for good."
        answer = job.ask(Question(f"PIN of the security key for “{name}”", detail, secret=True))
        self._secrets.learn(answer.text)
        return answer.text

    def keep(self, owner: str, passphrase: str, *, session: bool = False, store: bool) -> None:
        """Keep a passphrase that is known to be right, or not."""
        self._secrets.learn(passphrase)
        if store:
            self._secrets.put(owner, passphrase)
        if session:
            with self._lock:
                self._session[owner] = passphrase

    def kept(self, prefix: str) -> dict[str, str]:
        """Owner → where its passphrase is kept now: "session" or "store"."""
        with self._lock:
            made = {owner: "session" for owner in self._session if owner.startswith(prefix)}
        return made | dict.fromkeys(self._secrets.owners(prefix), "store")

    def move(self, old: str, new: str) -> None:
        """The key has another owner now."""
        kept = self._secrets.get(old)
        if kept:
            self._secrets.put(new, kept)
        with self._lock:
            if old in self._session:
                self._session[new] = self._session[old]
        self.forget(old)

    def forget(self, owner: str) -> None:
        """Keep it nowhere any more."""
        with self._lock:
            self._session.pop(owner, None)
        self._secrets.put(owner, "")

    def lock(self) -> None:
        """Forget all that is kept for the session."""
        with self._lock:
            self._session.clear()

    def _kept(self, owner: str) -> str:
        with self._lock:
            told = self._session.get(owner, "")
        return told or self._secrets.get(owner)
