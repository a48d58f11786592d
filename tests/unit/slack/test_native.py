"""Posts and e-mails of Slack as files."""

from __future__ import annotations

import email
import email.policy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.slack.native import file_name, is_page, is_raw_mail, mail_file, post_file

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["full", "root", "children", "type", "text", "x"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)
PEOPLE = st.none() | st.lists(
    st.fixed_dictionaries({"name": st.text(max_size=30), "address": st.text(max_size=30)})
    | st.text(max_size=5),
    max_size=3,
)


@given(st.text(max_size=300))
def test_a_name_made_of_any_title_is_harmless(title: str) -> None:
    name = file_name(title, ".md")
    assert name.endswith(".md")
    assert len(name) <= 123
    assert not set(name) & set('/\\:*?"<>|\x00\n')
    assert not name.startswith(".")


def test_an_ending_is_not_given_twice() -> None:
    assert file_name("Offer.eml", ".eml") == "Offer.eml"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<!DOCTYPE html><p>x", True), (b"\n <html lang=en>", True), (b"<!-- a --><p>x", True), (b"<document><p>x", True),
        (b"x < y", False), (b"%PDF-1.7", False), (b"", False), (b"<hello>", False),
    ],
)  # fmt: skip
def test_pages_are_told_from_other_text(content: bytes, expected: bool) -> None:  # noqa: FBT001
    assert is_page(content) is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"Received: from a\r\n by b\r\nFrom: a@example.com\r\nSubject: x\r\n\r\nbody", True),
        (b"From: a@example.com\nDate: today\n\nbody", True),
        (b"Note: this is prose\nand goes on", False),
        (b"Subject: only one header\n\nbody", False),
        (b"<p>From: a</p>", False),
        (b"", False),
    ],
)
def test_raw_mails_are_told_from_prose(content: bytes, expected: bool) -> None:  # noqa: FBT001
    assert is_raw_mail(content) is expected


@given(JSON)
def test_a_post_of_any_shape_becomes_a_file(content: Any) -> None:
    raw = json.dumps(content).encode()
    assert post_file({"title": "x"}, raw).name in {"x.md", "x.html"}


@given(
    PEOPLE, PEOPLE, st.text(max_size=80), st.text(max_size=40), st.binary(max_size=60) | st.just(b"<p>x</p>")
)
def test_a_mail_with_any_headers_can_be_parsed_again(sender, to, subject, date, content) -> None:
    info = {"from": sender, "to": to, "subject": subject, "headers": {"date": date}, "plain_text": "words"}
    file = mail_file(info, content, [("a/b.pdf", b"%PDF")])
    message = email.message_from_bytes(file.content, policy=email.policy.default)
    assert [part.get_filename() for part in message.walk() if part.get_filename()] == ["a b.pdf"]
    assert len(message.get_all("From", [])) <= 1


def test_a_header_cannot_smuggle_in_another() -> None:
    info = {
        "subject": "x\r\nBcc: eve@example.com",
        "from": [{"name": "a\nBcc: e", "address": "a@example.com"}],
    }
    message = email.message_from_bytes(mail_file(info, b"words").content, policy=email.policy.default)
    assert message["Bcc"] is None
