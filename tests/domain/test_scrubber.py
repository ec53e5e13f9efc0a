"""Secrets are taken out of text, whatever the tool that printed it did to them."""

from __future__ import annotations

import base64
import html
import json
import shlex
import threading
import time
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiops_desktop.domain import scrubber as module
from aiops_desktop.domain.scrubber import DOTS, Scrubber

TOKEN = "glpat-Ab/9+x=_'\"<&>tö kén"


def _knowing(*secrets: str) -> Scrubber:
    made = Scrubber()
    for secret in secrets:
        made.learn(secret)
    return made


@pytest.mark.parametrize(
    "printed",
    [
        TOKEN,
        f"https://oauth2:{quote(TOKEN, safe='')}@git.acme.example/",
        f"https://git.acme.example/?token={quote(TOKEN)}",
        quote(TOKEN, safe="").lower().replace("glpat-ab", "glpat-Ab"),
        urlencode({"token": TOKEN}),
        quote_plus(TOKEN),
        json.dumps({"token": TOKEN}),
        json.dumps({"token": TOKEN}, ensure_ascii=False),
        repr(TOKEN),
        repr(TOKEN.encode()),
        html.escape(TOKEN),
        html.escape(TOKEN, quote=False),
        shlex.quote(TOKEN),
        TOKEN.encode().hex(),
        f"“{TOKEN[:18]}” is not a number.",
    ],
)
def test_every_form_of_a_secret_is_taken_out(printed: str) -> None:
    scrubbed = _knowing("glpat-Ab/9+x=_'\"<&>tö kén").scrub(printed)
    assert DOTS in scrubbed
    assert "Ab/9" not in scrubbed
    assert "Ab%2" not in scrubbed
    assert "476c" not in scrubbed.lower()


