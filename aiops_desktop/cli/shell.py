"""What every shell command has at hand: the services, the terminal, and a way to wait for jobs."""

from __future__ import annotations

import getpass
import json
import queue
import re
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from aiops_desktop.cli.plain import harmless, plain, table
from aiops_desktop.domain.projects import CheckoutState
from aiops_desktop.domain.trouble import Missing, NotTrusted, Refused, Stopped, Trouble
from aiops_desktop.jobs.job import HostQuestion, Job, Question, Reply

if TYPE_CHECKING:
    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.domain.scrubber import Scrubber
    from aiops_desktop.domain.tenants import Doomed
    from aiops_desktop.services.house import House

T = TypeVar("T")

#: What changes in a message from moment to moment.
_NUMBER = re.compile(r"\d+")


class Shell:
    """One call of the program from a shell."""

    def __init__(
        self,
        options: Namespace,
        layout: Callable[[], Layout],
        build: Callable[[Layout], House],
    ) -> None:
        self.options = options
        self._layout = layout
        self._build = build

    @cached_property
    def layout(self) -> Layout:
        """The data folder."""
        return self._layout()

    @cached_property
    def house(self) -> House:
        """The services; the data folder is opened when they are first asked for."""
        made = self._build(self.layout)
        if self.asks:
            made.secrets.ask, made.secrets.offer = _ask_passphrase, _offer_passphrase
        for problem in made.settings.problems():
            self.note(problem.sentence)
        return made

    def scrub(self, text: str) -> str:
        """The text without the secrets that are known by now."""
        return self.house.secrets.scrub(text) if "house" in vars(self) else text

    @property
    def asks(self) -> bool:
        """Whether a person sits at the terminal and can answer."""
        return sys.stdin is not None and sys.stdin.isatty()

    # Output ----------------------------------------------------------------------------------

    def show(self, value: object, text: str = "") -> None:
        """Print the value as JSON when that was asked for, else the text."""
        if self.options.json:
            print(json.dumps(plain(value), ensure_ascii=False, indent=2))
        elif text:
            print(text)

    def rows(
        self,
        values: Sequence[T],
        heads: Sequence[str],
        row: Callable[[T], Sequence[object]],
        *,
        none: str = "There is none yet.",
    ) -> None:
        """Print a list; `none` is said of an empty one."""
        if not values and not self.options.json:
            self.note(none)
        self.show(list(values), table(heads, [row(value) for value in values]) if values else "")

    def note(self, text: str) -> None:
        """Say something that is not the result."""
        print(harmless(text), file=sys.stderr)

    # Input -----------------------------------------------------------------------------------

    def project(self, text: str) -> Project:
        """The project that “tenant/project” names; the tenant may be left out when it is clear.

        Raises:
            Missing: there is none.
            Refused: several tenants have one of this name.
        """
        found = self._named(text)
        if found.state is CheckoutState.CLONING:  # perhaps by a program that is no more
            self.house.projects.recover()
            return self.house.projects.get(found.id)
        return found

    def settle(self) -> None:
        """Tell what a program that was killed left behind as what it is, before it is shown."""
        self.house.projects.recover()
        self.house.runs.recover()
        self.house.history.recover()

    def _named(self, text: str) -> Project:
        tenant, slash, name = text.partition("/")
        if slash:
            return self.house.projects.find(tenant, name)
        found: list[Project] = []
        for one in self.house.tenants.all():
            try:
                found.append(self.house.projects.find(one.slug, text))
            except Trouble:
                continue
        if len(found) > 1:
            raise Refused(
                f"Several tenants have a project “{text}”.", "Write it as tenant/project."
            )
        if not found:
            raise Missing(f"There is no project “{text[:60]}”.", "Look at the list of projects.")
        return found[0]

    def secret(self, prompt: str) -> str:
        """A passphrase or token typed at the terminal, or the first line of standard input."""
        if self.asks:
            return getpass.getpass(f"{prompt} ", stream=sys.stderr)
        line = sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
        if not line:
            raise Refused(f"{prompt} Nothing came in.", "Give it on standard input.")
        return line

    def typed(self, prompt: str) -> str:
        """A line typed at the terminal."""
        return _typed(prompt).strip()

    def confirm_doom(self, doomed: Doomed) -> None:
        """Name what goes and ask, unless --yes was given.

        Raises:
            Refused: nobody can be asked.
            Stopped: the answer was no.
        """
        for title, names in (
            ("projects", doomed.projects),
            ("checkouts", doomed.checkouts),
            ("keys", doomed.keys),
            ("sessions", doomed.sessions),
            ("NOT SAVED ANYWHERE ELSE", doomed.unsaved),
        ):
            if names:
                self.note(f"  {title}: {', '.join(names)}")
        if doomed.runs or doomed.deployments:
            self.note(f"  runs: {doomed.runs}, deployments: {doomed.deployments}")
        self.note(f"  {doomed.way_back}")
        self.confirm(f"Delete “{doomed.title}”?")

    def confirm(self, question: str) -> None:
        """Ask for a yes, unless --yes was given.

        Raises:
            Refused: nobody can be asked.
            Stopped: the answer was no.
        """
        if self.options.yes:
            return
        if not self.asks:
            raise Refused(f"{question} Nobody can answer here.", "Add --yes to go on.")
        if _typed(f"{question} [y/N] ").strip().lower() not in {"y", "yes"}:
            raise Stopped

    # Work ------------------------------------------------------------------------------------

    def work(self, title: str, work: Callable[[Job], T], scrubber: Scrubber | None = None) -> T:
        """Do work in a thread and wait for it; Ctrl+C is Stop, questions come to the terminal.

        With a `scrubber` of its own the data folder is not opened for it.

        Raises:
            Trouble: whatever the work ended with.
            Stopped: it was stopped.
        """
        ear = _Ear()
        job = Job(title, ear, scrubber or self.house.secrets.scrubber)
        results: list[T] = []
        errors: list[BaseException] = []

        def run() -> None:
            try:
                results.append(work(job))
            except BaseException as error:  # handed to the waiting thread
                errors.append(error)
            finally:
                ear.calls.put(None)

        thread = threading.Thread(target=run, name="work", daemon=True)
        thread.start()
        self._wait(job, ear)
        thread.join()
        ear.end_line()
        if errors:
            raise errors[0]
        return results[0]

    def _wait(self, job: Job, ear: _Ear) -> None:
        while True:
            try:
                reply = ear.calls.get()
                if reply is None:
                    return
                ear.end_line()
                try:
                    self._answer(reply)
                except Trouble as trouble:
                    reply.refuse(trouble)
            except (KeyboardInterrupt, EOFError, Stopped):
                self.note("Stopping.")
                job.stop()

    def _answer(self, reply: Reply) -> None:
        question = reply.question
        if isinstance(question, HostQuestion):
            self._answer_host(reply, question)
        elif not self.asks:
            kind = NotTrusted if question.secret else Refused
            raise kind(
                f"This needs an answer, and nobody can give it here: {question.text}",
                "Run it in a terminal.",
            )
        elif question.secret:
            self._tell(question)
            text = getpass.getpass("> ", stream=sys.stderr)
            reply.give(text, remember=question.remember and self._yes("Remember it?"))
        else:
            self._tell(question)
            reply.give(self._choice(question.choices) if question.choices else _typed("> "))

    def _answer_host(self, reply: Reply, host: HostQuestion) -> None:
        trusted = getattr(self.options, "trust", "") or ""
        if trusted and trusted == host.fingerprint:
            reply.give("trust")
            return
        who = f"{host.host} port {host.port}" if host.port != 22 else host.host
        if trusted or not self.asks:
            raise NotTrusted(
                f"The host {who} is not known to “{host.tenant}”; its {host.key_type} key is "
                f"{host.fingerprint}.",
                f"Compare it with what the host's owner says, then add --trust {host.fingerprint}."
                if not trusted
                else "This is not the fingerprint given with --trust. Do not go on.",
            )
        self._tell(host)
        self.note(f"{who} ({host.address}), {host.key_type}\n")
        self.note(host.fingerprint)
        if host.randomart:
            self.note(host.randomart)
        if not self._yes(f"Trust this key for “{host.tenant}”?"):
            raise Stopped
        reply.give("trust")

    def _tell(self, question: Question) -> None:
        self.note(question.text)
        if question.detail:
            self.note(question.detail)

    def _yes(self, question: str) -> bool:
        return _typed(f"{question} [y/N] ").strip().lower() in {"y", "yes"}

    def _choice(self, choices: Sequence[str]) -> str:
        for number, choice in enumerate(choices, 1):
            self.note(f"  {number}  {choice}")
        while True:
            text = _typed("> ").strip()
            if text in choices:
                return text
            if text.isdigit() and 1 <= int(text) <= len(choices):
                return choices[int(text) - 1]


