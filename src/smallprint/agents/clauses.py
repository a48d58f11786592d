"""The offline analyst: rules, no AI. It finds clauses by how lawyers word them and quotes whole sentences."""

from __future__ import annotations

import asyncio
import re
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from smallprint.agents.clause_rules import ClauseRules, Kind, Pattern, Rule
from smallprint.agents.deadlines import find_passed_dates
from smallprint.agents.figures import find_figures
from smallprint.agents.references import find_missing_attachments
from smallprint.agents.requests import Assignment
from smallprint.agents.sentences import Sentence, split_sentences
from smallprint.models.domain import (
    Agent,
    AgentRun,
    Analysis,
    Document,
    Finding,
    PassageKind,
    Prompt,
    Quotation,
    RiskLevel,
    Usage,
)

OFFLINE_MODEL = "offline-rules"
MAX_QUOTATION_CHARS = 700
"""A longer sentence is quoted by its clauses around what was found; fits a Slack section several times."""

_INTRODUCTION = "By the offline rules (no AI), this looks like {kind}{parties}."
_OTHER_LANGUAGE = "The offline rules (no AI) know English wording only, and this document seems to be in another language: they are of little use for it."
_LANGUAGE_WITHIN, _WORDS_TO_JUDGE, _ENGLISH_SHARE = 20_000, 80, 0.12
_ENGLISH = frozenset(
    "the of and to in a or for by be is that this shall any as with on not it are from you your we our".split()  # noqa: SIM905
)
_UNKNOWN_KIND = "By the offline rules (no AI), this is not a kind of document they know; they looked for clauses of contracts, NDAs, consumer terms and privacy notices, and for weak points of questionnaires, reports, proposals and tables."
_POINTS = "They found {points}; the most serious {what}."
_NOTHING = (
    "They found none of the clauses they know, which does not mean that there is nothing to worry about."
)
_CAVEAT = "Rules miss what is worded unusually: have a person read it before you rely on this."

log = structlog.get_logger()


class ClauseAnalyst:
    """Finds clauses by the rules in `clauses.yaml` and `papers.yaml`, and adds up tables; the same answer for the same document, for free."""

    offline = True
    sees = False

    def __init__(self, rules: ClauseRules | None = None) -> None:
        """`rules` are compiled once, here; the packaged ones by default. Raises ConfigurationError."""
        self._rules = rules or ClauseRules.packaged()

    async def analyse(
        self,
        document: Document,
        prompt: Prompt | None,  # rules need no prompt; analysts share one signature
        assignment: Assignment,
    ) -> tuple[Analysis, AgentRun]:
        """Reads the document on a thread of its own: the rules keep one core busy while they run."""
        started = time.perf_counter()
        analysis = await asyncio.to_thread(self.read, document)
        seconds = time.perf_counter() - started
        log.info(
            "clauses found",
            analysis=assignment.analysis_id,
            seconds=round(seconds, 3),
            findings=len(analysis.findings),
        )
        return analysis, AgentRun(Agent.ANALYST, OFFLINE_MODEL, None, Usage(), 0, seconds)

    def read(self, document: Document) -> Analysis:
        """The same without the thread: pure."""
        # What we computed ourselves from a table is not the document's word.
        passages = (passage for passage in document.passages if passage.kind is not PassageKind.PROFILE)
        whole = tuple(split_sentences(passages))
        sentences = _Sentences(whole)
        kind = _recognise(self._rules.kinds, sentences)
        rules = [rule for rule in self._rules.rules if rule.applies_to(kind.id if kind else "")]
        hits = {rule.category: _search(rule, sentences) for rule in rules}
        looked_up = (
            *find_figures(document),
            *find_passed_dates(document, whole),
            *find_missing_attachments(whole),
        )
        findings = _ranked((*_findings(rules, hits), *looked_up))
        return Analysis(_summary(kind, document, findings), findings, _not_found(rules, hits, kind))


# --- searching -------------------------------------------------------------------------------------------------


