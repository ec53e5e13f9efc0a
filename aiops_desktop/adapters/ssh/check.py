"""Tries a login with ssh itself, exactly as git would, and tells what came of each step."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.adapters.askpass import Askpass
from aiops_desktop.adapters.sshline import Offer, asked_for, heard, wants_pin, words
from aiops_desktop.domain.connections import ConnectionStep, StepState
from aiops_desktop.domain.tenants import KeyFile
from aiops_desktop.domain.trouble import Failed, Stopped, Trouble
from aiops_desktop.jobs.job import Job

#: Characters of a server's own words that are kept.
BANNER = 2000
#: Bytes of ssh's output that are looked at: a server may send any amount of banner.
_KEPT = 256 * 1024
_PIPE = "told"
#: Seconds a server may be silent behind a login: nothing is wanted of it any more.
_BEHIND = 2.0


@dataclass
class Checked:
    """What a login came to."""

    steps: list[ConnectionStep] = field(default_factory=list)
    offered: tuple[str, ...] = ()
    accepted: str = ""
    host_key: str = ""
    banner: str = ""
    trouble: str = ""

    @property
    def good(self) -> bool:
        """The server let us in."""
        return bool(self.accepted)


def check(
    host: str,
    port: int | None,
    user: str,
    offer: Offer,
    passphrase: Callable[[KeyFile], str],
    job: Job,
    pin: Callable[[KeyFile], str] = lambda _key: "",
) -> Checked:
    """Log in, do nothing, leave.

    Args:
        host: as the remote names it.
        port: TCP port; None for what the person's own config says, else 22.
        user: whom to log in as; "" for the account's own name.
        offer: keys and hosts.
        passphrase: asked for the passphrase of a key that the server would take.
        job: its Stop ends it, also while it asks.
        pin: asked for the PIN of the security key that holds a key.

    Raises:
        Missing: ssh is not installed.
        NotTrusted: the passphrase was wrong too often.
        Stopped: the person pressed Stop, or did not answer.
    """
    inner = Job(job.title)
    listened = _Listened()

    def answer(question: str) -> str:
        key = asked_for(question, offer.keys)
        if key is None:
            raise Failed("The server asked for something else than a key.", "", question[:200])
        return (pin if wants_pin(question) else passphrase)(key)

    begun = time.monotonic()
    with Askpass(answer, inner.stop, job.progress) as askpass:
        argv = words(offer, askpass.folder, log=_PIPE)
        argv += ["-T", *(["-p", str(port)] if port else []), *(["-l", user] if user else [])]
        argv += ["--", host.strip("[]")]
        log = _LogPipe(askpass.folder / _PIPE, listened.take)
        patience = _Patience(listened, askpass, inner, offer.connect_timeout + offer.idle_timeout)
        forget = job.on_stop(inner.stop)
        try:
            process.run(
                argv,
                env=_environment(askpass),
                job=inner,
                on_error_line=listened.take_banner,
                keep=_KEPT,
            )
        except Stopped:
            job.check()
            if isinstance(askpass.error, Trouble | Stopped):
                raise askpass.error from None
            listened.late = patience.said
        finally:
            patience.end()
            log.end()
            forget()
    return listened.told(begun)


def _environment(askpass: Askpass) -> dict[str, str]:
    return process.environment(
        {
            "LC_ALL": "C.UTF-8",
            "SSH_ASKPASS": str(askpass.program),
            "SSH_ASKPASS_REQUIRE": "force",
        }
    )


class _LogPipe:
    """Reads ssh's log line by line as it is written."""

    def __init__(self, path: Path, take: Callable[[str], None]) -> None:
        os.mkfifo(path, 0o600)
        self._take = take
        # Opened for both ways, ssh need not wait for us, and we see no end.
        self._pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self._over = threading.Event()
        self._rest = b""
        self._thread = threading.Thread(target=self._read, name="ssh log", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """The program has ended; what it wrote last is read, too."""
        self._over.set()
        self._thread.join()
        os.close(self._pipe)

    def _read(self) -> None:
        while True:
            over = self._over.is_set()
            if not process.readable(self._pipe, 0 if over else 0.1):
                if over:
                    return
                continue
            *lines, self._rest = (self._rest + os.read(self._pipe, 1 << 16)).split(b"\n")
            for line in lines:
                self._take(line.decode("utf-8", "replace").rstrip("\r"))


class _Patience:
    """Gives up on a server that says nothing; never while the person is being asked."""

    def __init__(self, listened: _Listened, askpass: Askpass, inner: Job, limit: float) -> None:
        self._listened = listened
        self._askpass = askpass
        self._inner = inner
        self._limit = limit
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="patience", daemon=True)
        self._thread.start()
        self.said = ""

    def end(self) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        heard_at = time.monotonic()
        while not self._over.wait(0.1):
            if self._askpass.asking:
                heard_at = time.monotonic()
            silent = time.monotonic() - max(heard_at, self._listened.last)
            if self._listened.opened and silent > _BEHIND:
                self._inner.stop()
                return
            if silent > self._limit:
                self.said = f"The server said nothing for {self._limit:g} seconds."
                self._inner.stop()
                return


