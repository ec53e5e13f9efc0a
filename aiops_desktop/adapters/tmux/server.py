"""One tenant's tmux server: sessions, windows, views of tabs. Nothing is ever typed into a pane."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from aiops_desktop.adapters.tmux import attach, health, launch, look
from aiops_desktop.adapters.tmux.call import Caller, plain
from aiops_desktop.adapters.tmux.control import Control
from aiops_desktop.adapters.tmux.look import SessionInfo, Snapshot, WindowInfo
from aiops_desktop.adapters.tmux.protocol import Notice
from aiops_desktop.adapters.tmux.settle import settling
from aiops_desktop.adapters.tmux.stale import end_stale
from aiops_desktop.adapters.tmux.told import NoServer, Unknown
from aiops_desktop.adapters.tmux.version import Feature, Version, parse
from aiops_desktop.domain.trouble import Clash, Missing, Refused

#: How often a window's place is tried when somebody else takes it in the same moment.
_TRIES = 6


class Tmux:
    """A tenant's server. It starts with the first session and ends with the last one."""

    def __init__(
        self,
        program: str,
        socket: str,
        config: Path,
        env: Mapping[str, str],
        *,
        clipboard: bool = False,
    ) -> None:
        """Start nothing.

        Args:
            program: full path of tmux, as `find_tmux` gave it.
            socket: the tenant's, for `-L`.
            config: read when the server starts.
            env: the whole environment of the server and of everything in it.
            clipboard: programs in it may write the clipboard (OSC 52).
        """
        self._caller = Caller(program, socket, config, env)
        self._running: Version | None = None
        self._clipboard = clipboard

    @property
    def program(self) -> str:
        """Full path of tmux."""
        return self._caller.program

    @property
    def socket(self) -> str:
        """For `-L`."""
        return self._caller.socket

    @property
    def version(self) -> Version:
        """Of the program; of the server if that is older, as far as it was looked at.

        A server understands the commands of its own version, whatever asks.
        """
        return min(
            self._caller.version, self._running or self._caller.version, key=lambda one: one.number
        )

    @property
    def installed(self) -> Version:
        """Of the program alone."""
        return self._caller.version

    def running(self) -> bool:
        """Whether there is a socket; the server behind it may still be dead. Starts no process."""
        return self._caller.path.exists()

    def birth(self) -> tuple[int, int]:
        """Tells the socket of one server from that of the next; (0, 0) without any."""
        try:
            found = self._caller.path.stat()
        except OSError:
            return (0, 0)
        return found.st_ino, found.st_mtime_ns

    def examine(self, *, thorough: bool = False) -> health.Socket:
        """Whether anybody is behind the socket (see `health.examine`)."""
        return health.examine(self._caller.path, thorough=thorough)

    def revive(self) -> bool:
        """Have a server whose socket was removed make it again; whether it answers."""
        return health.revive(self._caller.path)

    def remind(self, now: Snapshot) -> None:
        """Have a server that missed the end of a program look again (see `health.remind`)."""
        if now.server is not None:
            health.remind(now.server.pid)

    # Looking ----------------------------------------------------------------------------------

    def look(self, views: str = "") -> Snapshot:
        """All that lives in the server, by one process; `views` is how names of views begin.

        Raises:
            Trouble: other than that there is no server.
        """
        asked = datetime.now(UTC)
        try:
            told = self._caller.call(*look.questions(self.version, views))
        except NoServer:
            return Snapshot(asked=asked)
        except Unknown:  # the server is older than the program
            told = self._caller.call(*look.questions(parse("3.0"), views))
        snapshot = look.read(told.split("\n"), asked)
        self._running = parse(snapshot.server.version) if snapshot.server else None
        return snapshot

    def sessions(self) -> list[SessionInfo]:
        """All sessions, views among them; none when the server does not run."""
        return list(self.look().sessions)

    def windows(self) -> list[WindowInfo]:
        """The windows of all sessions; one that is in several sessions comes once for each."""
        return list(self.look().windows)

    def capture(self, window: str, *, history: bool = False) -> str:
        """The text of a window's pane, lines joined; with `history` from its very beginning.

        Raises:
            Missing: there is no such window.
        """
        told = self._caller.call(
            ["capture-pane", "-p", "-J", *(["-S", "-"] if history else []), "-t", window]
        )
        return "\n".join(line.rstrip(" ") for line in told.split("\n"))

    def capture_lines(
        self, window: str, *, first: str, colours: bool, joined: bool
    ) -> tuple[str, list[bytes]]:
        """(sizes, lines) of a pane from line `first` to the end of the screen.

        Args:
            window: or pane, by id.
            first: "-" for the oldest line, "0" for the first one of the screen, "-5" for five more.
            colours: with SGR sequences.
            joined: wrapped lines come as one, blanks at their ends are kept.

        Returns:
            "columns rows history alternate" as numbers, taken in the same moment, and the lines.
        """
        more = [*(["-e"] if colours else []), *(["-J"] if joined else [])]
        told = self._caller.call_bytes(
            ["display-message", "-p", "-t", window, _SIZES],
            ["capture-pane", "-p", *more, "-S", first, "-t", window],
            timeout=60.0,
        )
        sizes, _, text = told.partition(b"\n")
        lines = text.split(b"\n")
        if not (colours and self.version.has(Feature.TRIMMED)):
            lines = [line.rstrip(b" ") for line in lines]
        return sizes.decode("utf-8", "replace"), lines[:-1] if lines[-1] == b"" else lines

    # Making -----------------------------------------------------------------------------------

    def new_window(
        self,
        session: str,
        name: str,
        argv: Sequence[str],
        cwd: Path,
        *,
        owner: str = "",
        program: str = "",
        keep: bool = False,
        env: Mapping[str, str] | None = None,
    ) -> str:
        """Run a program as a window of its own; the window's id. The session is made when needed.

        Args:
            session: its name.
            name: of the window.
            argv: the program and its arguments; it is the window's command, nothing is typed.
            cwd: where it starts.
            owner: remembered on the window, for finding it again.
            program: what is started, in a word; remembered on the window, too.
            keep: the window stays when its program ends, so that its exit code can be seen and no
                view is thrown upon another window.
            env: variables of this window beside the server's.

        Raises:
            Missing: the folder is not there.
        """
        if not cwd.is_dir():
            raise Missing(f"The folder {cwd} is not there.", "Clone the project again.")
        wanted = launch.Launch(name, argv, cwd, launch.variables(self._caller.env, env, cwd))
        marks = launch.marks(owner=owner, program=program, keep=keep)
        for _ in range(_TRIES):
            now = self.look()
            taken = [one.index for one in now.windows if one.session == session]
            if taken:
                place = f"={session}:{max(taken) + 1}"
                made = wanted.as_window(place, self.version)
            else:
                place = f"={session}:^"  # in a session of one window it needs no number
                made = wanted.as_session(session, self.version)
            with suppress(Clash, Refused, Missing):  # somebody else was there in this very moment
                settle = settling(now.server, self._caller.config, clipboard=self._clipboard)
                told = self._caller.call(made, *launch.marking(place, marks), *settle)
                return told.split("\n")[0].strip()
        raise Clash("Windows come and go too fast.", "Try again.")

    def respawn(self, window: str, argv: Sequence[str], cwd: Path, *, program: str = "") -> None:
        """Start a program in a window whose own has ended; a living one is left alone."""
        wanted = launch.Launch("", argv, cwd, launch.variables(self._caller.env, None, cwd))
        marks = {**launch.marks(program=program), look.BELL: ""}
        self._caller.call(wanted.as_respawn(window), *launch.marking(window, marks))

    def prepare(self, now: Snapshot) -> None:
        """Bring a running server in line with our settings, when it is not yet."""
        if now.server is None:
            return
        end_stale()
        if wanted := settling(now.server, self._caller.config, clipboard=self._clipboard):
            self._caller.call(*wanted)

    def attach_argv(self, session: str, window: str, view: str) -> list[str]:
        """What a terminal runs to look at a window (see `attach.view_argv`)."""
        return attach.view_argv(self._caller.base(), self.installed, session, window, view)

    def control_argv(self, session: str) -> list[str]:
        """What `Control` runs (see `attach.control_argv`)."""
        return attach.control_argv(self._caller.base(), self.version, session)

    def control(
        self, session: str, on_notice: Callable[[Notice], None] = lambda _notice: None
    ) -> Control:
        """Connect for asking and hearing (see `Control`), while nothing else of ours happens.

        Raises:
            Missing: there is no tmux, or no such session.
            Failed: the server does not answer.
        """
        with self._caller.gate:
            return Control(self.control_argv(session), self.client_environment(), on_notice)

    def client_environment(self) -> dict[str, str]:
        """The environment of a terminal that attaches."""
        return {**self._caller.env, "TERM": "xterm-256color", "COLORTERM": "truecolor"}

    def attach_command(self, session: str, window: int | None = None) -> str:
        """The line a person types in another terminal to attach; `window` is an index."""
        target = session if window is None else f"{session}:{window}"
        return shlex.join(["tmux", "-L", self.socket, "attach", "-t", target])

    # Changing ---------------------------------------------------------------------------------

    def rename_window(self, window: str, name: str) -> None:
        """Give a window another name."""
        self._caller.call(["rename-window", "-t", window, "--", plain(name)])

    def rename_session(self, session: str, name: str) -> None:
        """Give a session another name.

        Raises:
            Refused: there is one of this name.
        """
        self._caller.call(["rename-session", "-t", f"={session}", "--", plain(name)])

    def move_window(self, window: str, session: str, index: int | None, *, swap: bool) -> None:
        """Move a window, named as `session:@id`, to a place of a session.

        Args:
            window: where it is now.
            session: where it goes to.
            index: its place there; None: behind the others.
            swap: a window that is at that place comes to where this one was.

        Raises:
            Clash: the place is taken, and not `swap`.
        """
        place = f"={session}:{'' if index is None else index}"
        verb = "swap-window" if swap else "move-window"
        self._caller.call([verb, "-d", "-s", window, "-t", place])

    def keep(self, window: str) -> None:
        """Have a window stay when its program ends (see `new_window`)."""
        self._caller.call(["set-option", "-w", "-t", window, "remain-on-exit", "on"])

    def hush(self, window: str) -> None:
        """Forget that a window's bell rang, because somebody has looked."""
        with suppress(Missing):
            self._caller.call(["set-option", "-w", "-u", "-t", window, look.BELL])

    def kill_window(self, window: str) -> None:
        """End a window and what runs in it; no trouble when it is gone."""
        with suppress(Missing):
            self._caller.call(["kill-window", "-t", window])

    def kill_dead(self, window: str) -> bool:
        """End a window whose program has ended; one in which another was started is left alone.

        Whether it was ended; tmux decides and does it in one go.
        """
        with suppress(Missing):
            end = f"display-message -p ended ; kill-window -t {window}"
            return "ended" in self._caller.call(
                ["if-shell", "-F", "-t", window, "#{pane_dead}", end]
            )
        return False

    def kill_session(self, session: str) -> None:
        """End a session; its windows end with the last session they are in."""
        with suppress(Missing):
            self._caller.call(["kill-session", "-t", f"={session}"])

    def kill_group(self, session: str) -> None:
        """End a session with all views on it, and so its windows."""
        now = self.look()
        mine = now.session(session)
        group = mine.group if mine else ""
        for one in now.sessions:
            if one.name == session or (group and one.group == group):
                self.kill_session(one.name)

    def kill_server(self) -> None:
        """End everything of this tenant."""
        end_stale()
        with suppress(Missing):
            self._caller.call(["kill-server"])


_SIZES = "#{pane_width} #{pane_height} #{history_size} #{alternate_on}"
