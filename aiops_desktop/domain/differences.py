"""What restoring would add, change and take away, thing by thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: What is named one by one.
NAMED = ("tenants", "projects", "keys", "integrations")
#: What is only counted: there are too many of them.
COUNTED = ("issues", "runs", "deployments", "events")


@dataclass(frozen=True, slots=True)
class Holdings:
    """What some data holds, to be compared with other data.

    Attributes:
        schema: the revision of its database; "" when there is none.
        counts: how many of each noun.
        names: of tenants, projects, keys and integrations.
        marks: noun → name → a short checksum of what is remembered of it.
        settings: those that stand in the settings file, by path.
    """

    schema: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    marks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One kind of thing, as it is now and as it would be.

    `gone`, `back` and `changed` name what differs; they are empty for what is only counted.
    """

    noun: str
    now: int
    then: int
    gone: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing differs, as far as one can tell."""
        return self.now == self.then and not (self.gone or self.back or self.changed)


def compare(now: Holdings, then: Holdings) -> tuple[Difference, ...]:
    """What would differ when `then` takes the place of `now`."""
    found = [
        _difference(
            noun,
            {name: now.marks.get(noun, {}).get(name, "") for name in now.names.get(noun, ())},
            {name: then.marks.get(noun, {}).get(name, "") for name in then.names.get(noun, ())},
            alike=now.schema == then.schema,
        )
        for noun in NAMED
    ]
    found += [
        Difference(noun, now.counts.get(noun, 0), then.counts[noun])
        for noun in COUNTED
        if noun in then.counts and (noun == "events" or now.counts.get(noun) or then.counts[noun])
    ]
    return (*found, _difference("settings", now.settings, then.settings, alike=True))


def _difference(
    noun: str, now: Mapping[str, str], then: Mapping[str, str], *, alike: bool
) -> Difference:
    """`alike`: both say the same of the same; else only the names can be compared."""
    both = sorted(set(now) & set(then)) if alike else []
    return Difference(
        noun,
        len(now),
        len(then),
        gone=tuple(sorted(set(now) - set(then))),
        back=tuple(sorted(set(then) - set(now))),
        changed=tuple(
            name
            for name in both
            if now[name] != then[name] and (noun == "settings" or (now[name] and then[name]))
        ),
    )