class _Listened:
    """The lines of ssh's log with their times, and the server's own words among them."""

    def __init__(self) -> None:
        self._lines: list[tuple[float, str]] = []
        self._banner: list[str] = []
        self._size = 0
        self.late = ""
        self.last = 0.0
        self.opened = False

    def take(self, line: str) -> None:
        """A line of ssh's log."""
        self.last = time.monotonic()
        self.opened = self.opened or line.startswith("Authenticated to ")
        self._lines.append((self.last, line))

    def take_banner(self, line: str) -> None:
        """A line the server wants to be shown."""
        self.last = time.monotonic()
        if self._size < BANNER:
            self._banner.append(line[:BANNER])
            self._size += len(line) + 1

    def told(self, begun: float) -> Checked:
        lines = [line for _, line in self._lines]
        log = heard(lines)
        made = Checked(offered=log.offered, accepted=log.accepted)
        made.banner = _harmless("\n".join(self._banner).strip()[:BANNER])
        greeted = self._when(r"debug1: Remote protocol version")
        shown = self._when(r"debug1: Server host (?:key|certificate):")
        trusted = self._when(r"debug1: Host '.*' is known and matches")
        opened = self._when(r"Authenticated to ")
        key = re.search(r"Server host \w+: (\S+ [^\s,]+)", _all(lines))
        made.host_key = key[1] if key else ""
        reason = self.late or _reason(lines)
        made.trouble = "" if opened else reason
        self._step(made, "Greeting", begun, greeted, _greeting(lines), reason)
        if greeted:
            known = trusted or (self._when(r"debug1: Authentications that can") if shown else None)
            said = f"{made.host_key}{_certified(lines)}"
            why = f"{made.host_key}: {reason}" if made.host_key else reason
            self._step(made, "Host key", greeted, known, said, why)
            if known:
                self._step(made, "Login", known, opened, _accepted(made), reason)
        return made

    def _step(
        self, made: Checked, title: str, since: float, when: float | None, good: str, bad: str
    ) -> None:
        state = StepState.GOOD if when else StepState.BAD
        end = when or (self._lines[-1][0] if self._lines else time.monotonic())
        if self.late and not when:
            end = time.monotonic()
        detail = good if when else bad
        made.steps.append(ConnectionStep(title, state, detail, max(0.0, end - since)))

    def _when(self, pattern: str) -> float | None:
        return next((when for when, line in self._lines if re.match(pattern, line)), None)


def _all(lines: list[str]) -> str:
    return "\n".join(lines)


def _greeting(lines: list[str]) -> str:
    found = re.search(r"remote software version (.{1,100})", _all(lines))
    return _harmless(found[1]) if found else ""


def _certified(lines: list[str]) -> str:
    found = re.search(r"Server host certificate: .* CA (\S+ \S+)", _all(lines))
    return f", certified by {found[1]}" if found else ""


def _accepted(made: Checked) -> str:
    return f"{made.accepted} opened" if made.accepted else "opened"


#: ssh's words → ours. OpenSSH's own source texts.
_REASONS = (
    (r"REVOKED HOST KEY", "The host key is marked as revoked."),
    (
        r"REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed",
        "The host key has changed.",
    ),
    (
        r"Host key verification failed|No \S+ host key is known",
        "The host key is not known to this tenant.",
    ),
    (r"signing failed for \S+-SK [^\n]*device not found", "The security key is not plugged in."),
    (r"Too many authentication failures", "The server takes no more keys."),
    (r"Permission denied \((?!.*publickey)", "The server takes passwords only, no keys."),
    (r"Permission denied \(", "The server accepts none of the keys offered."),
    (r"timed out|Timeout, server", "The server does not answer."),
    (r"Connection (?:closed|reset)|Broken pipe|disconnect", "The server broke off."),
    (
        r"no matching|unsupported|Unable to negotiate",
        "The server and ssh have no method in common.",
    ),
    (r"banner (?:line|exchange)|Bad protocol|protocol|too long", "The server does not speak SSH."),
    (r"Could not resolve hostname", "The name could not be found."),
    (r"Connection refused|No route|unreachable", "The server could not be reached."),
)


def _reason(lines: list[str]) -> str:
    text = _all([line for line in lines if not line.startswith("debug")])
    return next(
        (words for pattern, words in _REASONS if re.search(pattern, text)),
        "The connection broke off.",
    )


def _harmless(text: str) -> str:
    return "".join(c for c in text if c == "\n" or c.isprintable())