def _ask_passphrase(wrong: str) -> str:
    if wrong:
        print(wrong, file=sys.stderr)
    return getpass.getpass("Passphrase of the secret store: ", stream=sys.stderr)


def _offer_passphrase() -> str:
    print(
        "No keyring answers here. Give a passphrase for the secret store, or nothing to keep its "
        "key in a file that whoever can read your files can read.",
        file=sys.stderr,
    )
    return new_passphrase("Passphrase of the secret store:", empty=True)


def new_passphrase(prompt: str, *, empty: bool = False) -> str:
    """A passphrase typed twice at the terminal.

    Raises:
        Refused: they differ.
    """
    told = getpass.getpass(f"{prompt} ", stream=sys.stderr)
    if not told and empty:
        return ""
    if getpass.getpass("Again: ", stream=sys.stderr) != told:
        raise Refused("The two passphrases are not the same.", "Try again.", field="passphrase")
    return told


def _typed(prompt: str) -> str:
    """A line from the terminal; the prompt goes to standard error, results alone to output."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\r\n")


class _Ear:
    """Brings a job's words to standard error, and its questions to the waiting thread."""

    def __init__(self) -> None:
        self.calls: queue.SimpleQueue[Reply | None] = queue.SimpleQueue()
        self._live = sys.stderr.isatty()
        self._open = False
        self._last = ""

    def progress(self, message: str, done: int, total: int) -> None:
        """On a terminal one line that changes, else a line per message, numbers aside."""
        if self._live:
            share = f" {100 * done // total} %" if total else ""
            sys.stderr.write(f"\r\033[K{harmless(message)}{share}")
            sys.stderr.flush()
            self._open = True
        elif _NUMBER.sub("", message) != _NUMBER.sub("", self._last):
            print(harmless(message), file=sys.stderr)
        self._last = message

    def line(self, text: str) -> None:
        """Output of a tool."""
        self.end_line()
        print(harmless(text), file=sys.stderr)

    def ask(self, reply: Reply) -> None:
        """A question."""
        self.calls.put(reply)

    def end_line(self) -> None:
        """Leave the line that changes."""
        if self._open:
            sys.stderr.write("\n")
            self._open = False
