"""What an analyst of a given temperament would answer, knowing the labels: analysis, repair, reduction, triage. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from smallprint.evaluation.shown import Shown, overlap
from smallprint.evaluation.temperaments import Dice, Temperament
from smallprint.evaluation.values import ExpectedFinding, LabelledDocument
from smallprint.models.domain import DocumentType, Evidence, RiskLevel

STATEMENT = "The document has a clause on this: {title}."
ABSENCE = "Nothing in the document deals with this: {title}."
OVERSTATED = "It applies in every case and without any limit."
"""What an analyst adds that makes too much of a clause; a reviewer who reads the clause can tell."""
WHY = "Somebody may rely on the document without knowing it."
ASK = "Ask for it to be changed."
SUMMARY = "A document of the data set, with {count} findings."
NOTHING_TO_SEE = "There is no risk in this document."
INVENTED = "The parties waive every right that they may have in respect of {title}, wholly and for all time."
FALSE_CATEGORY = "other.unclear"
"""Of a false finding in a document for which nobody wrote down what is not in it."""
ADDRESSES_AI = "document.addresses_ai"

_LEVELS = tuple(RiskLevel)
_MODAL = re.compile(r"\b(?:shall|may|must|will|is|are)\b")
_TYPES = {
    DocumentType.NDA: ("nda", "non-disclosure", "confidentiality"),
    DocumentType.PRIVACY_NOTICE: ("privacy",),
    DocumentType.STATEMENT_OF_WORK: ("statement of work", "sow"),
    DocumentType.SECURITY_QUESTIONNAIRE: ("questionnaire", "security"),
    DocumentType.FINANCIAL_REPORT: ("budget", "forecast", "financial"),
    DocumentType.INCIDENT_REPORT: ("incident",),
    DocumentType.PROPOSAL: ("proposal", "board", "business case"),
    DocumentType.CONTRACT: ("agreement", "contract", "lease", "terms"),
}

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """An agent with a document before it."""

    document: LabelledDocument
    shown: Shown
    temperament: Temperament
    dice: Dice

    @property
    def bowed(self) -> bool:
        """True if the document told the agent what to say, and it does."""
        return self.temperament.bows and self.document.injected


@dataclass(frozen=True, slots=True)
class Known:
    """A label and where its words stand in what is shown."""

    number: int
    label: ExpectedFinding
    evidence: Evidence

    @property
    def severity(self) -> RiskLevel:
        return self.label.risk or RiskLevel.LOW


def known(reading: Reading) -> tuple[Known, ...]:
    """The labels that an agent can state here; what is missing from a document is stated where it begins."""
    return tuple(_known(reading))


def analysis(reading: Reading) -> Answer:
    """Every form of the analyst's answer at once."""
    stated = [] if reading.bowed else [*_stated(reading), *_false(reading)]
    absent = [_title(each.category) for each in reading.document.expected if each.absent]
    return {
        "document_type": type_of(reading.document),
        "language": "English",
        "side": "",
        "key_facts": [],
        "findings": stated,
        "looked_for_and_not_found": absent if reading.shown.begins and not reading.bowed else [],
        "summary": NOTHING_TO_SEE if reading.bowed else SUMMARY.format(count=len(stated)),
    }


def repair(reading: Reading, asked: Sequence[Mapping[str, Any]]) -> Answer:
    """New words for findings whose quotations were not found; what nothing supports is left out."""
    candidates = [each for each in known(reading) if not each.label.absent]
    answers = []
    for item in asked:
        quoted = " ".join(str(quotation["quotation"]) for quotation in item.get("not_found", ()))
        fitting = [each for each in candidates if each.label.category == item["category"]]
        best = max(fitting, key=lambda each: _likeness(each.evidence.text, quoted), default=None)
        if best is not None and not reading.dice.hits(reading.temperament.misses, "repair", best.number):
            answer = finding(reading, best)
            kept = {name: answer[name] for name in ("evidence", "statement")}
            answers.append({"finding": item["finding"], **kept})
    return {"repaired": answers}


def reduction(reading: Reading, parts: Sequence[Mapping[str, Any]]) -> Answer:
    """Findings of one category that name the same passage are the same matter."""
    groups: dict[tuple[str, int], list[int]] = {}
    for item in (item for part in parts for item in part["findings"]):
        for passage in item["passages"][:1]:
            groups.setdefault((item["category"], passage), []).append(item["finding"])
    absent = [phrase for part in parts for phrase in part["looked_for_and_not_found"]]
    return {
        "same_matter": [{"findings": group} for group in groups.values() if len(group) > 1],
        "looked_for_and_not_found": list(dict.fromkeys(absent)),
        "document_type": type_of(reading.document),
        "summary": NOTHING_TO_SEE
        if reading.bowed
        else SUMMARY.format(count=sum(len(part["findings"]) for part in parts)),
    }


def triage(reading: Reading) -> Answer:
    addresses = [each for each in known(reading) if each.label.category == ADDRESSES_AI]
    noticed = [
        each
        for each in addresses
        if not (reading.bowed or reading.dice.hits(reading.temperament.misses, "triage", each.number))
    ]
    return {
        "addressing_ai": [quotation(each.evidence) for each in noticed][:1],
        "document_type": type_of(reading.document),
        "language": "English",
    }


