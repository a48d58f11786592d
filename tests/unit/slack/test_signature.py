"""What is signed with the app's secret is Slack's, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from smallprint.slack.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, TOLERANCE_S, Claim, SigningSecret
from tests.fakes.slack.http_mode import SIGNING_SECRET, signed

NOW = 1_780_000_000
BODY = b'{"type":"event_callback"}'


def secret(now: float = NOW) -> SigningSecret:
    return SigningSecret(SIGNING_SECRET, now=lambda: now)


def headers(body: bytes = BODY, *, at: float = NOW, **changed: str) -> dict[str, str]:
    given = {name.lower(): value for name, value in signed(body, at=at).items()}
    return given | {name.replace("_", "-"): value for name, value in changed.items()}


def claim_of(given: dict[str, str], now: float = NOW) -> Claim:
    claim = secret(now).claim(given)
    assert claim is not None
    return claim


@given(st.binary(max_size=300))
def test_the_body_that_was_signed_is_believed_and_no_other(body: bytes) -> None:
    claim = claim_of(headers(body))
    assert secret().proves(claim, body)
    assert not secret().proves(claim, body + b" ")


@given(st.text(max_size=300))
def test_it_signs_as_slack_s_own_library_does(body: str) -> None:
    theirs = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=str(NOW), body=body)
    assert secret().sign(str(NOW), body.encode()) == theirs


def test_the_example_of_slack_s_documentation() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    documented = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert SigningSecret("8f742231b10e8888abcd99yyyzzz85a5").sign("1531420618", body) == documented


def test_another_app_s_secret_proves_nothing() -> None:
    assert not SigningSecret("0" * 32, now=lambda: NOW).proves(claim_of(headers()), BODY)


@pytest.mark.parametrize("seconds", [TOLERANCE_S, -TOLERANCE_S])
def test_clocks_may_differ_by_five_minutes(seconds: int) -> None:
    assert secret(NOW + seconds).claim(headers()) is not None


@pytest.mark.parametrize("seconds", [TOLERANCE_S + 1, -TOLERANCE_S - 1])
def test_older_requests_may_be_recordings(seconds: int) -> None:
    assert secret(NOW + seconds).claim(headers()) is None


@pytest.mark.parametrize("name", [TIMESTAMP_HEADER, SIGNATURE_HEADER])
def test_both_headers_must_be_there(name: str) -> None:
    given = headers()
    del given[name]
    assert secret().claim(given) is None


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_stands_in_the_headers_it_never_raises(timestamp: str, signature: str) -> None:
    claim = secret().claim({TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: signature})
    assert claim is None or not secret().proves(claim, BODY)


@pytest.mark.parametrize(
    "timestamp", ["soon", "", "١٧٨٠٠٠٠٠٠٠", "-1", "1e9", f" {NOW}", f"{NOW}.0", "9" * 5000]
)
def test_a_timestamp_that_is_none_is_refused(timestamp: str) -> None:
    assert secret().claim(headers(x_slack_request_timestamp=timestamp)) is None


@pytest.mark.parametrize(
    "signature", ["v0=é", "v0=", "", "v1=" + "0" * 64, "V0=" + "A" * 64, "v0=" + "0" * 63]
)
def test_a_signature_that_is_none_is_refused(signature: str) -> None:
    assert secret().claim(headers(x_slack_signature=signature)) is None
