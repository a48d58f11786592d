"""What is said about budgets, in the terminal and in Slack: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from smallprint.models.domain import (
    NANO_USD_PER_USD,
    Budget,
    BudgetAction,
    BudgetChange,
    BudgetNotice,
    BudgetScope,
    Limit,
    LimitMove,
    Place,
    Refusal,
)

WHOSE: Mapping[BudgetScope, str] = {
    BudgetScope.DOCUMENT: "what a single document may cost",
    BudgetScope.USER_DAY: "your budget for today",
    BudgetScope.CHANNEL_MONTH: "this channel's budget for this month",
    BudgetScope.WORKSPACE_MONTH: "the workspace's budget for this month",
}
NOT_STARTED = (
    "I didn't analyse this document: it would cost about {cost}, but {limit}. Nothing was spent on it."
)
STOPPED = "I stopped in the middle of this document: it would come to about {cost}, but {limit}. {spent} was spent on it."
PER_DOCUMENT = "a single document may cost at most {limit} here"
OF_A_PERIOD = "{whose} is {limit} and {left} of it is left"
HELD = " ({held} is held for documents that are being read)"
ANEW: Mapping[BudgetScope, str] = {
    BudgetScope.USER_DAY: " There is a new one from midnight UTC.",
    BudgetScope.CHANNEL_MONTH: " There is a new one on the first of next month.",
    BudgetScope.WORKSPACE_MONTH: " There is a new one on the first of next month.",
}
WHO_RAISES = " An admin can raise it: /usage budget, or smallprint budget set."
NAMES: Mapping[BudgetScope, str] = {
    BudgetScope.DOCUMENT: "one document",
    BudgetScope.USER_DAY: "each user, a day",
    BudgetScope.CHANNEL_MONTH: "each channel, a month",
    BudgetScope.WORKSPACE_MONTH: "the workspace, a month",
}
OWN_NAMES: Mapping[BudgetScope, str] = {
    BudgetScope.USER_DAY: "user {id}, a day",
    BudgetScope.CHANNEL_MONTH: "channel {id}, a month",
}
NO_LIMIT = "no limit"
BY_SETTING = "setting"
BY_CHANGE = "set by {actor} on {day}: {reason}"
NOTICE = "{percent} of {whose} for {month} is spent: {spent} of {limit}."
UNPRICED = "{calls} calls of unknown cost are not in these sums."
MOVED = "{what}: {before} → {after}, {done} by {who}"
DONE = {BudgetAction.SET: "set", BudgetAction.CLEAR: "cleared"}
TAKE_BACK_SET, TAKE_BACK_CLEAR = "budget set {place} {amount}", "budget clear {place}"
NOW_LIMITED = "{what}: {limit}. It holds from the next analysis on."
NOW_CLEARED = "{what}: back to what holds without a limit of its own. It holds from the next analysis on."

_SCOPE_WORDS: Mapping[BudgetScope, str] = {
    BudgetScope.DOCUMENT: "document",
    BudgetScope.USER_DAY: "user",
    BudgetScope.CHANNEL_MONTH: "channel",
    BudgetScope.WORKSPACE_MONTH: "workspace",
}
_CENT = NANO_USD_PER_USD // 100


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A budget in words."""

    what: str
    limit: str
    spent: str
    reserved: str
    left: str
    source: str


def usd(nano_usd: int) -> str:
    """$1,234.50; below a cent as many digits as it takes to be more than nothing."""
    amount = Decimal(nano_usd) / NANO_USD_PER_USD
    if nano_usd == 0 or abs(nano_usd) >= _CENT:
        return f"${amount:,.2f}"
    return f"${amount:.4f}" if abs(nano_usd) * 100 >= _CENT else f"${amount:f}"


def refusal_sentence(refusal: Refusal) -> str:
    """Which limit, how much of it is left, what this would have cost, and who can raise it."""
    scope = refusal.budget.place.scope
    said = STOPPED if refusal.spent_nano_usd else NOT_STARTED
    first = said.format(
        cost=usd(refusal.cost_nano_usd), limit=_limit_in(refusal.budget), spent=usd(refusal.spent_nano_usd)
    )
    return f"{first}{ANEW.get(scope, '')}{WHO_RAISES}"


