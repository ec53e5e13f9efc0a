"""`aiops-desktop history …`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import noun, verb
from aiops_desktop.domain.events import EventFilter, Outcome
from aiops_desktop.domain.trouble import Failed, Refused

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell
    from aiops_desktop.domain.events import Event


def add(nouns: Nouns) -> None:
    """Add the noun to the command line; without a verb it is `list`."""
    about = "who did what, when, and how it ended"
    verbs = noun(nouns, "history", about)
    verbs.required = False
    alone = nouns.choices["history"]
    alone.set_defaults(verb=_list, into="")
    listed = verb(verbs, "list", _list, "the newest events that fit")
    for made in (alone, listed):
        _filters(made, limit=100)
        made.add_argument("--export", choices=["csv", "json"], help="as “history export” does")
    alone.add_argument("--json", action="store_true", help="print the result as JSON")
    verb(verbs, "show", _show, "one event with what the tool printed", "event")
    export = verb(verbs, "export", _export, "all events that fit, with all that is known")
    export.add_argument("form", choices=["csv", "json"])
    export.add_argument("--into", default="", metavar="FILE", help="a file that is not there yet")
    _filters(export, limit=None)


def _filters(made: ArgumentParser, limit: int | None) -> None:
    made.add_argument("--tenant", default="")
    made.add_argument("--project", default="")
    made.add_argument("--verb", default="", dest="what")
    made.add_argument("--on", default="", help="on what exactly, such as a key's name")
    made.add_argument("--actor", default="")
    made.add_argument("--text", default="", help="words, or beginnings of words")
    made.add_argument("--outcome", choices=[outcome.value for outcome in Outcome])
    made.add_argument("--days", type=float, help="only the last so many days")
    made.add_argument("--limit", type=int, default=limit)


def _wanted(shell: Shell, options: Namespace) -> EventFilter:
    house = shell.house
    shell.settle()
    return EventFilter(
        text=options.text,
        actor=options.actor,
        verb=options.what,
        outcome=Outcome(options.outcome) if options.outcome else None,
        tenant_id=house.tenants.find(options.tenant).id if options.tenant else None,
        project_id=shell.project(options.project).id if options.project else None,
        since=datetime.now(UTC) - timedelta(days=options.days) if options.days else None,
        subject=options.on,
        limit=None if options.limit is None else max(0, options.limit),
    )


def _list(shell: Shell, options: Namespace) -> None:
    wanted = _wanted(shell, options)
    if options.export:
        sys.stdout.writelines(shell.house.history.exported(wanted, options.export))
        return
    shell.rows(
        shell.house.history.all(wanted),
        ("EVENT", "WHEN", "WHO", "WHAT", "ON", "OUTCOME", "SECONDS", "NOTE"),
        lambda e: (
            e.id,
            e.started,
            e.actor,
            e.verb,
            e.subject,
            e.outcome,
            _seconds(e),
            e.note,
        ),
        none="No event fits.",
    )


def _show(shell: Shell, options: Namespace) -> None:
    if not options.event.isdigit():
        raise Refused(
            f"“{options.event[:60]}” is no number of an event.", "“history list” shows them."
        )
    event = shell.house.history.get(int(options.event))
    told = {
        "when": f"{event.started.astimezone():%Y-%m-%d %H:%M:%S}",
        "who": event.actor,
        "what": event.verb,
        "on": event.subject,
        "outcome": event.outcome.value,
        "seconds": _seconds(event),
        "note": event.note,
        **event.facts,
    }
    lines = [f"{name}: {value}" for name, value in told.items() if value]
    shell.show(event, "\n".join([*lines, *(["", event.output] if event.output else [])]))


def _export(shell: Shell, options: Namespace) -> None:
    wanted = _wanted(shell, options)
    pieces = shell.house.history.exported(wanted, options.form)
    if not options.into:
        sys.stdout.writelines(pieces)
        return
    place = Path(options.into).expanduser().absolute()
    try:
        with place.open("x", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
    except FileExistsError as error:
        raise Refused(f"{place} is there already.", "Choose another name.") from error
    except OSError as error:
        raise Failed(f"{place} could not be written: {error.strerror}.") from error
    shell.show({"file": place}, f"The history is in {place}.")


def _seconds(event: Event) -> str:
    return "" if event.seconds is None else f"{event.seconds:.1f}"
