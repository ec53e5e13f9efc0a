"""The states things are in: all that a list needs to know to show them."""

from __future__ import annotations

from enum import StrEnum


class CheckoutState(StrEnum):
    """Whether the checkout is on disk."""

    ABSENT = "absent"
    CLONING = "cloning"
    READY = "ready"
    FAILED = "failed"


class RunState(StrEnum):
    """Where a run stands. Final states are those in `RunState.over`."""

    STARTING = "starting"
    WORKING = "working"
    WAITING = "waiting"
    """The assistant asks the person something."""
    READY = "ready"
    """It is done and its changes wait for review."""
    COMMITTED = "committed"
    """Kept changes are committed on the run's branch."""
    MERGED = "merged"
    RETIRED = "retired"
    """Its worktree is gone; a rescue ref keeps what it held."""
    EMPTY = "empty"
    """It is done and changed nothing."""
    FAILED = "failed"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    """Neither its process nor its exit record is there: the computer went down."""

    @property
    def alive(self) -> bool:
        """Whether a process should be running."""
        return self in {RunState.STARTING, RunState.WORKING, RunState.WAITING}


class DeploymentState(StrEnum):
    """Where a deployment stands; words of Semaphore where it has one."""

    WAITING = "waiting"
    STARTING = "starting"
    RUNNING = "running"
    CONFIRMING = "waiting_confirmation"
    STOPPING = "stopping"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"
    STOPPED = "stopped"
    LOST = "lost"
    """Nobody knows how it ended: the server forgot it, or the computer went down."""

    @property
    def over(self) -> bool:
        """Nothing more will happen."""
        return self in {
            DeploymentState.SUCCESS,
            DeploymentState.WARNING,
            DeploymentState.ERROR,
            DeploymentState.STOPPED,
            DeploymentState.LOST,
        }


class SessionState(StrEnum):
    """What a window or pane is doing; the first that applies, in this order.

    How each is decided stands in `services/sessions_state.py`.
    """

    DEAD = "dead"
    """Its program has ended; `exit_code` says how."""
    WAITING = "waiting"
    """An assistant in it asks the person something."""
    BELL = "bell"
    """It rang the bell and nobody has looked since."""
    WORKING = "working"
    IDLE = "idle"


class AttentionKind(StrEnum):
    """Why a window wants to be looked at."""

    BELL = "bell"
    WAITING = "waiting"
    ACTIVITY = "activity"
    """It put something out after a time of silence."""
    SILENCE = "silence"
    """It fell silent after a time of activity."""
    ENDED = "ended"
    """Its program has ended; `exit_code` says how."""
    SERVER = "server"
    """Something about the tenant's server: `sentence` says what."""
