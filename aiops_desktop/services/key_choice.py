"""Which keys act, in which order, and why: decided in one place, said before and after."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from aiops_desktop.adapters import ssh
from aiops_desktop.domain.keys import Key, KeyChoice, KeyReason, KeyRules
from aiops_desktop.domain.tenants import KeyFile


def _nobody(_key: Key) -> str:
    return ""


def ordered(
    keys: Sequence[Key],
    own_id: int | None,
    host: str,
    barred: Callable[[Key], str] = _nobody,
) -> tuple[list[Key], list[tuple[Key, str]]]:
    """The keys a host is offered, best first, and those it is not, with the reason.

    The project's own key comes first, then keys bound to this host, then the tenant's others,
    oldest first. A key bound to other hosts is never offered, not even a project's own, nor is
    another operator's own; one that is about to take another's place waits until the rotation is
    done.

    Args:
        keys: the tenant's, oldest first.
        own_id: the project's own key.
        host: as known_hosts names it; "" when the remote is no SSH host.
        barred: why whoever acts is not offered a key, as a sentence; "" when it is.
    """
    offered: list[tuple[int, Key]] = []
    left: list[tuple[Key, str]] = []
    for key in keys:
        if why := barred(key):
            left.append((key, why))
        elif key.hosts and host and not bound(key, host):
            left.append((key, f"It is for {', '.join(key.hosts)} only."))
        elif key.replaces is not None and key.id != own_id:
            left.append((key, "It is to take another key's place and has not been tested yet."))
        else:
            rank = 0 if key.id == own_id else 1 if key.hosts else 2
            offered.append((rank, key))
    offered.sort(key=lambda pair: pair[0])  # stable: oldest first within a rank
    return [key for _, key in offered], left


def portions(keys: Sequence[KeyFile], held: Sequence[str]) -> tuple[tuple[KeyFile, ...], ...]:
    """The keys in as few connections as keep their order; one portion, maybe empty, at least.

    Within one connection ssh offers what an agent holds first, in the agent's order
    (ssh_config(5), IdentityFile). A key that the agent would push to the front waits for the next
    connection, which is made only when the server refuses this one.

    Args:
        keys: in the order they shall be offered.
        held: fingerprints of what the tenant's agent holds, in its order.
    """
    place = {fingerprint: number for number, fingerprint in enumerate(held)}
    made: list[list[KeyFile]] = [[]]
    last = -1
    for key in keys:
        rank = place.get(key.fingerprint, len(held))
        if rank < last:
            made.append([])
        made[-1].append(key)
        last = rank
    return tuple(map(tuple, made))


def bound(key: Key, host: str) -> bool:
    """Whether a key's patterns name a host; a pattern without a port counts for every port."""
    bare = host.removeprefix("[").split("]:")[0]
    return ssh.matches(key.hosts, host) or ssh.matches(key.hosts, bare)


def choice(
    keys: Sequence[Key],
    own_id: int | None,
    host: str,
    rules: KeyRules,
    loaded: Collection[str] = (),
    barred: Callable[[Key], str] = _nobody,
) -> KeyChoice:
    """The same in words, for the line before a push and the page of keys."""
    offered, left = ordered(keys, own_id, host, barred)
    reasons = [
        KeyReason(key.name, key.fingerprint, True, _why(key, own_id, key.fingerprint in loaded))
        for key in offered
    ]
    reasons += [KeyReason(key.name, key.fingerprint, False, why) for key, why in left]
    if rules.own_config:
        reasons.append(KeyReason("~/.ssh/config", "", True, "This tenant lets it count."))
    if rules.own_agent:
        reasons.append(KeyReason("your ssh-agent", "", True, "Asked when all others are refused."))
    return KeyChoice(
        tuple(key.name for key in offered),
        _sentence(keys, offered, own_id, rules, barred),
        tuple(reasons),
        rules,
    )


def _why(key: Key, own_id: int | None, loaded: bool) -> str:
    held = _certified(key) + (" The tenant's agent holds it." if loaded else "")
    if key.id == own_id:
        return f"It is the project's own key.{held}"
    if key.hosts:
        return f"It is bound to {', '.join(key.hosts)}.{held}"
    return f"It is one of the tenant's keys, oldest first.{held}"


def _certified(key: Key) -> str:
    """What its certificate adds to a key, as a further sentence."""
    found = key.certified
    if found is None:
        return ""
    warning = found.warning()
    if warning:
        return f" {warning} Only the key itself is offered."
    until = f", valid until {found.before:%Y-%m-%d %H:%M} UTC" if found.before else ""
    return f" With its certificate “{found.key_id}”{until}."


def _sentence(
    keys: Sequence[Key],
    offered: Sequence[Key],
    own_id: int | None,
    rules: KeyRules,
    barred: Callable[[Key], str],
) -> str:
    stale = [(key.name, key.certified.warning()) for key in offered[:6] if key.certified]
    beside = "".join(f" “{name}”: {told}" for name, told in stale if told)
    if rules.own_agent or rules.own_config:
        names = [
            *(["~/.ssh/config"] if rules.own_config else []),
            *(["your ssh-agent"] if rules.own_agent else []),
        ]
        beside = f" Then {' and '.join(names)}, as this tenant allows.{beside}"
    if not keys:
        return f"This tenant has no key yet.{beside}"
    if not offered:
        if all(barred(key) for key in keys):
            return f"This tenant has no key for you: other operators keep theirs.{beside}"
        return f"None of the tenant's keys is for this host.{beside}"
    if offered[0].id == own_id:
        rest = ", then the tenant's keys, oldest first" if len(offered) > 1 else ""
        return f"The project's own key{rest}.{beside}"
    if offered[0].hosts:
        rest = ", then the tenant's others, oldest first" if len(offered) > 1 else ""
        return f"The key bound to this host{rest}.{beside}"
    own = next((key for key in keys if key.id == own_id), None)
    told = "the project has no own key"
    if own:
        kept = "is another operator's" if barred(own) else "is for other hosts"
        told = f"its own key “{own.name}” {kept}"
    return f"The tenant's keys, oldest first; {told}.{beside}"