class _Sentences:
    """A document's sentences, each wording once, with an index of their words."""

    def __init__(self, sentences: Iterable[Sentence]) -> None:
        unique: dict[str, Sentence] = {}
        for sentence in sentences:
            unique.setdefault(sentence.folded, sentence)
        self.all = tuple(unique.values())
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for number, sentence in enumerate(self.all):
            for word in set(_WORD.findall(sentence.folded)):
                self._by_word[word].append(number)
        self._words = sorted(self._by_word)

    def with_words(self, beginnings: Iterable[str]) -> list[Sentence]:
        """Sentences that hold a word with one of these beginnings, in the order of the document."""
        words = (word for beginning in beginnings for word in self._words_with(beginning))
        numbers = {number for word in words for number in self._by_word[word]}
        return [self.all[number] for number in sorted(numbers)]

    def _words_with(self, beginning: str) -> Iterator[str]:
        at = bisect_left(self._words, beginning)
        while at < len(self._words) and self._words[at].startswith(beginning):
            yield self._words[at]
            at += 1


@dataclass(frozen=True, slots=True)
class _Hit:
    sentence: Sentence
    rank: int
    """Of the pattern: 0 is the surest."""
    pattern: Pattern
    match: re.Match[str]

    @property
    def quotation(self) -> Quotation:
        text = self.sentence.around(self.match.start(), self.match.end(), MAX_QUOTATION_CHARS)
        return Quotation(text, self.sentence.passage)


_WORD = re.compile(r"[a-z]{2,40}")


def _search(rule: Rule, sentences: _Sentences) -> list[_Hit]:
    """Best first, then in the order of the document."""
    found = (_hit(rule, sentence) for sentence in sentences.with_words(rule.words))
    return sorted((hit for hit in found if hit), key=lambda hit: hit.rank)


def _hit(rule: Rule, sentence: Sentence) -> _Hit | None:
    if sentence.is_heading or (sentence.is_definition and not rule.definitions):
        return None
    for rank, pattern in enumerate(rule.patterns):
        match = pattern.match(sentence)
        if match:
            vetoed = any(expression.search(sentence.folded) for expression in rule.unless)
            return None if vetoed else _Hit(sentence, rank, pattern, match)
    return None


_TITLE_CHARS = 1_500
_FEW_CHARS = 2_000  # a share of less text says nothing
_ENOUGH_BESIDE_TITLE = 1 / 3


def _recognise(kinds: Sequence[Kind], sentences: _Sentences) -> Kind | None:
    """By its first lines and some of its words, else by how often it speaks as that kind of document does."""
    text = "\n".join(sentence.folded for sentence in sentences.all)
    per_10k = 10_000 / max(len(text), _FEW_CHARS)

    def often(kind: Kind) -> float:
        return sum(1 for _ in kind.body.finditer(text)) * per_10k / kind.hits_per_10k_chars

    titled = (
        kind
        for kind in kinds
        if kind.title.search(text, 0, _TITLE_CHARS) and often(kind) >= _ENOUGH_BESIDE_TITLE
    )
    return next(titled, None) or next((kind for kind in kinds if often(kind) >= 1), None)


# --- findings ----------------------------------------------------------------------------------------------------


def _findings(rules: Sequence[Rule], hits: Mapping[str, Sequence[_Hit]]) -> tuple[Finding, ...]:
    found = [_finding(rule, hits[rule.category]) for rule in rules if hits[rule.category] and not rule.absent]
    found += [_missing(rule) for rule in rules if rule.absent and not hits[rule.category]]
    return tuple(found)


