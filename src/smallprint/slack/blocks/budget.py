"""What `/usage budget` answers, and how the admins are told that a budget is nearly spent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smallprint.models.domain import Budget, BudgetChange, BudgetNotice, BudgetScope, LimitMove, Place
from smallprint.reports.budgets import (
    NAMES,
    NO_LIMIT,
    budget_lines,
    change_sentence,
    move_sentence,
    notice_sentence,
    place_name,
    taking_back,
    unpriced_sentence,
    usd,
)
from smallprint.slack.blocks.activation import people
from smallprint.slack.blocks.elements import (
    bold,
    bullets,
    channel,
    code,
    context,
    known_user,
    rich_text,
    section,
    words,
)
from smallprint.slack.blocks.limits import MAX_BLOCKS_JSON, json_size
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.text import escape_mrkdwn, plain, shorten

TITLE = "Budgets"
LIMIT, SPENT, HELD, LEFT = "limit {usd}", "{usd} spent", "{usd} held by running analyses", "{usd} left"
MORE = "… and {count} more: smallprint budget lists all."
PERIODS = {BudgetScope.USER_DAY: ", a day", BudgetScope.CHANNEL_MONTH: ", a month"}
UTC = "Days and months are UTC."
ADMINS_SET = "To set a limit: /usage budget set <document|user|channel|workspace> [@person|#channel] <dollars|none> <reason>."
ADMINS_RAISE = "Admins set limits: ask one of them to raise yours."
REASON = "\nReason: {reason}"
ENDED = "\nUntil next month, or until the limit is raised, nothing more is analysed at its cost."
MONEY, SOMEBODY = "💰", "somebody"
BACK = "\nTo take it back: "
RAISE = "\nAn admin can raise it: "
RAISE_IN_SLACK = "/usage budget set {place} <dollars> <reason>"
RAISE_ELSEWHERE = ", or in a terminal "
RAISE_IN_TERMINAL = "smallprint budget set {place} <dollars> <reason>"

_CELLS, _FULL, _EMPTY = 10, "█", "░"
_MOST = (40, 20, 10, 5)
"""Budgets in one message; tried in turn until they fit."""
_REASON, _SOURCE, _FALLBACK, _NAME = 300, 200, 700, 60


def budgets_message(budgets: Sequence[Budget], *, admin: bool) -> Message:
    """Limits with what is spent, held and left of them."""
    foot = [unpriced_sentence(budgets), ADMINS_SET if admin else ADMINS_RAISE, UTC]
    blocks: list[Block] = []
    for most in _MOST:
        rest = len(budgets) - most
        more = section(words(MORE.format(count=rest))) if rest > 0 else None
        shown = bullets(map(budget_line, budgets[:most]))
        blocks = [rich_text(section(bold(TITLE)), shown, more), context(*foot)]
        if json_size(blocks) <= MAX_BLOCKS_JSON:
            break
    lines = budget_lines(budgets[:_CELLS])
    told = "; ".join(f"{line.what}: {line.limit}" for line in lines)
    return Message(escape_mrkdwn(shorten(f"{TITLE}. {told}", _FALLBACK)), blocks)


def budget_line(budget: Budget) -> Block:
    """A section: what it is for, its gauge, its figures, and where the limit comes from."""
    [line] = budget_lines([budget])
    drawn = gauge(budget)
    source = shorten(plain(line.source), _SOURCE)
    return section(
        *_place(budget.place),
        words(f"  {drawn}" if drawn else ""),
        words(f"\n{figures(budget)}"),
        *([words(" ("), *people(source), words(")")] if source else ()),
    )


def figures(budget: Budget) -> str:
    """limit $25.00 · $3.10 spent · $21.90 left"""
    limit, left = budget.limit.nano_usd, budget.left_nano_usd
    parts = [NO_LIMIT if limit is None else LIMIT.format(usd=usd(limit))]
    if _is_counted(budget):
        parts.append(SPENT.format(usd=usd(budget.spent_nano_usd)))
        parts += [HELD.format(usd=usd(budget.reserved_nano_usd))] if budget.reserved_nano_usd else []
        parts += [] if left is None else [LEFT.format(usd=usd(left))]
    return " · ".join(parts)


def gauge(budget: Budget) -> str:
    """████░░░░░░ 31 %; empty where there is no limit, or nothing to count for it."""
    limit = budget.limit.nano_usd
    if not limit or not _is_counted(budget):
        return ""
    percent = budget.spent_nano_usd * 100 // limit
    full = min(_CELLS, -(-budget.spent_nano_usd * _CELLS // limit))
    return f"{_FULL * full}{_EMPTY * (_CELLS - full)} {percent}\u00a0%"


def budget_changed(change: BudgetChange) -> Message:
    """What holds now, and why."""
    told, reason = change_sentence(change), shorten(plain(change.reason), _REASON)
    rest = told.removeprefix(place_name(change.place))
    return Message(
        escape_mrkdwn(shorten(f"{told} {reason}", _FALLBACK)),
        [
            rich_text(
                section(bold("✓ "), *_place(change.place), words(rest), words(REASON.format(reason=reason)))
            )
        ],
    )


def limit_announcement(move: LimitMove, who: str, whose: str) -> Message:
    """For the admins' channel: who changed which limit from what to what, why, and how it is taken back.

    `who` and `whose` are names, and stand as text: nobody is woken. `whose`: of a user who has the limit, else empty.
    """
    place, reason = move.change.place, shorten(plain(move.change.reason), _REASON)
    is_user = place.scope is BudgetScope.USER_DAY and bool(place.id)
    what = f"{_named(whose) or place.id}, a day" if is_user else place_name(place)
    told = move_sentence(move, what, _named(who) or SOMEBODY)
    is_channel = place.scope is BudgetScope.CHANNEL_MONTH and bool(place.id)
    before, _, after = told.partition(place.id) if is_channel else (told, "", "")
    return Message(
        escape_mrkdwn(shorten(f"{told}. {reason}", _FALLBACK)),
        [
            rich_text(
                section(
                    bold(f"{MONEY} {before}"),
                    channel(place.id) if is_channel else None,
                    bold(after) if after else None,
                    words(REASON.format(reason=reason)) if reason else None,
                    words(BACK),
                    code(f"/usage {taking_back(move)} <reason>"),
                )
            )
        ],
    )


def budget_notice(notice: BudgetNotice) -> Message:
    """For the admins' channel: which budget, how much of it, who raises it and how."""
    ended = notice.percent >= 100  # noqa: PLR2004
    sentence, mention = notice_sentence(notice), f"<#{notice.place.id}>"
    before, is_channel, after = sentence.partition(mention)
    place = "channel" if notice.place.id else "workspace"
    own = f"{place} {notice.place.id}".strip()
    return Message(
        escape_mrkdwn(shorten(sentence.replace(mention, own), _FALLBACK)),
        [
            rich_text(
                section(
                    bold(f"{'🔴' if ended else '🟠'} {before}"),
                    channel(notice.place.id) if is_channel else None,
                    bold(after) if after else None,
                    words(ENDED if ended else ""),
                    words(RAISE),
                    code(RAISE_IN_SLACK.format(place=own)),
                    words(RAISE_ELSEWHERE),
                    code(RAISE_IN_TERMINAL.format(place=own)),
                )
            )
        ],
    )


def _named(name: str) -> str:
    return shorten(plain(name), _NAME)


def _place(place: Place) -> Iterator[Block]:
    if not place.id:
        yield bold(NAMES[place.scope].capitalize())
        return
    is_user = place.scope is BudgetScope.USER_DAY
    yield (known_user(place.id) or bold(shorten(plain(place.id), 40))) if is_user else channel(place.id)
    yield bold(PERIODS[place.scope])


def _is_counted(budget: Budget) -> bool:
    return bool(budget.place.id) or budget.place.scope is BudgetScope.WORKSPACE_MONTH
