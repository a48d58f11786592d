"""The offline analyst's rules as data: `clauses.yaml` and `papers.yaml` → checked, compiled `ClauseRules`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from smallprint.agents.sentences import Sentence
from smallprint.errors import ConfigurationError
from smallprint.models.domain import RiskLevel

PACKAGED = ("clauses.yaml", "papers.yaml")

# libyaml's reads ten times as fast, and every start of the program waits for it; not every PyYAML has it.
_SAFE_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way a clause is worded: every expression stands in the same sentence, none of `unless` does."""

    all: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...] = ()
    heading: re.Pattern[str] | None = None
    """Must be found in the heading above the sentence."""
    severity: RiskLevel | None = None
    """Overrides the rule's own."""

    def match(self, sentence: Sentence) -> re.Match[str] | None:
        """The first expression's match, or None."""
        first = self.all[0].search(sentence.folded)
        if first is None or not all(expression.search(sentence.folded) for expression in self.all[1:]):
            return None
        if any(expression.search(sentence.folded) for expression in self.unless):
            return None
        return first if self.heading is None or self.heading.search(sentence.heading) else None


@dataclass(frozen=True, slots=True)
class Rule:
    """One clause category."""

    category: str
    title: str
    severity: RiskLevel
    says: str
    """What the document says; "[ … {name} … ]" stands only if a pattern captured `name`."""
    why: str
    ask: str
    words: tuple[str, ...]
    """Beginnings of words: only sentences with one of them are tried."""
    patterns: tuple[Pattern, ...]
    """Best first."""
    unless: tuple[re.Pattern[str], ...] = ()
    kinds: frozenset[str] = frozenset()
    """Kinds of document it speaks about; empty = every kind."""
    looked_for: str = ""
    """Its name among the things looked for and not found; empty = not worth a mention."""
    absent: bool = False
    """True: the patterns describe a protection, and the finding is that the document lacks it."""
    definitions: bool = False
    """True: a definition counts too."""
    quotations: int = 3

    def applies_to(self, kind: str) -> bool:
        """True if the rule speaks about that kind of document."""
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document that is recognised by its words."""

    id: str
    name: str
    """With its article: "a non-disclosure agreement"."""
    title: re.Pattern[str]
    """Found in the first lines of such a document."""
    body: re.Pattern[str]
    """Counted in the whole document."""
    hits_per_10k_chars: float
    """From here on `body` alone is enough; beside a title a third of it is."""
    own_rules_only: bool = False
    """True: what the rules for every kind did not find is no news in such a document."""


@dataclass(frozen=True, slots=True)
class ClauseRules:
    """All rules, compiled."""

    rules: tuple[Rule, ...]
    kinds: tuple[Kind, ...]
    """The first whose title fits wins, else the first that is spoken often enough."""

    @classmethod
    def packaged(cls) -> ClauseRules:
        """The rules that ship with Smallprint: for legal documents, then for papers of other kinds."""
        return _packaged()

    @classmethod
    def parse(cls, *texts: str) -> ClauseRules:
        """Files with a vocabulary each and kinds in common. Raises ConfigurationError with the rule and the field that is wrong."""
        read = [_load(text) for text in texts]
        kinds = tuple(
            _kind(_Fields(entry, "kind", "id", data.get("vocabulary", {})))
            for data in read
            for entry in data.get("kinds", [])
        )
        known = frozenset(kind.id for kind in kinds)
        rules = tuple(
            _rule(_Fields(entry, "rule", "category", data.get("vocabulary", {})), known)
            for data in read
            for entry in data["rules"]
        )
        _refuse_twins([rule.category for rule in rules])
        return cls(rules, kinds)


@cache
def _packaged() -> ClauseRules:
    """Immutable, and 0.15 s to compile: once in a process."""
    folder = files("smallprint.agents")
    return ClauseRules.parse(*(folder.joinpath(name).read_text("utf-8") for name in PACKAGED))


def _load(text: str) -> dict[str, Any]:
    try:
        data = yaml.load(text, Loader=_SAFE_LOADER)  # noqa: S506 - it is a safe one
    except yaml.YAMLError as error:
        raise ConfigurationError(f"The clause rules are not valid YAML: {error}") from error
    if not isinstance(data, dict) or not {"vocabulary", "kinds", "rules"} >= set(data) >= {"rules"}:
        raise ConfigurationError("The clause rules need `rules`, and may have `vocabulary` and `kinds`.")
    return data


# --- reading one entry ---------------------------------------------------------------------------------------


class _Fields:
    """One mapping of the file, read field by field; whatever is wrong is said with the entry's name."""

    def __init__(self, entry: Any, sort: str, key: str, vocabulary: Mapping[str, str]) -> None:
        self.where = f"A {sort} of the clause rules"
        if not isinstance(entry, dict):
            raise self.wrong("is not a mapping")
        self.where = f"The {sort} {entry.get(key, '(without name)')!r} of the clause rules"
        self._left = dict(entry)
        self._vocabulary = vocabulary

    def wrong(self, what: str) -> ConfigurationError:
        return ConfigurationError(f"{self.where} {what}.")

    def take(self, name: str, expected: type, default: Any = None) -> Any:
        """The field; without a default it must be there."""
        value = self._left.pop(name, default)
        if value is None:
            raise self.wrong(f"has no {name!r}")
        if not isinstance(value, expected):
            raise self.wrong(f"has a {name!r} that is not a {expected.__name__}")
        return value

    def sentence(self, name: str) -> str:
        return " ".join(self.take(name, str).split())

    def words(self, name: str) -> tuple[str, ...]:
        words = self.take(name, list)
        if not all(isinstance(word, str) for word in words):
            raise self.wrong(f"has a word in {name!r} that is not a text (put it in quotation marks)")
        return tuple(words)

    def severity(self, value: object) -> RiskLevel:
        try:
            return RiskLevel(str(value))
        except ValueError as error:
            raise self.wrong(f"has the unknown severity {value!r}") from error

    def expression(self, text: object) -> re.Pattern[str]:
        if not isinstance(text, str) or not text:
            raise self.wrong("has a pattern that is not a text")
        try:
            return re.compile(re.sub(r"\{([a-z_]+)\}", self._word, text))
        except re.error as error:
            raise self.wrong(f"has a pattern that does not compile ({error}): {text}") from error

    def expressions(self, texts: object) -> tuple[re.Pattern[str], ...]:
        return tuple(
            self.expression(text) for text in ([texts] if isinstance(texts, str) else _sequence(texts))
        )

    def done(self) -> None:
        if self._left:
            raise self.wrong(f"has unknown fields: {', '.join(sorted(self._left))}")

    def _word(self, found: re.Match[str]) -> str:
        if found[1] not in self._vocabulary:
            raise self.wrong(f"uses {found[0]}, which the vocabulary does not hold")
        return f"(?:{re.sub(r'{([a-z_]+)}', self._word, self._vocabulary[found[1]])})"


