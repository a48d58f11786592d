"""The text of an e-mail; its attachments are tested where they are read, in processes of their own."""

import base64
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smallprint.documents.mail.parts import safe_name
from smallprint.documents.mail.reader import MORE_PARTS, NO_TEXT, QUOTED, read_mail
from smallprint.documents.reading import Reading, Refused
from tests.fakes.mails import mail


def read(content: bytes) -> Reading:
    return read_mail(content, max_pages=600)


def texts(reading: Reading, kind: str = "body") -> list[str]:
    return [block.text for block in reading.blocks if block.kind == kind]


def test_headers_are_passages_of_their_own_kind():
    reading = read(
        mail(headers={"Cc": "carol@buyer.example", "Reply-To": "eve@elsewhere.example"}).as_bytes()
    )

    assert texts(reading, "mail_header") == [
        "From: Ann Seller <ann@seller.example>",
        "Reply-To: eve@elsewhere.example",
        "To: Bob Buyer <bob@buyer.example>",
        "Cc: carol@buyer.example",
        "Date: Mon, 02 Nov 2026 09:00:00 +0000",
        "Subject: The agreement",
    ]


def test_encoded_headers_are_decoded():
    encoded = base64.b64encode("Vertrag über Öl".encode()).decode()
    raw = f"From: a@b.example\nSubject: =?utf-8?b?{encoded}?=\n\nHello.".encode()

    assert "Subject: Vertrag über Öl" in texts(read(raw), "mail_header")


def test_the_plain_text_is_read_and_not_its_html_twin():
    reading = read(
        mail("The price is 100 euros.", html="<p>The price is <b>100</b> euros, in HTML.</p>").as_bytes()
    )

    assert texts(reading) == ["The price is 100 euros."]


def test_html_is_read_where_there_is_nothing_else():
    message = mail(" ", html="<html><body><h1>Offer</h1><p>We deliver in March.</p></body></html>")

    assert texts(read(message.as_bytes())) == ["Offer", "We deliver in March."]


def test_plain_text_that_only_stands_in_for_the_html_is_not_taken_for_the_mail():
    html = f"<html><body><p>We deliver in March.</p>{'<span></span>' * 300}</body></html>"

    assert texts(read(mail("Your program can't show HTML.", html=html).as_bytes())) == [
        "We deliver in March."
    ]


def test_the_history_that_a_reply_quotes_is_kept_and_named_so():
    text = "I agree to all of it.\n\nOn Monday Ann wrote:\n> The price is 100 euros.\n> > It was 90 before.\n"

    blocks = [block for block in read(mail(text).as_bytes()).blocks if block.kind == "body"]

    assert [(block.text, block.section) for block in blocks] == [
        ("I agree to all of it.", ""),
        ("On Monday Ann wrote:", ""),
        ("The price is 100 euros.\nIt was 90 before.", QUOTED),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_mail_that_was_saved_as_utf_16_is_decoded_first(encoding):
    raw = 'From: ann@seller.example\nSubject: Öl\nContent-Type: text/plain; charset="utf-16"\n\nDer Preis ist 100 €.'

    reading = read(raw.encode(encoding))

    assert texts(reading) == ["Der Preis ist 100 €."]
    assert "Subject: Öl" in texts(reading, "mail_header")


def test_a_body_in_another_encoding_than_it_says_is_still_read():
    raw = b"From: a@b.example\nContent-Type: text/plain; charset=us-ascii\n\nDer Preis f\xc3\xbcr \xc3\x96l."

    assert texts(read(raw)) == ["Der Preis für Öl."]


@pytest.mark.parametrize(
    "kind", ["multipart/encrypted; boundary=x", "application/pkcs7-mime; smime-type=enveloped-data"]
)
def test_an_encrypted_mail_is_refused_as_such(kind):
    with pytest.raises(Refused) as refused:
        read(f"From: a@b.example\nContent-Type: {kind}\n\n--x\n\nabc\n--x--\n".encode())

    assert refused.value.code == "encrypted"


def test_parts_that_are_nested_too_deep_are_refused_and_not_followed():
    with pytest.raises(Refused) as refused:
        read(nested(60))

    assert refused.value.code == "unsafe_archive"


def test_a_nesting_that_the_standard_library_gives_up_on_is_no_crash():
    with pytest.raises((Refused, RecursionError)):
        read(nested(1_500))


def test_of_more_parts_than_anybody_writes_the_first_are_read():
    message = mail("First.")
    message.make_mixed()
    for number in range(250):
        message.attach(mail(f"Part {number}."))

    reading = read(message.as_bytes())

    assert texts(reading)[:2] == ["First.", "Part 0."]
    assert len(texts(reading)) < 250
    assert MORE_PARTS in reading.warnings


def test_a_mail_without_text_says_so():
    reading = read(b"From: a@b.example\nSubject: Hello\n\n")

    assert texts(reading, "mail_header") == ["From: a@b.example", "Subject: Hello"]
    assert reading.warnings == [NO_TEXT]


def test_a_very_long_header_is_cut_and_said_so():
    raw = (
        "From: a@b.example\nTo: " + ", ".join(f"p{n}@b.example" for n in range(5_000)) + "\n\nHello."
    ).encode()

    reading = read(raw)

    assert any("To line is very long" in warning for warning in reading.warnings)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ann\\contract.pdf", "contract.pdf"),
        ("invoice\u202efdp.exe", "invoice fdp.exe"),
        ("a\nb\tc.pdf", "a b c.pdf"),
        ("[P1] <!channel>.pdf", "P1 !channel .pdf"),
        ("x" * 300 + ".pdf", "x" * 68 + "….pdf"),
        ("", ""),
    ],
)
def test_names_of_attachments_are_made_harmless(raw, shown):
    assert safe_name(raw) == shown


@settings(max_examples=60)
@given(st.binary(max_size=600))
def test_whatever_comes_after_the_first_header_is_read_or_refused(noise):
    with suppress(Refused):
        read(b"From: a@b.example\n" + noise.replace(b"Content-Type", b"X"))


def nested(depth: int) -> bytes:
    opening = "".join(
        f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n' for level in range(depth)
    )
    return f"From: a@b.example\n{opening}Content-Type: text/plain\n\nHello.\n".encode()
