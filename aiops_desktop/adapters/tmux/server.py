"""One tenant's tmux server: sessions, windows, views of tabs. Nothing is ever typed into a pane."""

from __future__ import annotations

import functools
import os
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.domain.trouble import Failed, Missing, Refused, Trouble

#: The oldest tmux that takes variables for a new window (`-e`, CHANGES of tmux 3.0).
OLDEST = (3, 0)
#: Seconds a tmux command may take.
TIMEOUT = 10.0
#: The window option that says whose window it is.
OWNER = "@aiops_owner"

_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASS|CREDENTIAL", re.IGNORECASE)
#: What a pane must have even when the server was started long ago by another version of us.
_ALWAYS = ("PATH", "HOME", "LANG", "SHELL")
_NOBODY = ("no server running", "error connecting", "no current", "no sessions", "server exited")
_SESSION_FORMAT = (
    "#{session_name}\t#{session_created}\t#{session_attached}\t#{session_group}\t#{session_id}"
)
_WINDOW_FORMAT = (
    "#{session_name}\t#{window_index}\t#{window_id}\t#{pane_pid}\t#{pane_dead}\t#{window_active}"
    "\t#{window_bell_flag}\t#{window_activity}\t#{@aiops_owner}\t#{pane_current_command}"
    "\t#{window_name}\t#{pane_current_path}"
)


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """A session. `group` is shared by a session and the views on it, "" without views."""

    name: str
    created: datetime
    attached: int
    group: str


@dataclass(frozen=True, slots=True)
class WindowInfo:
    """A window, told by its active pane. `owner` is what `new_window` was given."""

    session: str
    index: int
    id: str
    pid: int
    dead: bool
    active: bool
    bell: bool
    activity: datetime | None
    owner: str
    command: str
    name: str
    path: str


def own_config() -> Path:
    """The tmux configuration that ships with the program."""
    return Path(str(files("aiops_desktop") / "resources" / "tmux.conf"))


def find_tmux(env: Mapping[str, str]) -> str:
    """The full path of a tmux that is new enough.

    Raises:
        Missing: there is none.
    """
    found = process.which("tmux", env)
    if not found:
        raise Missing("tmux was not found on this computer.", "Install tmux 3.0 or newer.")
    if _version(found, os.stat(found).st_mtime_ns) < OLDEST:  # noqa: PTH116 - a plain stat
        raise Missing("This tmux is too old.", "Install tmux 3.0 or newer.")
    return found


@functools.lru_cache(maxsize=8)
def _version(program: str, _changed: int) -> tuple[int, int]:
    """(3, 3) for "tmux 3.3a"; builds from source ("tmux master") count as new."""
    try:
        told = process.run([program, "-V"], env=process.environment(), timeout=TIMEOUT).text
    except Trouble:
        return (0, 0)
    found = re.search(r"(\d+)\.(\d+)", told)
    return (int(found[1]), int(found[2])) if found else (99, 0)