def _rule(fields: _Fields, kinds: frozenset[str]) -> Rule:
    rule = Rule(
        category=fields.take("category", str),
        title=fields.sentence("title"),
        severity=fields.severity(fields.take("severity", str)),
        says=fields.sentence("says"),
        why=fields.sentence("why"),
        ask=fields.sentence("ask"),
        words=fields.words("words"),
        patterns=tuple(_pattern(fields, entry) for entry in fields.take("find", list)),
        unless=fields.expressions(fields.take("unless", list, [])),
        kinds=frozenset(fields.take("kinds", list, [])),
        looked_for=fields.take("looked_for", str, ""),
        absent=fields.take("absent", bool, default=False),
        definitions=fields.take("definitions", bool, default=False),
        quotations=fields.take("quotations", int, 3),
    )
    fields.done()
    if unknown := rule.kinds - kinds:
        raise fields.wrong(f"names unknown kinds: {', '.join(sorted(unknown))}")
    if rule.absent and not rule.kinds:
        raise fields.wrong("says what is absent, so it must name the kinds of document that should have it")
    if not rule.words or not rule.patterns:
        raise fields.wrong("needs at least one word and one pattern")
    return rule


def _pattern(fields: _Fields, entry: Any) -> Pattern:
    if isinstance(entry, str):
        return Pattern((fields.expression(entry),))
    if not isinstance(entry, dict) or not {"all"} <= set(entry) <= {"all", "unless", "heading", "severity"}:
        raise fields.wrong("has a pattern that is neither a text nor a mapping with `all`")
    return Pattern(
        all=fields.expressions(entry["all"]),
        unless=fields.expressions(entry.get("unless", [])),
        heading=fields.expression(entry["heading"]) if "heading" in entry else None,
        severity=fields.severity(entry["severity"]) if "severity" in entry else None,
    )


def _kind(fields: _Fields) -> Kind:
    kind = Kind(
        id=fields.take("id", str),
        name=fields.take("name", str),
        title=fields.expression(fields.take("title", str)),
        body=fields.expression(fields.take("body", str)),
        hits_per_10k_chars=float(fields.take("hits_per_10k_chars", int)),
        own_rules_only=fields.take("own_rules_only", bool, default=False),
    )
    fields.done()
    return kind


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def _refuse_twins(categories: Iterable[str]) -> None:
    seen: set[str] = set()
    for category in categories:
        if category in seen:
            raise ConfigurationError(f"The clause rules have {category!r} twice.")
        seen.add(category)