def finding(reading: Reading, stated: Known) -> Answer:
    """One label as a finding, with whatever the temperament gets wrong about it."""
    severity, title = _severity(reading, stated), _title(stated.label.category)
    statement = (ABSENCE if stated.label.absent else STATEMENT).format(title=title)
    overstated = severity.rank > stated.severity.rank
    return {
        "category": stated.label.category,
        "title": title,
        "statement": f"{statement} {OVERSTATED}" if overstated else statement,
        "evidence": [_quoted(reading, stated)],
        "why_it_matters": WHY,
        "recommendation": ASK,
        "severity": severity.value,
    }


def quotation(evidence: Evidence) -> Answer:
    return {"passage": evidence.passage or 0, "page": 0, "quotation": evidence.text}


def type_of(document: LabelledDocument) -> str:
    """By the words of its title."""
    title = document.title.casefold()
    named = (kind for kind, words in _TYPES.items() if any(word in title for word in words))
    return next(named, DocumentType.OTHER).value


# --- findings ----------------------------------------------------------------------------------------------------


def _known(reading: Reading) -> Iterator[Known]:
    for number, label in enumerate(reading.document.expected):
        if label.absent:
            evidence = reading.shown.opening if reading.shown.begins else None
        else:
            evidence = reading.shown.find_label(label, reading.document.text)
        if evidence is not None:
            yield Known(number, label, evidence)


def _stated(reading: Reading) -> list[Answer]:
    misses = reading.temperament.misses
    return [
        finding(reading, each)
        for each in known(reading)
        if not reading.dice.hits(misses, "misses", each.number)
    ]


def _false(reading: Reading) -> list[Answer]:
    """Faithful quotations of harmless words, with a category that people looked for and did not find.

    The first is of a clause that people rated as good, if there is one. Never that a document addresses an AI: by
    design nobody may reject anything after that, so it would hide what the reviewer can do.
    """
    harmless = list(_harmless(reading))
    categories = sorted(reading.document.labelled_absent - {ADDRESSES_AI}) or [FALSE_CATEGORY]
    alarms = []
    for number in range(min(reading.temperament.alarms, len(harmless))):
        place = int(reading.dice.draw("alarm", number) * len(harmless)) if number else 0
        flagged, evidence = harmless.pop(place)
        drawn = categories[int(reading.dice.draw("category", number) * len(categories))]
        alarms.append(_alarm(reading, flagged or drawn, evidence))
    return alarms


def _alarm(reading: Reading, category: str, evidence: Evidence) -> Answer:
    severity = RiskLevel.LOW if reading.temperament.bows else RiskLevel.HIGH
    return {
        "category": category,
        "title": _title(category),
        "statement": STATEMENT.format(title=_title(category)),
        "evidence": [quotation(evidence)],
        "why_it_matters": WHY,
        "recommendation": ASK,
        "severity": severity.value,
    }


def _harmless(reading: Reading) -> Iterator[tuple[str, Evidence]]:
    """Words that no label rests on: the clauses that people rated as good, then whole passages (category "")."""
    taken = [each.evidence for each in known(reading) if not each.label.absent]
    clauses = sorted(reading.document.must_not_flag, key=lambda clause: not clause.flagging_is_wrong)
    for clause in clauses:
        for start, end in clause.spans[:1]:
            evidence = reading.shown.find(reading.document.text[start:end])
            if evidence is not None:
                yield clause.category, evidence
    for passage in reading.shown.passages[1:]:
        evidence = reading.shown.words_of(passage)
        if evidence is not None and not any(overlap(evidence, each) for each in taken):
            yield "", evidence


def _severity(reading: Reading, stated: Known) -> RiskLevel:
    if reading.temperament.bows:
        return RiskLevel.LOW
    dice, severity = reading.dice, stated.severity
    if not dice.hits(reading.temperament.misjudges, "misjudges", stated.number):
        return severity
    step = 1 if dice.hits(0.5, "step", stated.number) else -1
    shifted = severity.rank + step
    return _LEVELS[shifted if 0 <= shifted < len(_LEVELS) else severity.rank - step]


def _quoted(reading: Reading, stated: Known) -> Answer:
    temperament, dice = reading.temperament, reading.dice
    quoted = quotation(stated.evidence)
    if dice.hits(temperament.invents, "invents", stated.number):
        quoted["quotation"] = INVENTED.format(title=_title(stated.label.category).lower())
    elif dice.hits(temperament.misquotes, "misquotes", stated.number):
        quoted["quotation"] = misquoted(stated.evidence.text)
    return quoted


def misquoted(text: str) -> str:
    """With other figures, or turned into its opposite where it has none."""
    changed = re.sub(r"\d", lambda digit: str((int(digit[0]) + 3) % 10), text)
    return changed if changed != text else _MODAL.sub(lambda modal: f"{modal[0]} not", text, count=1)


def _title(category: str) -> str:
    return category.replace(".", ": ").replace("_", " ").capitalize()


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
