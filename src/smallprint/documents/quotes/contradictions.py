"""Does a quotation say something else than the text it resembles? Numbers, signs, negations, who and whether."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rapidfuzz.distance import Indel

# fmt: off
NEGATIONS = frozenset({
    "not", "no", "never", "without", "unless", "nor", "neither", "none", "nothing", "nobody", "except",
    "excepting", "excluding", "exclude", "excludes", "excluded", "exclusion", "hardly", "nicht", "kein",
    "keine", "keinen", "ohne", "sans", "sauf",
})
_PLAIN_NEGATIONS = frozenset({
    "not", "no", "never", "nor", "neither", "none", "nicht", "kein", "keine", "keinen",
})
_DUTIES = frozenset({
    "shall", "must", "may", "will", "should", "can", "could", "might", "would", "only",
})
_COMPARISONS = frozenset({
    "more", "less", "fewer", "before", "after", "minimum", "maximum", "least", "most", "above", "below",
    "over", "under", "increase", "decrease", "exceed", "exceeds",
})
_NUMBER_WORDS = frozenset({
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand",
    "million", "billion", "half", "quarter", "third", "first", "second", "fourth", "fifth", "once",
    "twice", "daily", "weekly", "monthly", "quarterly", "annual", "annually", "yearly",
})
# fmt: on
_TURNING = NEGATIONS | _DUTIES | _COMPARISONS | _NUMBER_WORDS
_SIGNS = "$€£¥₹¢§%‰<>≤≥±="
_OPPOSITE_PREFIXES = ("un", "in", "im", "il", "ir", "non", "dis", "mis")

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ´`"), "'")
_NUMBER = r"(?:(?<![\w)\].-])-(?=\d))?\d+(?:[.,'·]\d+)*"
_NUMBER_PATTERN = re.compile(_NUMBER)
_TOKEN = re.compile(rf"{_NUMBER}|[{re.escape(_SIGNS)}]|[^\W\d_]+")
_LINE_END_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐]\s*\n\s*(?=[^\W\d_])")
_NON = re.compile(r"\bnon[-\s]+(?=[a-z])")  # PDF readers join the two at the end of a line
_THOUSANDS = re.compile(r"(-?\d{1,3})((?:[,']\d{3})+)(?![\d])")


def same_figures(quotation: str, text: str) -> bool:
    """True if numbers, signs and negations are the same; for texts whose letters and digits are the same already."""
    quoted, found = _canonical(quotation), _canonical(text)
    return (
        _numbers(quoted) == _numbers(found)
        and [sign for sign in quoted if sign in _SIGNS] == [sign for sign in found if sign in _SIGNS]
        and _negations(words(quotation)) == _negations(words(text))
    )


def contradicts(quotation: str, before: str, text: str, after: str) -> bool:
    """True if a word that turns the meaning differs between a quotation and the text it resembles.

    `before` and `after` are the words around the text: they count where the quotation's first or last word is not
    the text's, because a dropped "not" may have pushed the similar stretch past it.
    """
    quoted, found = words(quotation), words(text)
    if not quoted or not found:
        return True
    left = words(before)[-6:] if quoted[0] != found[0] else []
    right = words(after)[:6] if quoted[-1] != found[-1] else []
    around = [*left, *found, *right]
    return any(
        _turns(lost, gained)
        for lost, gained in _changes(quoted, around, open_left=bool(left), open_right=bool(right))
    )


def negated(words_before: str) -> bool:
    """True if a text ends with a negation: what follows means the opposite when read alone."""
    last = words(words_before)[-1:]
    return bool(last) and last[0] in NEGATIONS


def turned_round(text: str) -> bool:
    """True if leaving this text out of a sentence would turn it round; "unless" only limits it."""
    return not _PLAIN_NEGATIONS.isdisjoint(words(text))


def words(text: str) -> list[str]:
    """Words, numbers ("1000" for "1,000") and signs, lower case; "can't" and "cannot" give "can", "not"."""
    text = _NON.sub("non", _canonical(text).replace("n't", " not").replace("cannot", "can not"))
    return [_plain_number(token) if token[-1].isdigit() else token for token in _TOKEN.findall(text)]


def _changes(
    quoted: list[str], found: list[str], *, open_left: bool, open_right: bool
) -> Iterator[tuple[list[str], list[str]]]:
    """What differs, as (words only quoted, words only found); words around the text count only between equal ones."""
    blocks = list(Indel.opcodes(quoted, found).as_matching_blocks())  # the last one is empty, at the end
    source = destination = 0
    for block in blocks:
        lost, gained = quoted[source : block.a], found[destination : block.b]
        at_edge = (open_left and source == 0) or (open_right and block.a == len(quoted))
        if (lost or gained) and not (at_edge and not lost):
            yield lost, gained
        source, destination = block.a + block.size, block.b + block.size


def _turns(lost: list[str], gained: list[str]) -> bool:
    if "".join(lost) == "".join(gained) and not any(
        word in NEGATIONS or word[-1].isdigit() for word in lost + gained
    ):
        return False
    if any(word in _TURNING or word in _SIGNS or word[-1].isdigit() for word in lost + gained):
        return True
    return any(_opposite(one, other) for one in lost for other in gained)


def _opposite(one: str, other: str) -> bool:
    """ "able" and "unable", "licensor" and "licensee"."""
    if one.endswith(other) or other.endswith(one):
        return any(one == prefix + other or other == prefix + one for prefix in _OPPOSITE_PREFIXES)
    return one[:-2] == other[:-2] and {one[-2:], other[-2:]} in ({"or", "ee"}, {"er", "ee"})


def _canonical(text: str) -> str:
    text = _LINE_END_HYPHEN.sub("", text.replace("\u00ad", "")).translate(_DASHES).translate(_APOSTROPHES)
    return unicodedata.normalize("NFKC", text).lower()


def _numbers(text: str) -> list[str]:
    return [_plain_number(number) for number in _NUMBER_PATTERN.findall(text)]


def _plain_number(number: str) -> str:
    thousands = _THOUSANDS.match(number)
    return number.replace(",", "").replace("'", "") if thousands else number


def _negations(tokens: list[str]) -> list[str]:
    return sorted(token for token in tokens if token in NEGATIONS)
