"""Who may do what: the whole policy of the program on one page.

Every verb a service hands to the window and the shell stands here under the role it needs; what is
missing needs an admin. `services/permits.py` keeps to it, and so do the window's buttons.
"""

from __future__ import annotations

from collections.abc import Mapping

from aiops_desktop.domain.operators import Operator, Role

_VIEWER, _OPERATOR, _ADMIN = Role.VIEWER, Role.OPERATOR, Role.ADMIN

#: Service (a field of the House, or a part of one) → role → the names of its verbs.
VERBS: Mapping[str, Mapping[Role, str]] = {
    "settings": {
        _VIEWER: "current effective reload problems advice choose_theme",
        _ADMIN: "save secret",
    },
    "history": {
        _VIEWER: "all get count known last recover trim",
        _OPERATOR: "export exported",
        _ADMIN: "doing begin finish at_door",
    },
    "operators": {
        _VIEWER: "at_desk acting all entries find set_passphrase lock unlock",
        _ADMIN: "create_admin add edit set_role reset delete",
    },
    "secrets": {
        _VIEWER: "has scrub learn keeper",
        _ADMIN: "put get owners forget words on_lock drop key lost",
    },
    "safe": {
        _VIEWER: "status tidy",
        _OPERATOR: "unlock lock",
        _ADMIN: "rekey change start_over",
    },
    "tenants": {_VIEWER: "all get find doomed room agent", _ADMIN: "create edit delete"},
    "projects": {
        _VIEWER: "all get find doomed recover",
        _OPERATOR: "create edit favourite",
        _ADMIN: "delete",
    },
    "keys": {
        _VIEWER: "all get entries used_by choice barred hosts",
        _ADMIN: "generate add rename bind delete distrust files for_project for_host unlock used",
    },
    "keys.care": {
        _VIEWER: "losers tidy unsafe rules",
        _OPERATOR: "export repair",
        _ADMIN: "set_passphrase move give certify set_rules register unregister",
    },
    "keys.passphrases": {_VIEWER: "kept", _ADMIN: "unlock keep move forget lock pin"},
    "hosts": {
        _VIEWER: "all candidates",
        _OPERATOR: "look trust",
        _ADMIN: "resolve remove revoke bring_in",
    },
    "agents": {_VIEWER: "loaded", _OPERATOR: "load lock lock_all"},
    "sleep": {_VIEWER: "watch", _OPERATOR: "lock"},
    "connections": {_OPERATOR: "host project with_key"},
    "rotation": {_VIEWER: "pending", _ADMIN: "rotate prepare cancel"},
    "identities": {_ADMIN: "plan apply"},
    "repositories": {
        _VIEWER: "status statuses identity log branches diff readme push_plan unsaved",
        _OPERATOR: (
            "clone switch stage unstage stage_part unstage_part discard discard_part restore "
            "commit fetch pull push"
        ),
        _ADMIN: "repository set_remote",
    },
    "sessions": {
        _VIEWER: ("inventory all watch running_in recover lost scrollback search seen close_view"),
        _OPERATOR: "open attach rename move kill bring_back forget",
        _ADMIN: "end_all",
    },
    "runs": {
        _VIEWER: "assistants all get update follow review recover count unsaved",
        _OPERATOR: "start stop resume discard commit merge retire",
        _ADMIN: "stop_all",
    },
    "deployments": {
        _VIEWER: "board template command all get log update follow recover",
        _OPERATOR: "launch stop confirm test",
    },
    "issues": {
        _VIEWER: "board open_by_project get find detail read syncs due sync sync_all",
        _OPERATOR: "create edit comment set_labels assign close reopen keep_draft brief",
    },
    "issues.filters": {_VIEWER: "all find keep forget last remember"},
    "integrations": {
        _VIEWER: "all get find entries links doomed",
        _OPERATOR: "look",
        _ADMIN: "test add edit rotate set_enabled remove forge failed",
    },
    "integrations.projects": {
        _VIEWER: "proposals",
        _OPERATOR: "offered link link_proposed unlink",
    },
    "integrations.tokens": {_ADMIN: "renew"},
    "integrations.remotes": {_VIEWER: "find", _OPERATOR: "clean"},
    "registrations": {_VIEWER: "can", _OPERATOR: "find", _ADMIN: "add remove register unregister"},
    "backups": {
        _VIEWER: "all find due about outside run_due",
        _OPERATOR: "verify",
        _ADMIN: "make remove preview stage restore note",
    },
    "trash": {_VIEWER: "all get tidy", _ADMIN: "way_back stage restore empty"},
    "editing": {_OPERATOR: "open"},
    "updates": {
        _VIEWER: "standing unfinished",
        _OPERATOR: "look",
        _ADMIN: "update roll_back",
    },
    "doctor": {_VIEWER: "look", _ADMIN: "fix"},
}

#: Verbs that need a role and yet leave no event. All others do, done or not.
QUIET: frozenset[str] = frozenset(
    f"{noun}.{verb}"
    for noun, verbs in {
        # They only look, or try whether something answers.
        "connections": "host project with_key",
        "deployments": "test",
        "hosts": "look",
        "identities": "plan",
        "integrations": "look test",
        "integrations.projects": "offered",
        "registrations": "find",
        "sessions": "attach open",  # what opening starts is told by the service itself
        "updates": "look",
        "backups": "verify preview",
        "trash": "way_back",
        # They change a draft or a mark; what comes of it leaves an event.
        "repositories": "stage unstage stage_part unstage_part repository",
        "projects": "favourite",
        "issues": "keep_draft brief",
        # For other services: the verb that needs them leaves the event.
        "history": "doing begin finish at_door exported",
        "keys": "files for_project for_host unlock used",
        "keys.passphrases": "unlock keep move forget lock pin",
        "secrets": "put get owners forget words on_lock drop key lost",
        "settings": "secret",
    }.items()
    for verb in verbs.split()
)

_NEEDED: Mapping[str, Role] = {
    f"{noun}.{verb}": role
    for noun, roles in VERBS.items()
    for role, verbs in roles.items()
    for verb in verbs.split()
}


def needed(verb: str) -> Role:
    """The role a verb needs, such as "keys.delete"; an admin for what nobody listed."""
    return _NEEDED.get(verb, _ADMIN)


def leaves_event(verb: str) -> bool:
    """Whether a verb changes something the history is to tell of."""
    return needed(verb) is not _VIEWER and verb not in QUIET


def in_words(verb: str) -> str:
    """A verb as the history names it, where the service itself has no better words."""
    noun, _, name = verb.rpartition(".")
    about = noun.partition(".")[0].replace("_", " ")
    if not name.endswith("_all"):
        about = about.removesuffix("s")
    return f"{name.replace('_', ' ')} {about}"


def refusal(verb: str, operator: Operator | None) -> str:
    """Why the operator may not do this verb, as a sentence; "" when it may."""
    role = needed(verb)
    if operator is None or operator.role.covers(role):
        return ""
    return f"This needs the role {role}; {operator.name} is {_a(operator.role)}."


def _a(role: Role) -> str:
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"
