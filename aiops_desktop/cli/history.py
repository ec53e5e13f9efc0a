"""`aiops-desktop history`."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import verb
from aiops_desktop.domain.events import EventFilter, Outcome

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell


def add(nouns: Nouns) -> None:
    """Add the verb to the command line."""
    made = verb(nouns, "history", _history, "who did what, when, and how it ended")
    made.add_argument("--tenant", default="")
    made.add_argument("--project", default="")
    made.add_argument("--verb", default="", dest="what")
    made.add_argument("--actor", default="")
    made.add_argument("--text", default="", help="words in verb, subject or note")
    made.add_argument("--outcome", choices=[outcome.value for outcome in Outcome])
    made.add_argument("--days", type=float, help="only the last so many days")
    made.add_argument("--limit", type=int, default=100)
    made.add_argument("--export", choices=["csv", "json"], help="print all columns in this form")


def _history(shell: Shell, options: Namespace) -> None:
    shell.settle()
    house = shell.house
    wanted = EventFilter(
        text=options.text,
        actor=options.actor,
        verb=options.what,
        outcome=Outcome(options.outcome) if options.outcome else None,
        tenant_id=house.tenants.find(options.tenant).id if options.tenant else None,
        project_id=shell.project(options.project).id if options.project else None,
        since=datetime.now(UTC) - timedelta(days=options.days) if options.days else None,
        limit=max(0, options.limit),
    )
    if options.export:
        print(house.history.export(wanted, options.export), end="")
        return
    shell.rows(
        house.history.all(wanted),
        ("WHEN", "WHO", "WHAT", "ON", "OUTCOME", "SECONDS", "NOTE"),
        lambda e: (
            e.started,
            e.actor,
            e.verb,
            e.subject,
            e.outcome,
            "" if e.seconds is None else f"{e.seconds:.1f}",
            e.note,
        ),
        none="No event fits.",
    )
