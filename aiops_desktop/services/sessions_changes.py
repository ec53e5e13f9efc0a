"""Tells what is new between two looks at a tenant's sessions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.sessions import (
    Attention,
    AttentionKind,
    Session,
    SessionState,
    SessionWindow,
)

#: Seconds without output after which output is news again, and after which silence is.
QUIET = 10.0
#: Seconds of output before a silence that is worth telling: a single line is no activity.
BUSY = 3.0
#: Seconds that an exit code is waited for. Now and then tmux never learns it (seen with 3.3a), and
#: before 3.3 it tells of no signal.
LATE = 2.0


@dataclass
class _Seen:
    """What is known of a window from earlier looks."""

    window: SessionWindow
    since: datetime | None = None
    """When its present activity began; None while it is quiet."""
    ended: datetime | None = None
    """When its end was seen; None when it lives or its end was told."""


class Observer:
    """Compares looks at one tenant. The first look is what is; it tells nothing."""

    def __init__(self, tenant_id: int) -> None:
        self._tenant_id = tenant_id
        self._seen: dict[str, _Seen] | None = None
        self._list: object = None
        self._given: list[object] = []

    def compare(self, sessions: Iterable[Session], now: datetime) -> list[Changes | Attention]:
        """What is new; `now` is the time of this look."""
        told: list[Changes | Attention] = []
        everything = tuple(sessions)
        windows = {one.id: one for session in everything for one in session.windows}
        shown = _shown(everything)
        if self._seen is None:
            self._seen = {key: _Seen(one) for key, one in windows.items()}
            self._list = shown
            return told
        given, self._given = self._given, []
        if any(shown != one for one in (self._list, *given)):
            self._list = shown
            told.append(Changes(Touched.SESSIONS))
        for key, one in windows.items():
            seen = self._seen.get(key)
            if seen is None:  # what it has done since it was made is news, too
                fresh = replace(one, bell=False, dead=False, state=SessionState.IDLE)
                seen = self._seen[key] = _Seen(fresh)
            told += [self._attention(kind, one) for kind in _kinds(seen, one, now)]
            seen.window = one
        for key in self._seen.keys() - windows.keys():
            del self._seen[key]
        return told

    def shown(self, sessions: Iterable[Session]) -> None:
        """Somebody was shown this between two looks: they are to hear when it is so no more."""
        if self._seen is not None:
            self._given.append(_shown(tuple(sessions)))

    def _attention(self, kind: AttentionKind, one: SessionWindow) -> Attention:
        return Attention(
            kind,
            self._tenant_id,
            one.session,
            one.id,
            one.name,
            one.project_id,
            one.run_id,
            one.exit_code if kind is AttentionKind.ENDED else None,
            _sentence(kind, one),
        )


def _kinds(seen: _Seen, one: SessionWindow, now: datetime) -> Iterator[AttentionKind]:
    before = seen.window
    if one.dead:
        seen.since = None
        if not before.dead:
            seen.ended = now
        # tmux learns of the end before it learns of the exit code.
        if seen.ended and (one.exit_code is not None or _passed(seen.ended, now, LATE)):
            seen.ended = None
            yield AttentionKind.ENDED
        return
    seen.ended = None
    waits = SessionState.WAITING
    if one.state is waits and before.state is not waits:
        yield AttentionKind.WAITING
    elif one.bell and not before.bell and one.state is not waits:
        yield AttentionKind.BELL
    if one.activity is None:
        return
    if before.activity is None or one.activity > before.activity:
        if seen.since is None:
            seen.since = one.activity
            quiet = before.activity is None or _passed(before.activity, one.activity, QUIET)
            if quiet and not before.dead:
                yield AttentionKind.ACTIVITY
    elif seen.since is not None and _passed(one.activity, now, QUIET):
        if _passed(seen.since, one.activity, BUSY):
            yield AttentionKind.SILENCE
        seen.since = None


def _sentence(kind: AttentionKind, one: SessionWindow) -> str:
    if kind is AttentionKind.ENDED:
        how = "" if one.exit_code is None else f" with exit code {one.exit_code}"
        if one.exit_code is not None and one.exit_code < 0:
            how = f" by signal {-one.exit_code}"
        return f"{one.program or one.command} in “{one.name}” has ended{how}."
    said = {
        AttentionKind.BELL: f"“{one.name}” rang the bell.",
        AttentionKind.WAITING: f"{one.command} in “{one.name}” waits for you.",
        AttentionKind.ACTIVITY: f"There is something new in “{one.name}”.",
        AttentionKind.SILENCE: f"“{one.name}” has fallen silent.",
    }
    return said.get(kind, "")


def _shown(sessions: tuple[Session, ...]) -> object:
    """What a list shows. Titles, sizes and times are not in it: they change all the time."""
    return tuple(
        (
            session.name,
            session.attached,
            tuple(
                (
                    *(one.id, one.index, one.name, one.command, one.path, one.state, one.bell),
                    *(one.exit_code, one.views, one.wants_mouse, one.alternate, len(one.panes)),
                )
                for one in session.windows
            ),
        )
        for session in sessions
    )


def _passed(earlier: datetime, later: datetime, seconds: float) -> bool:
    return later - earlier >= timedelta(seconds=seconds)