class Tmux:
    """A tenant's server. It starts with the first session and ends with the last one."""

    def __init__(self, program: str, socket: str, config: Path, env: Mapping[str, str]) -> None:
        """Start nothing.

        Args:
            program: full path of tmux, as `find_tmux` gave it.
            socket: the tenant's, for `-L`.
            config: read when the server starts.
            env: the whole environment of the server and of everything in it.
        """
        self.program = program
        self.socket = socket
        self._config = config
        self._env = {name: value for name, value in env.items() if name != "TMUX"}
        if "TMUX_TMPDIR" in os.environ:  # where the person's own tmux looks for sockets, too
            self._env["TMUX_TMPDIR"] = os.environ["TMUX_TMPDIR"]

    def running(self) -> bool:
        """Whether there is a socket; the server behind it may still be dead. Starts no process."""
        folder = Path(self._env.get("TMUX_TMPDIR") or "/tmp")  # noqa: S108 - tmux's own default
        return (folder / f"tmux-{os.getuid()}" / self.socket).exists()

    # Looking ----------------------------------------------------------------------------------

    def sessions(self) -> list[SessionInfo]:
        """All sessions, views among them; none when the server does not run."""
        made = []
        for fields in self._table("list-sessions", ["-F", _SESSION_FORMAT], 5):
            name, created, attached, group, _ = fields
            made.append(
                SessionInfo(name, _time(created) or datetime.now(UTC), _number(attached), group)
            )
        return made

    def windows(self) -> list[WindowInfo]:
        """The windows of all sessions; one that is in several sessions comes once for each."""
        return [
            WindowInfo(
                session=fields[0],
                index=_number(fields[1]),
                id=fields[2],
                pid=_number(fields[3]),
                dead=fields[4] == "1",
                active=fields[5] == "1",
                bell=fields[6] == "1",
                activity=_time(fields[7]),
                owner=fields[8],
                command=fields[9],
                name=fields[10],
                path=fields[11],
            )
            for fields in self._table("list-windows", ["-a", "-F", _WINDOW_FORMAT], 12)
        ]

    def capture(self, window: str, *, history: bool = False) -> str:
        """The text of a window's pane, lines joined; with `history` from its very beginning.

        Raises:
            Missing: there is no such window.
        """
        more = ["-S", "-"] if history else []
        return self._call(["capture-pane", "-p", "-J", *more, "-t", window])

    # Making -----------------------------------------------------------------------------------

    def new_window(
        self,
        session: str,
        name: str,
        argv: Sequence[str],
        cwd: Path,
        *,
        owner: str = "",
        env: Mapping[str, str] | None = None,
    ) -> str:
        """Run a program as a window of its own; the window's id. The session is made when needed.

        Args:
            session: its name.
            name: of the window.
            argv: the program and its arguments; it is the window's command, nothing is typed.
            cwd: where it starts.
            owner: remembered on the window, for finding it again.
            env: variables of this window beside the server's.

        Raises:
            Missing: the folder is not there.
        """
        if not cwd.is_dir():
            raise Missing(f"The folder {cwd} is not there.", "Clone the project again.")
        common = ["-d", "-P", "-F", "#{window_id}", "-n", _plain(name), "-c", _plain(str(cwd))]
        run = ["--", *self._as_command(argv)]
        variables = self._variables(env, cwd)
        try:
            window = self._call(
                ["new-window", "-t", f"={session}:", *common, *variables, *run]
            ).strip()
        except Missing:
            new = ["new-session", "-s", session, "-x", "120", "-y", "36", *common]
            if self._new_session_takes_variables():
                new += variables
            try:
                window = self._call([*new, *run]).strip()
            except Refused:  # somebody else made it in this very moment
                window = self._call(
                    ["new-window", "-t", f"={session}:", *common, *variables, *run]
                ).strip()
        if owner:
            self._call(["set-option", "-w", "-t", window, OWNER, owner])
        return window

    def respawn(self, window: str, argv: Sequence[str], cwd: Path) -> None:
        """Start a program in a window whose own has ended; a living one is left alone."""
        self._call(
            [
                "respawn-window",
                "-t",
                window,
                "-c",
                _plain(str(cwd)),
                *self._variables(None, cwd),
                "--",
                *self._as_command(argv),
            ]
        )

    def attach_argv(self, session: str, window: str, view: str) -> list[str]:
        """What a terminal runs to look at a window through a session of its own.

        The view is made by the client itself and ends with it, so nothing is left of a tab whose
        program died. It shares the windows, but has its own current one, so that tabs never mirror
        each other.
        """
        return [
            *self._base(),
            *("new-session", "-t", f"={session}", "-s", view),
            *(";", "set-option", "destroy-unattached", "on"),
            *(";", "select-window", "-t", f"={view}:{window}"),
        ]

    def client_environment(self) -> dict[str, str]:
        """The environment of a terminal that attaches."""
        return {**self._env, "TERM": "xterm-256color", "COLORTERM": "truecolor"}

    def attach_command(self, session: str) -> str:
        """The line a person types in another terminal to attach."""
        return shlex.join(["tmux", "-L", self.socket, "attach", "-t", session])

    # Ending -----------------------------------------------------------------------------------

    def kill_window(self, window: str) -> None:
        """End a window and what runs in it; no trouble when it is gone."""
        self._gone_is_fine(["kill-window", "-t", window])

    def kill_session(self, session: str) -> None:
        """End a session; its windows end with the last session they are in."""
        self._gone_is_fine(["kill-session", "-t", f"={session}"])

    def kill_group(self, session: str) -> None:
        """End a session with all views on it, and so its windows."""
        found = self.sessions()
        group = next((one.group for one in found if one.name == session), "")
        for one in found:
            if one.name == session or (group and one.group == group):
                self.kill_session(one.name)

    def kill_server(self) -> None:
        """End everything of this tenant."""
        self._gone_is_fine(["kill-server"])

    # How --------------------------------------------------------------------------------------

    def _base(self) -> list[str]:
        # -u: else control characters and letters beyond ASCII come back as underscores.
        return [self.program, "-u", "-L", self.socket, "-f", str(self._config)]

    def _call(self, arguments: Sequence[str]) -> str:
        done = process.run(
            [*self._base(), *map(_whole, arguments)], env=self._env, cwd=Path("/"), timeout=TIMEOUT
        )
        if done.code == 0:
            return done.text
        said = done.error_text.strip()
        if any(text in said for text in _NOBODY) or "can't find" in said:
            raise Missing("This session has ended.", "Open a new one.", said)
        if "duplicate session" in said:
            raise Refused("There is a session of this name already.", "", said)
        raise Failed(
            f"tmux said no: {said.splitlines()[0] if said else f'exit code {done.code}'}",
            "Turn tmux off in the settings if this goes on.",
            f"{process.shown(done.argv)}\n{said}",
        )

    def _gone_is_fine(self, arguments: Sequence[str]) -> None:
        try:
            self._call(arguments)
        except Missing:
            return

    def _table(self, verb: str, arguments: Sequence[str], columns: int) -> list[list[str]]:
        try:
            told = self._call([verb, *arguments])
        except Missing:
            return []
        rows = (line.split("\t", columns - 1) for line in told.splitlines())
        return [row for row in rows if len(row) == columns]

    def _variables(self, more: Mapping[str, str] | None, cwd: Path) -> list[str]:
        """`-e` for each variable; they can be seen in the list of processes, so never a secret."""
        given = {**self._env, **(more or {}), "PWD": str(cwd)}
        kept = {
            name: value
            for name, value in given.items()
            if (name in _ALWAYS or name not in os.environ or os.environ[name] != value)
            and not _SECRET.search(name)
            and "\n" not in value
        }
        return [part for name, value in kept.items() for part in ("-e", f"{name}={value}")]

    def _new_session_takes_variables(self) -> bool:
        return _version(self.program, os.stat(self.program).st_mtime_ns) >= (3, 2)  # noqa: PTH116 - a plain stat

    @staticmethod
    def _as_command(argv: Sequence[str]) -> list[str]:
        """One word alone would go through a shell, which two do not."""
        return list(argv) if len(argv) > 1 else ["/usr/bin/env", *argv]


def _plain(text: str) -> str:
    """Text for an option that tmux would expand as a format, "#(command)" among them."""
    return text.replace("#", "##")


def _whole(argument: str) -> str:
    """An argument; a semicolon at its end would begin another tmux command."""
    return argument[:-1] + "\\;" if argument.endswith(";") else argument


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _time(text: str) -> datetime | None:
    return datetime.fromtimestamp(int(text), UTC) if text.isdigit() and int(text) else None
