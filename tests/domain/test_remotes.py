"""Every form of address git takes, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiops_desktop.domain.remotes import Transport, parse_remote
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.services.seeding import SEED

GOOD = [
    # typed, transport, user, host, port, path, suggested name
    ("git@host.example:a/b.git", "ssh", "git", "host.example", None, "a/b.git", "b"),
    ("host.example:a/b", "ssh", "", "host.example", None, "a/b", "b"),
    ("alias:b.git", "ssh", "", "alias", None, "b.git", "b"),
    ("ann.lee@host.example:b", "ssh", "ann.lee", "host.example", None, "b", "b"),
    ("git@[2001:db8::1]:a/b.git", "ssh", "git", "[2001:db8::1]", None, "a/b.git", "b"),
    ("git@host.example:/srv/git/b.git", "ssh", "git", "host.example", None, "/srv/git/b.git", "b"),
    ("ssh://git@host.example/a/b.git", "ssh", "git", "host.example", None, "/a/b.git", "b"),
    ("ssh://git@host.example:19022/a/b", "ssh", "git", "host.example", 19022, "/a/b", "b"),
    ("ssh://host.example/~/b.git", "ssh", "", "host.example", None, "/~/b.git", "b"),
    ("git+ssh://git@host.example/b.git", "ssh", "git", "host.example", None, "/b.git", "b"),
    ("ssh://git@[::1]:2222/b.git", "ssh", "git", "::1", 2222, "/b.git", "b"),
    ("https://host.example/a/b.git", "https", "", "host.example", None, "/a/b.git", "b"),
    ("https://HOST.example:8443/a/b", "https", "", "host.example", 8443, "/a/b", "b"),
    ("http://host.example/b", "http", "", "host.example", None, "/b", "b"),
    ("/srv/git/b.git", "file", "", "", None, "/srv/git/b.git", "b"),
    ("file:///srv/with%20blank/b.git", "file", "", "", None, "/srv/with blank/b.git", "b"),
    (
        "git@ssh.dev.azure.com:v3/org/My Project/My Repo",
        "ssh", "git", "ssh.dev.azure.com", None, "v3/org/My Project/My Repo", "My Repo",
    ),
    (
        "git@ssh.dev.azure.com:v3/org/My%20Project/flamelet",
        "ssh", "git", "ssh.dev.azure.com", None, "v3/org/My%20Project/flamelet", "flamelet",
    ),
    (
        "https://org@dev.azure.com/org/My Project/_git/My Repo",
        "https", "org", "dev.azure.com", None, "/org/My Project/_git/My Repo", "My Repo",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "transport", "user", "host", "port", "path", "name"), GOOD, ids=[g[0] for g in GOOD]
)
def test_every_form_is_understood(
    typed: str, transport: str, user: str, host: str, port: int | None, path: str, name: str
) -> None:
    remote = parse_remote(f"  {typed}\n")
    assert remote.transport is Transport(transport)
    assert (remote.user, remote.host, remote.port) == (user, host, port)
    assert (remote.path, remote.suggested_name) == (path, name)
    assert remote.secret == ""
    assert parse_remote(remote.text) == remote, "what is stored reads the same again"


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "nonsense", "-oProxyCommand=x", "--upload-pack=x:y", "ext::sh -c x", "git://h/a",
     "ftp://h/a", "https://", "https:///a", "https://host.example", "https://host.example/",
     "ssh://", "ssh://host.example:99999/a", "ssh://-oProxyCommand=x@h/a", "ssh://-h/a", "a b c",
     "./relative", "../up", "git@host:", "git@host:-x", "git@ho st:a", "file://", "file:///",
     "http:/h/a", "https:h/a", "file:/a", "a\nb", "a\0b",
     "https://host.example:port/a", "@host:a", "git@-host:a"],
)  # fmt: skip
def test_nonsense_is_refused_at_the_field(typed: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_remote(typed)
    assert caught.value.field == "remote_url"
    assert caught.value.hint


@pytest.mark.parametrize(
    ("typed", "user", "secret"),
    [
        ("https://ann:s3cret%40x@h.example/a", "ann", "s3cret@x"),
        ("https://oauth2:glpat-abc@h.example/a", "oauth2", "glpat-abc"),
        ("https://glpat-abcdef@h.example/a", "", "glpat-abcdef"),
        ("https://0123456789abcdefghij@h.example/a", "", "0123456789abcdefghij"),
    ],
)
def test_a_typed_secret_never_stays_in_the_address(typed: str, user: str, secret: str) -> None:
    remote = parse_remote(typed)
    assert (remote.user, remote.secret) == (user, secret)
    for told in (remote.text, repr(remote)):
        assert secret not in told


@pytest.mark.parametrize("address", SEED.values())
def test_the_seeds_own_addresses_are_taken(address: str) -> None:
    assert parse_remote(address).transport is Transport.SSH


def test_known_hosts_names_are_those_of_openssh() -> None:
    assert parse_remote("ssh://git@h.example:22/a").known_hosts_name == "h.example"
    assert parse_remote("ssh://git@h.example:19022/a").known_hosts_name == "[h.example]:19022"
    assert parse_remote("git@[::1]:a").known_hosts_name == "::1"


@given(st.text(max_size=80))
def test_whatever_is_typed_is_taken_or_refused(typed: str) -> None:
    try:
        remote = parse_remote(typed)
    except Refused:
        return
    assert not remote.text.startswith("-")
    assert "\n" not in remote.text
