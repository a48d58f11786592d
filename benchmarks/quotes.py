"""How many quotations by experts are found in the PDFs they come from, and how many corrupted ones are let through.

    python benchmarks/quotes.py [folder]

The folder holds <id>.json (expected[].quotes) and pdf/<id>.pdf; default: EVAL_DATA_DIR, or ../shared/evaldata/dev.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog
from rich.console import Console
from rich.table import Table

from smallprint.documents.quotes import QuoteIndex
from smallprint.documents.reader import DocumentReader
from smallprint.models.domain import Match, Quotation

SHORTEST_QUOTATION = 25
JOINED = "two clauses joined"
_SEED = 7


def main() -> None:
    default = Path(os.environ.get("EVAL_DATA_DIR", Path(__file__).parents[2] / "shared" / "evaldata" / "dev"))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    if not (folder / "pdf").is_dir():
        print(f"quotes: no labelled PDFs in {folder.name}/pdf, nothing to measure (set EVAL_DATA_DIR)")
        return
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    asyncio.run(_measure(folder))


async def _measure(folder: Path) -> None:
    reader = DocumentReader(children=2)
    chance = random.Random(_SEED)  # noqa: S311 - no secret
    outcomes: dict[str, Counter[Match]] = {name: Counter() for name in ("genuine", *CORRUPTIONS, JOINED)}
    seconds: dict[str, list[float]] = {name: [] for name in outcomes}
    missed: list[str] = []
    for pdf in sorted((folder / "pdf").glob("*.pdf")):
        index = QuoteIndex(await reader.read(pdf.name, pdf.read_bytes()))
        genuine = quotations(folder / f"{pdf.stem}.json")
        for place, quotation in enumerate(genuine):
            for name, claimed in _claims(quotation, genuine[place - 1], chance):
                started = time.perf_counter()
                evidence = index.locate(Quotation(claimed))
                seconds[name].append(time.perf_counter() - started)
                outcomes[name][evidence.match] += 1
                wrong = evidence.match.grounded != (name == "genuine")
                if wrong and "-v" in sys.argv:
                    missed.append(
                        f"{pdf.stem} {name} {evidence.match}: {claimed[:300]!r} → {evidence.text[:300]!r}"
                    )
    Console(width=110).print(_table(outcomes, seconds))
    print(_verdict(outcomes))
    print("\n".join(missed))


def _claims(quotation: str, other: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """The quotation as it is, and in every corrupted form that it can take."""
    yield "genuine", quotation
    for name, corrupt in CORRUPTIONS.items():
        claimed = corrupt(quotation, chance)
        if claimed is not None:
            yield name, claimed
    joined = None if other == quotation else _join_clauses(quotation, other, chance)
    if joined is not None:
        yield JOINED, joined


def quotations(labels: Path) -> list[str]:
    expected = json.loads(labels.read_text())["expected"]
    quotes = {quote for label in expected for quote in label.get("quotes", [])}
    return sorted(quote for quote in quotes if len(quote) >= SHORTEST_QUOTATION)


def _verdict(outcomes: dict[str, Counter[Match]]) -> str:
    """The two figures that count, and what they must be."""
    found, genuine = _grounded(outcomes["genuine"]), outcomes["genuine"].total()
    corrupted = [counts for name, counts in outcomes.items() if name != "genuine"]
    accepted, tried = sum(map(_grounded, corrupted)), sum(counts.total() for counts in corrupted)
    return (
        f"found {found} of {genuine} genuine quotations ({found / max(genuine, 1):.2%}, aim ≥ 98 %);"
        f" accepted {accepted} of {tried} corrupted ones ({accepted / max(tried, 1):.2%}, aim ≤ 0.5 %)"
    )


def _grounded(counts: Counter[Match]) -> int:
    return sum(count for match, count in counts.items() if match.grounded)


def _table(outcomes: dict[str, Counter[Match]], seconds: dict[str, list[float]]) -> Table:
    table = Table(title="Quotations by experts, looked up in their PDFs")
    for column in ("quotations", "n", *Match, "grounded", "ms median", "ms max"):
        table.add_column(column, justify="left" if column == "quotations" else "right")
    for name, counts in outcomes.items():
        n = counts.total()
        if n:
            grounded = _grounded(counts)
            times = sorted(seconds[name])
            table.add_row(
                name,
                str(n),
                *(str(counts[match]) for match in Match),
                f"{grounded / n:.2%}",
                f"{times[n // 2] * 1000:.2f}",
                f"{times[-1] * 1000:.1f}",
            )
    return table


def _change_digit(text: str, chance: random.Random) -> str | None:
    places = [match.start() for match in re.finditer(r"\d", text)]
    if not places:
        return None
    place = chance.choice(places)
    return (
        text[:place]
        + chance.choice([digit for digit in "0123456789" if digit != text[place]])
        + text[place + 1 :]
    )


def _change_number_word(text: str, chance: random.Random) -> str | None:
    words = ("two", "three", "five", "ten", "fifteen", "thirty", "sixty", "ninety")
    return _replace_word(text, chance, {word: [other for other in words if other != word] for word in words})


def _drop_not(text: str, chance: random.Random) -> str | None:
    return _replace_word(
        text, chance, {"not": [""], "without": ["with"], "no": ["any"], "never": [""], "nor": ["or"]}
    )


def _add_not(text: str, chance: random.Random) -> str | None:
    return _replace_word(
        text, chance, {verb: [f"{verb} not"] for verb in ("shall", "may", "will", "must", "is", "are")}
    )


def _swap_duty(text: str, chance: random.Random) -> str | None:
    return _replace_word(text, chance, {"shall": ["may"], "may": ["shall"], "must": ["may"]})


def _invent(text: str, _: random.Random) -> str | None:
    words = text.split()
    half = len(words) // 2
    tail = [
        "waives",
        "every",
        "claim",
        "it",
        "has",
        "or",
        "might",
        "ever",
        "have",
        "against",
        "the",
        "other",
        "party",
        "and",
        "its",
        "affiliates",
    ]
    return " ".join(words[:half] + tail) if half > 4 else None


def _join_clauses(text: str, others: str, chance: random.Random) -> str | None:
    """The beginning of one quotation and the end of another: every word stands in the document, the sentence doesn't."""
    head, tail = text.split(), others.split()
    if len(head) < 8 or len(tail) < 8:
        return None
    cut = chance.randint(4, min(len(head), len(tail)) - 3)
    return " ".join(head[:cut] + tail[-cut:])


def _replace_word(text: str, chance: random.Random, changes: dict[str, list[str]]) -> str | None:
    places = [match for match in re.finditer(r"\b[a-z]+\b", text) if match[0] in changes and match.start()]
    if not places:
        return None
    place = chance.choice(places)
    return " ".join((text[: place.start()] + chance.choice(changes[place[0]]) + text[place.end() :]).split())


CORRUPTIONS: dict[str, Callable[[str, random.Random], str | None]] = {
    "digit changed": _change_digit,
    "number word changed": _change_number_word,
    "negation dropped": _drop_not,
    "negation added": _add_not,
    "duty changed": _swap_duty,
    "second half invented": _invent,
}

if __name__ == "__main__":
    main()