def budget_lines(budgets: Iterable[Budget]) -> tuple[BudgetLine, ...]:
    """A line for each budget, for a table."""
    return tuple(map(_line, budgets))


def unpriced_sentence(budgets: Sequence[Budget]) -> str:
    """Empty when every cost is known."""
    calls = max((budget.unpriced_calls for budget in budgets), default=0)
    return UNPRICED.format(calls=calls) if calls else ""


def change_sentence(change: BudgetChange) -> str:
    """What holds now."""
    what = place_name(change.place)
    if change.action is BudgetAction.CLEAR:
        return NOW_CLEARED.format(what=what)
    return NOW_LIMITED.format(what=what, limit=_amount(change.amount_nano_usd))


def move_sentence(move: LimitMove, what: str, who: str) -> str:
    """the workspace, a month: $100.00 → $25.00, set by ann"""
    before, after = _amount(move.before.nano_usd), _amount(move.after.nano_usd)
    return MOVED.format(what=what, before=before, after=after, done=DONE[move.change.action], who=who)


def taking_back(move: LimitMove) -> str:
    """The words that take a change back, the reason apart: "budget set workspace 100"."""
    place, change = move.change.place, move.before.change
    words = f"{_SCOPE_WORDS[place.scope]} {place.id}".strip()
    if change is None or change.place != place:  # it had no limit of its own
        return TAKE_BACK_CLEAR.format(place=words)
    return TAKE_BACK_SET.format(place=words, amount=_typed(move.before.nano_usd))


def notice_sentence(notice: BudgetNotice) -> str:
    """For the admins' channel. The channel is its id, for Slack to show as its name."""
    own = notice.place.scope is BudgetScope.CHANNEL_MONTH
    return NOTICE.format(
        percent="All" if notice.percent >= 100 else f"{notice.percent} %",  # noqa: PLR2004
        whose=f"the budget of <#{notice.place.id}>" if own else "the workspace's budget",
        month=notice.month,
        spent=usd(notice.spent_nano_usd),
        limit=usd(notice.limit_nano_usd),
    )


def place_name(place: Place) -> str:
    return OWN_NAMES[place.scope].format(id=place.id) if place.id else NAMES[place.scope]


def _limit_in(budget: Budget) -> str:
    limit = usd(budget.limit.nano_usd or 0)
    if budget.place.scope is BudgetScope.DOCUMENT:
        return PER_DOCUMENT.format(limit=limit)
    left = OF_A_PERIOD.format(
        whose=WHOSE[budget.place.scope], limit=limit, left=usd(budget.left_nano_usd or 0)
    )
    return left + (HELD.format(held=usd(budget.reserved_nano_usd)) if budget.reserved_nano_usd else "")


def _line(budget: Budget) -> BudgetLine:
    counted = bool(budget.place.id) or budget.place.scope is BudgetScope.WORKSPACE_MONTH
    left = budget.left_nano_usd
    return BudgetLine(
        what=place_name(budget.place),
        limit=_amount(budget.limit.nano_usd),
        spent=usd(budget.spent_nano_usd) if counted else "",
        reserved=usd(budget.reserved_nano_usd) if counted else "",
        left=usd(left) if counted and left is not None else "",
        source=_source(budget.limit),
    )


def _amount(nano_usd: int | None) -> str:
    return NO_LIMIT if nano_usd is None else usd(nano_usd)


def _typed(nano_usd: int | None) -> str:
    """As somebody would type it: 25, 2.5 or none."""
    if nano_usd is None:
        return "none"
    amount = Decimal(nano_usd) / NANO_USD_PER_USD
    return f"{amount.normalize():f}"


def _source(limit: Limit) -> str:
    change = limit.change
    if change is None:
        return BY_SETTING if limit.nano_usd is not None else ""
    return BY_CHANGE.format(actor=change.actor, day=f"{change.at:%Y-%m-%d}", reason=change.reason)