def _ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The most serious first, numbered."""
    ranked = sorted(findings, key=lambda finding: -finding.severity.rank)
    return tuple(replace(finding, id=f"F{number}") for number, finding in enumerate(ranked, 1))


def _finding(rule: Rule, hits: Sequence[_Hit]) -> Finding:
    best = hits[0]
    severities = [hit.pattern.severity or rule.severity for hit in hits[: rule.quotations]]
    return Finding(
        id="",
        category=rule.category,
        title=rule.title,
        statement=_statement(rule.says, best.match.groupdict()),
        why_it_matters=rule.why,
        recommendation=rule.ask,
        severity=max(severities, key=lambda level: level.rank),
        quotations=tuple(dict.fromkeys(hit.quotation for hit in hits[: rule.quotations])),
    )


def _missing(rule: Rule) -> Finding:
    """What is lacking has no words to quote."""
    return Finding("", rule.category, rule.title, rule.says, rule.why, rule.ask, rule.severity)


def _not_found(
    rules: Sequence[Rule], hits: Mapping[str, Sequence[_Hit]], kind: Kind | None
) -> tuple[str, ...]:
    """Names of what the document could have been expected to say."""
    own_only = kind is not None and kind.own_rules_only
    return tuple(
        rule.looked_for
        for rule in rules
        if rule.looked_for and not hits[rule.category] and (rule.kinds or not own_only)
    )


_OPTIONAL = re.compile(r"\[([^\[\]{}]{0,80})\{(\w+)\}([^\[\]{}]{0,80})\]")


def _statement(says: str, captured: dict[str, str | None]) -> str:
    def fill(part: re.Match[str]) -> str:
        value = captured.get(part[2])
        return f"{part[1]}{value}{part[3]}" if value else ""

    return _OPTIONAL.sub(fill, says)


# --- the summary --------------------------------------------------------------------------------------------------

_PARTY = r"(?:\(\d\)\s+)?([A-Z][\w&.,'’ -]{1,70}?)(?:,?\s+(?:a|an|the)\s[^()\"“”]{0,160})?,?\s*\((?:the\s+|hereinafter[^\"“]{0,40})?[\"“]"
_PARTIES = re.compile(
    rf"\b(?:between|among)\s+(?:and among\s+)?{_PARTY}[^\"“”]{{1,50}}[\"”][^()]{{0,60}}\)\s*,?\s*and\s+{_PARTY}"
)
_RUN_ON = re.compile(r"(?<!Inc)(?<!Corp)(?<!Co)(?<!Ltd)(?<!St)\.\s+[A-Z]|\b[Tt]his\b")
_PARTIES_WITHIN = 4_000
_NAMED_POINTS = 3


def _summary(kind: Kind | None, document: Document, findings: Sequence[Finding]) -> str:
    opening = (
        _INTRODUCTION.format(kind=kind.name, parties=_parties(document.text[:_PARTIES_WITHIN]))
        if kind
        else _UNKNOWN_KIND
    )
    if not _is_english(document.text[:_LANGUAGE_WITHIN]):
        opening = _OTHER_LANGUAGE
    return " ".join((opening, _points(findings) if findings else _NOTHING, _CAVEAT))


def _is_english(text: str) -> bool:
    """In English prose about four words in ten are these; tables and short texts are given the benefit of the doubt."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return len(words) < _WORDS_TO_JUDGE or sum(map(_ENGLISH.__contains__, words)) >= _ENGLISH_SHARE * len(
        words
    )


def _parties(opening: str) -> str:
    """' between A and B' where the document introduces exactly these two by a defined term; else nothing."""
    found = _PARTIES.search(opening)
    if found is None:
        return ""
    first, second = (" ".join(name.split()).rstrip(" ,") for name in found.groups())
    if _RUN_ON.search(first) or _RUN_ON.search(second):
        return ""
    return f" between {first} and {second.removesuffix('.')}"


def _points(findings: Sequence[Finding]) -> str:
    worst = findings[0].severity
    gravest = [finding.title for finding in findings if finding.severity is worst]
    named = "; ".join(_lower_first(title) for title in gravest[:_NAMED_POINTS])
    points = "1 point" if len(findings) == 1 else f"{len(findings)} points"
    more = f" and {len(gravest) - _NAMED_POINTS} more" if len(gravest) > _NAMED_POINTS else ""
    return _POINTS.format(points=points, what=f"({_LEVELS[worst]}): {named}{more}")


_LEVELS = {level: f"{level.value} risk" for level in RiskLevel}


def _lower_first(title: str) -> str:
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