@pytest.mark.parametrize("before", ["", ":", "oauth2:", "ann:", "x-access-token:", "ab:"])
@pytest.mark.parametrize("after", ["", "\n", "xy", "xyz"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_secret_inside_base64_is_taken_out_at_any_place(
    before: str, after: str, encode: object
) -> None:
    secret = "glpat-9sXq>?ÿ.k3yTr4Z"
    coded = encode(f"{before}{secret}{after}".encode()).decode()  # type: ignore[operator]  # both
    scrubbed = _knowing(secret).scrub(f"Authorization: Basic {coded}")
    assert DOTS in scrubbed
    left = scrubbed.removeprefix("Authorization: Basic ").replace(DOTS, "")
    around = len(base64.b64encode(before.encode())) + len(base64.b64encode(after.encode()))
    assert len(left) <= around + 4, "a few bits of its ends may stay, which it shares"


def test_short_ones_do_not_blank_everything() -> None:
    knowing = _knowing("a", "abc", "main", "12345")
    assert knowing.scrub("a main domain maintain abc") == f"a {DOTS} domain maintain abc"
    assert knowing.scrub("port 12345, 123456") == f"port {DOTS}, 123456"
    assert knowing.scrub("user:main@host") == f"user:{DOTS}@host"


def test_the_longest_one_goes_first() -> None:
    knowing = _knowing("hunter22", "hunter22-and-more", "22-and-more-of-it")
    assert knowing.scrub("hunter22-and-more") == DOTS
    assert knowing.scrub("hunter22 hunter22-and-mor") == f"{DOTS} {DOTS}-and-mor"
    assert knowing.scrub("xhunter22-and-more-of-it") == f"x{DOTS}-of-it"


def test_a_false_start_does_not_hide_a_true_one() -> None:
    assert _knowing("aaaaaaab", "aabbccdd").scrub("aaaaaaaaaaab") == f"aaaa{DOTS}"
    assert _knowing("abababac").scrub("abababababac") == f"abab{DOTS}"


def test_a_secret_cut_short_is_taken_out() -> None:
    secret = "0123456789abcdefghijklmnopqrstuvwxyz"
    knowing = _knowing(secret)
    assert knowing.scrub(f"{secret[:20]}…") == f"{DOTS}…"
    assert knowing.scrub(secret[:12]) == secret[:12]
    phrase = "the quick brown fox jumps over the lazy dog"
    told = "the quick brown fox is an animal"
    assert _knowing(phrase).scrub(told) == told, "only what looks like a token"


def test_of_two_lines_only_the_second_is_secret() -> None:
    knowing = _knowing("ann\nt0ken-of-ann")
    assert knowing.scrub("ann t0ken-of-ann") == f"ann {DOTS}"


def test_every_line_of_a_private_key_is_secret_and_its_frame_is_not() -> None:
    lines = ["b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAA", "QyNTUxOQAAACBmYWtlZmFrZWZha2U", "AAAEBm=="]
    key = "-----BEGIN OPENSSH PRIVATE KEY-----\r\n" + "\r\n".join(lines)
    key += "\r\n-----END OPENSSH PRIVATE KEY-----\r\n"
    knowing = _knowing(key)
    for line in lines:
        assert knowing.scrub(f"got {line}") == f"got {DOTS}"
    assert knowing.scrub("-----BEGIN OPENSSH PRIVATE KEY-----").startswith("-----BEGIN")


def test_the_values_of_a_json_object_are_secret_and_its_names_are_not() -> None:
    knowing = _knowing(json.dumps({"db_password": "s3cret-of-db", "count": 3, "also": "x-second"}))
    assert knowing.scrub('{"db_password": "s3cret-of-db"}') == f'{{"db_password": "{DOTS}"}}'
    assert knowing.scrub("x-second also") == f"{DOTS} also"
    assert _knowing("{not json: 1}").scrub("{not json: 1}") == DOTS


def test_the_environment_is_searched_for_secrets_by_name() -> None:
    made = Scrubber()
    made.learn_environment(
        {
            "SEMAPHORE_API_TOKEN": "tok-of-semaphore",
            "OPENAI_API_KEY": "sk-4u8f-of-ai",
            "PATH": "/usr/bin:/bin-of-path",
            "XKB_KEYMAP": "deutschland",
            "PASSWORD_STORE_DIR": "/home/ann/.password-store",
            "KEY_TIMEOUT": "12345678",
        }
    )
    text = "tok-of-semaphore sk-4u8f-of-ai /usr/bin deutschland /home/ann/.password-store 12345678"
    assert made.scrub(text) == (
        f"{DOTS} {DOTS} /usr/bin deutschland /home/ann/.password-store 12345678"
    )


def test_the_number_of_known_secrets_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 10)
    made = Scrubber()
    for number in range(30):
        made.learn("always-met-again")
        made.learn(f"{number:04}-is-the-number")
    assert made.scrub("always-met-again 0029-is-the-number") == f"{DOTS} {DOTS}"
    assert made.scrub("0000-is-the-number") == "0000-is-the-number"


def test_threads_may_learn_and_scrub_at_once() -> None:
    made = Scrubber()
    wrong: list[str] = []

    def work(number: int) -> None:
        for turn in range(100):
            secret = f"secret-of-{number}-{turn:03}"
            made.learn(secret)
            if secret in made.scrub(f"({secret})"):
                wrong.append(secret)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_megabyte_is_scrubbed_quickly() -> None:
    made = Scrubber()
    for number in range(200):
        made.learn(f"{number:03}-{hash(str(number)):x}-token")
    text = "TASK [app : Write the version] changed: [web1] 0123456789abcdef\n" * 16_000
    made.scrub("")
    begun = time.thread_time()
    assert made.scrub(text) == text
    assert time.thread_time() - begun < 2


@given(st.text(min_size=8, max_size=40), st.text(max_size=60), st.text(max_size=60))
def test_no_text_at_all_lets_a_secret_through(secret: str, before: str, after: str) -> None:
    units = list(module._units(secret))
    scrubbed = _knowing(secret).scrub(before + secret + after)
    for unit in units:
        if len(unit) >= module.FREE and DOTS not in unit and not any(c in unit for c in DOTS):
            assert unit not in scrubbed.replace(DOTS, "\0")
