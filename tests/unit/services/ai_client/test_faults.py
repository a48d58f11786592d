from __future__ import annotations

import email.utils
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint import errors
from smallprint.services.ai_client.faults import ApiFault, as_model_error


def fault(status: int, kind: str = "", code: str = "", message: str = "", **headers: str) -> ApiFault:
    body = {"type": "error", "error": {"type": kind, "message": message, "details": {"error_code": code}}}
    return ApiFault.read(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("status", "kind", "code", "expected"),
    [
        (401, "authentication_error", "", errors.ModelAuthentication),
        (403, "permission_error", "", errors.ModelAuthentication),
        (402, "billing_error", "", errors.SpendLimitReached),
        (429, "rate_limit_error", "enforced_spend_limit_reached", errors.SpendLimitReached),
        (429, "rate_limit_error", "contract_spend_limit_reached", errors.SpendLimitReached),
        (429, "rate_limit_error", "linked_organization_spend_limit_reached", errors.SpendLimitReached),
        (429, "rate_limit_error", "ramp_limit_exceeded", errors.ModelOverloaded),
        (429, "rate_limit_error", "", errors.ModelOverloaded),
        (529, "overloaded_error", "", errors.ModelOverloaded),
        (503, "overloaded_error", "", errors.ModelOverloaded),
        (400, "invalid_request_error", "", errors.ModelRequestRejected),
        (404, "not_found_error", "", errors.ModelRequestRejected),
        (413, "request_too_large", "", errors.ModelRequestRejected),
        (422, "invalid_request_error", "", errors.ModelRequestRejected),
        (408, "timeout_error", "", errors.ModelUnreachable),
        (409, "conflict_error", "", errors.ModelUnreachable),
        (500, "api_error", "", errors.ModelUnreachable),
        (504, "timeout_error", "", errors.ModelUnreachable),
        (599, "something_new", "", errors.ModelUnreachable),
    ],
)
def test_each_refusal_of_the_api_is_one_of_our_errors(status, kind, code, expected):
    assert fault(status, kind, code).error_class is expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("overloaded_error", errors.ModelOverloaded),
        ("api_error", errors.ModelUnreachable),
        ("authentication_error", errors.ModelAuthentication),
        ("invalid_request_error", errors.ModelRequestRejected),
    ],
)
def test_an_error_inside_a_stream_is_told_by_its_type_because_its_status_is_200(kind, expected):
    assert fault(200, kind).error_class is expected


@pytest.mark.parametrize(
    ("status", "expected"), [(401, errors.ModelAuthentication), (529, errors.ModelOverloaded)]
)
@pytest.mark.parametrize("body", [None, "<html>", [], {"error": "down"}, {"error": {"details": 3}}])
def test_a_body_that_is_not_the_apis_leaves_the_status_to_decide(status, expected, body):
    assert ApiFault.read(status, body, {}).error_class is expected


def test_a_prompt_that_is_too_long_is_told_apart_from_a_bad_request():
    too_long = "prompt is too long: 1203455 tokens > 1000000 maximum"
    assert fault(400, "invalid_request_error", message=too_long).error_class is errors.ContextExceeded


def test_an_empty_credit_balance_is_a_spend_limit():
    message = "Your credit balance is too low to access the Anthropic API."
    assert fault(400, "invalid_request_error", message=message).error_class is errors.SpendLimitReached


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry_after": "7"}, 7),
        ({"retry_after": "0.5"}, 0.5),
        ({"retry_after": "-3"}, 0),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "nan"}, None),
        ({"retry_after_ms": "250", "retry_after": "7"}, 0.25),
    ],
)
def test_the_wait_that_claude_asks_for_goes_with_the_error(headers, seconds):
    assert fault(529, "overloaded_error", **headers).as_error().retry_after_s == seconds


def test_a_wait_may_be_given_as_a_date():
    in_a_minute = email.utils.formatdate(time.time() + 60, usegmt=True)
    assert fault(429, retry_after=in_a_minute).as_error().retry_after_s == pytest.approx(60, abs=3)


@given(st.text(), st.text(), st.text(), st.integers(400, 599))
def test_no_word_of_the_vendor_is_shown_to_a_user(kind, code, message, status):
    error = fault(status, kind, code, message).as_error()
    assert error.user_message == type(error).sentence


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionResetError("secret"), errors.ModelUnreachable()])
def test_what_breaks_on_the_way_is_worth_another_try(error):
    ours = as_model_error(error)
    assert isinstance(ours, errors.ModelUnreachable)
    assert ours.retryable
