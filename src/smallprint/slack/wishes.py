"""What people write beside the link in `/analyse`: `for the tenant focus exit in English thorough again`. Pure.

A wish of several words runs until the next wish begins; quotation marks keep words together that would begin one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from smallprint.models.domain import Brief, Profile
from smallprint.reports.text import plain, shorten
from smallprint.slack.languages import language

MOST = 120
"""Characters of a party or a focus."""
FOR, FOCUS, IN, AGAIN = "for", "focus", "in", "again"
PROFILES = frozenset(profile.value for profile in Profile)
SINGLE = PROFILES | {AGAIN}
"""Wishes of one word."""
FILLERS = frozenset({"", "and", "please", "thanks", "with"})

_LINK = re.compile(r"<https?://[^<>]*>|https?://\S+", re.IGNORECASE)
_WORD = re.compile(r"\"([^\"]*)\"|“([^”]*)”|(\S+)")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
"""All that Slack escapes in a command's text."""
_PUNCTUATION = ",;:.!"


@dataclass(frozen=True, slots=True)
class Wishes:
    """A command's text, understood."""

    reference: str
    """The links in it, as they were written; empty if there is none."""
    brief: Brief
    unknown: str = ""
    """Words after the link that are no wish. What stands before it, like "please read", is let pass."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    quoted: bool

    @property
    def key(self) -> str:
        """How it is recognised; nothing that was quoted is."""
        return "" if self.quoted else self.text.casefold().strip(_PUNCTUATION)

    @property
    def fills(self) -> bool:
        return not self.quoted and self.key in FILLERS


@dataclass(slots=True)
class _Reading:
    """What was understood so far."""

    brief: Brief = field(default_factory=Brief)
    unknown: list[str] = field(default_factory=list)


def parse_wishes(text: str) -> Wishes:
    """Forgiving about order and case; of two wishes of one kind the last one counts."""
    before, *after = _LINK.split(text)
    reading = _Reading()
    _read(_words(before), reading)
    reading.unknown.clear()
    for part in after:
        _read(_words(part), reading)
    return Wishes(" ".join(_LINK.findall(text)), reading.brief, _clean(" ".join(reading.unknown)))


def _words(text: str) -> list[_Word]:
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return [
        _Word(found[3] or found[1] or found[2] or "", quoted=found[3] is None)
        for found in _WORD.finditer(text)
    ]


def _read(words: Sequence[_Word], reading: _Reading) -> None:
    place = 0
    while place < len(words):
        place += _wish(words[place:], reading) or _nothing(words[place], reading)


def _wish(words: Sequence[_Word], reading: _Reading) -> int:
    """Read the wish that `words` begin with; the number of its words, 0 if they begin with none."""
    key = words[0].key
    if key in {FOR, FOCUS}:
        return _phrase(key, words, reading)
    if key == IN:
        name, count = language([word.key for word in words[1:3]])
        if name:
            reading.brief = replace(reading.brief, language=name)
            return 1 + count
    elif key in PROFILES:
        reading.brief = replace(reading.brief, profile=Profile(key))
        return 1
    elif key == AGAIN:
        reading.brief = replace(reading.brief, again=True)
        return 1
    return 0


def _phrase(key: str, words: Sequence[_Word], reading: _Reading) -> int:
    end = 1
    while end < len(words) and not _ends_phrase(words[end:]):
        end += 1
    said = [*words[1:end]]
    if key == FOCUS and said and said[0].key == "on":
        said = said[1:]
    while said and said[-1].fills:
        said.pop()
    told = _clean(" ".join(word.text for word in said))
    if not told:
        return 0
    reading.brief = replace(reading.brief, side=told) if key == FOR else replace(reading.brief, focus=told)
    return end


def _ends_phrase(words: Sequence[_Word]) -> bool:
    """True if a wish begins here. Those of a single word only where no plain word follows: "a thorough check"."""
    single = 0
    while single < len(words) and words[single].key in SINGLE:
        single += 1
    rest = words[single:]
    return not rest or _begins_longer(rest) or (single > 0 and rest[0].fills)


def _begins_longer(words: Sequence[_Word]) -> bool:
    key = words[0].key
    return key in {FOR, FOCUS} or (key == IN and bool(language([word.key for word in words[1:3]])[0]))


def _nothing(word: _Word, reading: _Reading) -> int:
    if not word.fills:
        reading.unknown.append(word.text)
    return 1


def _clean(text: str) -> str:
    return shorten(plain(text).strip(_PUNCTUATION + " "), MOST)
