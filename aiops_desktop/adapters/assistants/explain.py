"""Failures of assistants in sentences a person can act upon."""

from __future__ import annotations

import json

#: Characters of an assistant's own words that go into a sentence of ours.
QUOTED = 300

#: (what shows the kind of failure, the sentence for it); the first that fits is taken.
_KINDS = (
    (
        ("401", "unauthorized", "authenticationerror"),
        "The model provider refused the sign-in of {title}. {sign_in}",
    ),
    (
        ("429", "rate limit", "ratelimit"),
        "The model provider asks to slow down (429). Wait a little, then resume.",
    ),
    (
        ("context_length", "context window"),
        "The conversation has become too long for the model. Begin a new run.",
    ),
    (
        ("stream disconnected", "stream closed", "incomplete chunked", "idle timeout"),
        "The connection to the model provider broke off. Resume the run.",
    ),
    (
        ("500", "502", "503", "504", "internal server error", "high demand"),
        "The model provider had an error of its own. Try again later.",
    ),
    (
        ("error sending request", "connection refused", "connection error"),
        "The model provider cannot be reached. Check the network, then resume.",
    ),
)


def explain(title: str, message: str, sign_in: str) -> str:
    """A failure in whole sentences.

    Args:
        title: the assistant's.
        message: its own words, perhaps with a server's JSON in them.
        sign_in: what to do when the sign-in was refused.
    """
    text = " ".join(_inner(message).split())
    if not text:
        return f"{title} ended without a result and did not say why."
    low = text.lower()
    for signs, sentence in _KINDS:
        if any(sign in low for sign in signs):
            return f"{sentence.format(title=title, sign_in=sign_in)} It said: {text[:QUOTED]}"
    return f"{title} gave up. It said: {text[:QUOTED]}"


def _inner(message: str) -> str:
    """The message inside of a JSON error body, when there is one."""
    start = message.find("{")
    try:
        found = json.loads(message[start:]) if start >= 0 else None
    except ValueError:
        return message
    inner = found.get("error", found) if isinstance(found, dict) else None
    text = inner.get("message") if isinstance(inner, dict) else inner
    return message[:start] + text if isinstance(text, str) else message
