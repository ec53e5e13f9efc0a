"""From a filled-in form to a launch, and to the command it comes to."""

from __future__ import annotations

import json
import re
import shlex

from aiops_desktop.adapters.semaphore.shapes import WORDS
from aiops_desktop.domain.deployments import DeployDraft, Template
from aiops_desktop.domain.trouble import Refused


def launch_body(draft: DeployDraft, found: Template, message: str) -> dict[str, object]:
    """The body of a launch, in the shapes of both generations at once.

    Raises:
        Refused: the template would silently ignore something, an answer is wrong, or the arguments
            are no list; `field` says which.
    """
    _check_gates(draft, found)
    answers, secrets = _answers(draft, found)
    limit = [part.strip() for part in draft.limit.split(",") if part.strip()]
    body: dict[str, object] = {
        "template_id": int(found.id),
        "message": message,
        "debug": draft.debug,
        "dry_run": draft.dry_run,
        "diff": draft.diff,
        "params": {"debug": draft.debug, "dry_run": draft.dry_run, "diff": draft.diff},
    }
    params: dict[str, object] = body["params"]  # type: ignore[assignment]  # made just above
    if limit:
        body["limit"] = ",".join(limit)
        params["limit"] = limit
    for name, text in (("tags", draft.tags), ("skip_tags", draft.skip_tags)):
        words = [part.strip() for part in text.split(",") if part.strip()]
        if words:
            params[name] = words
    for name, text in (
        ("playbook", draft.playbook.strip()),
        ("git_branch", draft.branch.strip()),
        ("commit_hash", draft.commit.strip()),
    ):
        if text:
            body[name] = text
    if draft.inventory.strip():
        body["inventory_id"] = _inventory(draft.inventory.strip(), found)
    if draft.arguments.strip():
        body["arguments"] = json.dumps(arguments(draft.arguments))
    if answers:
        body["environment"] = json.dumps(answers)
    if secrets:
        body["secret"] = json.dumps(secrets)
    return body


def arguments(text: str) -> list[str]:
    """Arguments as a person writes them: words, or a JSON list of words.

    Raises:
        Refused: neither.
    """
    text = text.strip()
    how = "Write them as on a command line, such as --forks 10."
    if text.startswith("{"):
        raise Refused("Arguments are words, not a JSON object.", how, field="arguments")
    if text.startswith("["):
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
            raise Refused("This is no JSON list of words.", how, field="arguments")
        return list(found)
    try:
        return shlex.split(text)
    except ValueError:
        raise Refused("A quotation mark is not closed.", how, field="arguments") from None


def command(draft: DeployDraft, found: Template) -> list[str]:
    """The command the server will run, as far as one can know; secrets are masked."""
    chosen = draft.inventory.strip()
    inventory = dict(found.inventories).get(chosen, chosen) or found.fixed.get("inventory", "")
    made = ["ansible-playbook" if found.app == "ansible" else found.app]
    if inventory:
        made += ["-i", inventory]
    if playbook := draft.playbook.strip() or found.playbook:
        made.append(playbook)
    for flag, name, own in (
        ("--limit", "limit", draft.limit),
        ("--tags", "tags", draft.tags),
        ("--skip-tags", "skip_tags", draft.skip_tags),
    ):
        if text := own.strip() or found.fixed.get(name, ""):
            made += [flag, text]
    made += ["--check"] if draft.dry_run else []
    made += ["--diff"] if draft.diff else []
    made += ["-vvvv"] if draft.debug else []
    for name, value in draft.environment.items():
        if value:
            made += ["-e", f"{name}={value}"]
    for name, value in draft.secrets.items():
        if value:
            made += ["-e", f"{name}=••••"]
    for text in (found.fixed.get("arguments", ""), draft.arguments):
        try:
            made += arguments(text)
        except Refused:
            made.append(text)
    return made


def check_answers(draft: DeployDraft, found: Template) -> None:
    """See that every question of the survey is answered as it asks.

    Raises:
        Refused: one is not; `field` is its name.
    """
    given = {**draft.environment, **draft.secrets}
    for question in found.survey:
        value = given.get(question.name, "")
        if not value:
            if question.required:
                raise Refused(
                    f"“{question.title}” needs an answer.", "Fill it in.", field=question.name
                )
            continue
        if question.type == "int" and not re.fullmatch(r"-?\d+", value.strip()):
            raise Refused(
                f"“{question.title}” wants a whole number.", "Write digits.", field=question.name
            )
        values = [choice for _label, choice in question.choices]
        if question.type == "enum" and values and value not in values:
            raise Refused(
                f"“{question.title}” has no choice “{value[:60]}”.",
                "Choose one of the list.",
                field=question.name,
            )


def _inventory(text: str, found: Template) -> int:
    """The number of an inventory, from its number or its name.

    One the server does not know must not reach it: it would take the template's own without a word
    (2.10, 2.16), and the deployment would run on other hosts than it was meant for.
    """
    known = {name: number for number, name in found.inventories}
    number = known.get(text, text)
    if number.isdecimal() and (number in known.values() or not known):
        return int(number)
    raise Refused(
        f"The project has no inventory “{text[:60]}” in Semaphore.",
        f"Choose one of: {', '.join(known)}." if known else "Write its number.",
        field="inventory",
    )


def _check_gates(draft: DeployDraft, found: Template) -> None:
    for name in WORDS:
        value = getattr(draft, name)
        if name == "environment":
            # Secret answers travel apart, and are taken without a variable group, too.
            hidden = {question.name for question in found.survey if question.type == "secret"}
            value = {k: v for k, v in draft.environment.items() if v and k not in hidden}
        if value and name not in found.allowed:
            raise Refused(
                f"“{found.name}” would ignore {WORDS[name]}, so nothing was started.",
                found.locked.get(name, "")
                or "Allow it in the template in Semaphore, or leave it out.",
                field=name,
            )


def _answers(draft: DeployDraft, found: Template) -> tuple[dict[str, str], dict[str, str]]:
    """Answers and secret ones; what was left empty is left out, so that defaults stay."""
    check_answers(draft, found)
    hidden = {question.name for question in found.survey if question.type == "secret"}
    open_ = {k: v for k, v in draft.environment.items() if v and k not in hidden}
    kept = {k: v for k, v in draft.environment.items() if v and k in hidden}
    return open_, {**kept, **{k: v for k, v in draft.secrets.items() if v}}
