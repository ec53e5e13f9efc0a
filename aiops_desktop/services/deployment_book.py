"""Writes down what is learnt of deployments: the row, the event in the history, the log."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiops_desktop.domain.deployments import Deployment, DeploymentState
from aiops_desktop.services.carriers import Carrier, Look
from aiops_desktop.services.deployment_follow import Watch, words

if TYPE_CHECKING:
    from aiops_desktop.services.history import History
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.storage.deployments import DeploymentStore, Kept

_OUTCOMES = {
    DeploymentState.SUCCESS: "done",
    DeploymentState.WARNING: "done",
    DeploymentState.ERROR: "failed",
    DeploymentState.STOPPED: "stopped",
    DeploymentState.LOST: "interrupted",
}
#: Lines of the log that the history keeps.
OUTPUT = 60
#: Logs and counts kept in memory, of the deployments looked at last.
_WATCHED = 24


class Book:
    """The bookkeeping of deployments; threads may share it."""

    def __init__(self, store: DeploymentStore, secrets: Secrets, history: History) -> None:
        self._store = store
        self._secrets = secrets
        self._history = history
        self._lock = threading.Lock()
        self._watches: dict[int, Watch] = {}

    def hide(self, kept: Kept, secrets: Mapping[str, str]) -> None:
        """Keep secret answers until the end, so that the log stays clean after a restart, too."""
        hidden = {name: value for name, value in secrets.items() if value}
        self._secrets.put(_owner(kept), json.dumps(hidden) if hidden else "")

    def apply(self, kept: Kept, look: Look, carrier: Carrier) -> Kept:
        """Bring the row in line with a look, and end its event with it."""
        before = kept.deployment
        look = words(before, look, self.watch(kept).recap.hosts)
        new = {
            "state": look.state.value,
            "message": look.message,
            "started": before.started or look.started,
            "finished": look.finished or before.finished,
            "remote_id": before.remote_id or look.remote_id,
            "settled": look.settled,
        }
        if look.state.over and not new["finished"]:
            new["finished"] = datetime.now(UTC)
        if look.settled:
            self._tell_history(kept, look)
        kept = self._store.change(kept.id, **new)
        if kept.settled:
            carrier.tidy(kept)
            self._secrets.put(_owner(kept), "")
        return kept

    def watch(self, kept: Kept) -> Watch:
        """What was read of a deployment so far."""
        with self._lock:
            watch = self._watches.pop(kept.id, None) or Watch(kept.deployment.folder)
            self._watches[kept.id] = watch
            while len(self._watches) > _WATCHED:
                del self._watches[next(iter(self._watches))]
            return watch

    def learn(self, kept: Kept) -> None:
        """Let the scrubber know this deployment's secrets, also after a restart."""
        watch = self.watch(kept)
        if watch.learned:
            return
        with contextlib.suppress(ValueError):
            hidden = json.loads(self._secrets.get(_owner(kept)) or "{}")
            for value in hidden.values():
                self._secrets.learn(str(value))
        watch.learned = True

    def _tell_history(self, kept: Kept, look: Look) -> None:
        """End the event, once: when nothing more can come, as history is never written again.

        Before the row says that it is settled, so that a crash in between only repeats it.
        """
        if kept.event_id is None:
            return
        watch = self.watch(kept)
        self._history.finish(
            kept.event_id,
            _OUTCOMES[look.state],
            note=look.message,
            facts=_facts(kept.deployment),
            output="\n".join(line.text for line in watch.log.read()[-OUTPUT:]),
        )


def _owner(kept: Kept) -> str:
    return f"tenant:{kept.deployment.tenant_id}/deployment:{kept.id}"


def _facts(one: Deployment) -> dict[str, str]:
    """What the history's details show beside the outcome."""
    told = {
        "template": one.template,
        "command": one.command,
        "commit": one.commit,
        "server": one.server,
        "task": str(one.remote_id or ""),
        "dry run": "yes" if one.dry_run else "",
    }
    return {name: text for name, text in told.items() if text}
