"""How people name a limit: "user U012AB3CD 2.50 reason …", the same in the terminal and in Slack."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from smallprint.errors import InvalidBudget
from smallprint.models.domain import NANO_USD_PER_USD, BudgetScope, Place

UNKNOWN_SCOPE = (
    "I know limits for a document, a user (a day), a channel (a month) and the workspace (a month)."
)
NO_AMOUNT = "Please say how much, in US dollars: 25 or 2.50, or none for no limit."
TOO_MUCH = "A limit can be at most $1,000,000."
NO_REASON = "Please say why, in a few words: it goes into the log."
HAS_NO_ID = "{scope} has no limits of single ones: the amount comes next."

MAX_USD = 1_000_000
MAX_REASON = 300
UNLIMITED = frozenset({"none", "unlimited", "off"})
SCOPES: Mapping[str, BudgetScope] = {
    "document": BudgetScope.DOCUMENT,
    "user": BudgetScope.USER_DAY,
    "channel": BudgetScope.CHANNEL_MONTH,
    "workspace": BudgetScope.WORKSPACE_MONTH,
    "month": BudgetScope.WORKSPACE_MONTH,
    **{scope.value: scope for scope in BudgetScope},
}

# Slack writes a mention as <@U012AB3CD|name>.
_ID = re.compile(r"<?[@#]?(?P<id>[UWCG][A-Z0-9]{4,})(?:\|[^>]*)?>?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LimitWish:
    """A limit that somebody wants, or wants to be gone."""

    place: Place
    amount_nano_usd: int | None
    """None: no limit. Meaningless where it is to be cleared."""
    reason: str


def limit_to_set(words: Sequence[str]) -> LimitWish:
    """SCOPE [ID] AMOUNT REASON. Raises InvalidBudget with a sentence that says what is wrong."""
    place, rest = _place(words)
    if not rest:
        raise InvalidBudget(NO_AMOUNT)
    return LimitWish(place, _amount(rest[0]), _reason(rest[1:]))


def limit_to_clear(words: Sequence[str]) -> LimitWish:
    """SCOPE [ID] REASON. Raises InvalidBudget."""
    place, rest = _place(words)
    return LimitWish(place, None, _reason(rest))


def _place(words: Sequence[str]) -> tuple[Place, Sequence[str]]:
    scope = SCOPES.get(words[0].casefold()) if words else None
    if scope is None:
        raise InvalidBudget(UNKNOWN_SCOPE)
    named = _ID.fullmatch(words[1]) if len(words) > 1 else None
    if named is None or not _fits(named["id"], scope):
        return Place(scope), words[1:]
    if not scope.has_ids:
        raise InvalidBudget(HAS_NO_ID.format(scope=words[0].casefold()))
    return Place(scope, named["id"].upper()), words[2:]


def _fits(word: str, scope: BudgetScope) -> bool:
    """An id has a digit and the letter of its kind; else it may be the first word of a reason: "clear channel unused"."""
    kinds = {BudgetScope.USER_DAY: "UW", BudgetScope.CHANNEL_MONTH: "CG"}.get(scope, "UWCG")
    return word[0].upper() in kinds and any(character.isdecimal() for character in word)


def _amount(word: str) -> int | None:
    if word.casefold() in UNLIMITED:
        return None
    try:
        usd = Decimal(word.removeprefix("$").replace(",", ""))
    except InvalidOperation:
        raise InvalidBudget(NO_AMOUNT) from None
    if not usd.is_finite() or usd < 0:
        raise InvalidBudget(NO_AMOUNT)
    if usd > MAX_USD:
        raise InvalidBudget(TOO_MUCH)
    return int(usd * NANO_USD_PER_USD)


def _reason(words: Sequence[str]) -> str:
    reason = " ".join(" ".join(words).split())[:MAX_REASON]
    if not reason:
        raise InvalidBudget(NO_REASON)
    return reason
