"""The building blocks of every answer: texts that are cleaned and bounded where they enter.

Prose that is too long is shortened at a word, with an ellipsis that the reader sees. Everything else that is
out of bounds (too many findings, an endless quotation, an empty statement) is a fault that the model gets to repair.

Nothing is used that `anthropic.transform_schema` would drop or turn into prose: limits are checked here, after
parsing, and are not in the schema.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

MAX_FINDINGS = 60
MAX_FACTS = 40
MAX_MISSED = 5
MAX_EVIDENCE = 12
MAX_ITEMS = 100
MAX_QUOTATION_CHARACTERS = 2_000
MAX_CATEGORY_CHARACTERS = 80

Item = TypeVar("Item")


def normal_category(raw: str) -> str:
    """Dotted lower case: "Liability / Un-capped" becomes "liability.un_capped"; "other" when nothing is left."""
    dotted = re.sub(r"\s*[./\\:>›|]+\s*", ".", raw.strip().lower())
    words = re.sub(r"[\s\-–—]+", "_", dotted)
    kept = re.sub(r"[^a-z0-9_.]", "", words)
    tidy = re.sub(r"_*\.[_.]*", ".", re.sub(r"__+", "_", kept))
    return tidy[:MAX_CATEGORY_CHARACTERS].strip("._") or "other"


def lower(value: object) -> object:
    # The API does not promise the capitals of an enum: "High" comes for "high".
    return value.strip().lower() if isinstance(value, str) else value


def _clean(text: str) -> str:
    """Without control characters: they carry nothing, and Postgres refuses NUL."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", text).strip()


def _said(text: str) -> str:
    if not text:
        raise ValueError("must not be empty")
    return text


def _shortened_to(limit: int) -> AfterValidator:
    def shorten(text: str) -> str:
        if len(text) <= limit:
            return text
        head = text[:limit]
        return f"{head.rsplit(None, 1)[0] if ' ' in head else head} …"

    return AfterValidator(shorten)


def at_most(limit: int) -> AfterValidator:
    """A list that is longer is a fault, said in words for the model."""

    def check(items: list[Item]) -> list[Item]:
        if len(items) > limit:
            raise ValueError(f"at most {limit}, not {len(items)}: keep those that matter most")
        return items

    return AfterValidator(check)


def quotable(text: str) -> str:
    if len(text) > MAX_QUOTATION_CHARACTERS:
        raise ValueError(f"{len(text)} characters are too many: quote at most 240, the part that decides")
    return text


Clean = Annotated[str, AfterValidator(_clean)]
Title = Annotated[Clean, AfterValidator(_said), _shortened_to(160)]
Statement = Annotated[Clean, AfterValidator(_said), _shortened_to(1_200)]
Sentence = Annotated[Clean, _shortened_to(800)]
Phrase = Annotated[Clean, _shortened_to(200)]
Summary = Annotated[Clean, AfterValidator(_said), _shortened_to(1_500)]
Category = Annotated[str, AfterValidator(normal_category)]
Severity = Annotated[Literal["low", "medium", "high", "critical"], BeforeValidator(lower)]
VerdictName = Annotated[
    Literal["supported", "overstated", "unsupported", "not_checkable"], BeforeValidator(lower)
]


class Strict(BaseModel):
    """Every field is there and nothing else; the fields come in the order in which the model writes them."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
