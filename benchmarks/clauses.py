"""How well the offline analyst does on the labelled documents: recall, precision, false alarms, seconds.

    python benchmarks/clauses.py [folder] [--misses] [--alarms]

A finding counts as right when a label of the same category overlaps one of its quotations by half of the
shorter one. Precision is closed-world: only categories that the experts looked for can be false alarms, so
consumer terms (labelled by volunteers, not exhaustively) have recall only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from smallprint.agents.clauses import ClauseAnalyst
from smallprint.evaluation.categories import ours
from smallprint.models.domain import Document, DocumentKind, Finding, Passage, ReadingReceipt

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "evaldata" / "dev"
MIN_OVERLAP = 0.5
SOURCES = {"cuad": "CUAD", "nda": "ContractNLI", "tos": "ToS;DR"}


@dataclass
class Tally:
    """Counts over documents; every rate is derived."""

    hits: int = 0
    labels: int = 0
    right: int = 0
    judged: int = 0
    right_quotations: int = 0
    judged_quotations: int = 0
    located: Counter[bool] = field(default_factory=Counter)
    good_flagged: Counter[bool] = field(default_factory=Counter)

    def __iadd__(self, other: Tally) -> Self:
        for name, value in vars(other).items():
            getattr(self, name).update(value) if isinstance(value, Counter) else setattr(
                self, name, getattr(self, name) + value
            )
        return self

    def row(self, name: str) -> str:
        return (
            f"{name:<38} {self.labels:>6} {rate(self.hits, self.labels):>7} {self.judged:>7} "
            f"{rate(self.right, self.judged):>9} {rate(self.right_quotations, self.judged_quotations):>10}"
        )


def rate(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


def main() -> None:
    options = _options()
    if not any(options.folder.glob("*.json")):
        print(f"No labelled documents in {options.folder}, so there is nothing to measure.")
        sys.exit(0)
    analyst = ClauseAnalyst()
    sources: dict[str, Tally] = defaultdict(Tally)
    categories: dict[str, Tally] = defaultdict(Tally)
    misses: list[str] = []
    alarms: list[str] = []
    seconds = characters = 0.0
    for label in _labels(options.folder):
        document = _document(label)
        started = time.process_time()
        findings = analyst.read(document).findings
        seconds += time.process_time() - started
        characters += len(document.text)
        for category, tally in _score(label, findings, misses, alarms):
            sources[label["id"].split("-")[0]] += tally
            categories[category] += tally
    _print(sources, categories)
    if options.misses:
        print("\nMissed labels\n" + "\n".join(misses))
    if options.alarms:
        print("\nFalse alarms\n" + "\n".join(alarms))
    print(
        f"\n{characters:,.0f} characters in {seconds:.2f} s of CPU ({seconds / characters * 200_000:.2f} s per 200,000)"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, nargs="?", default=DATA)
    parser.add_argument("--misses", action="store_true", help="print every label that was not found")
    parser.add_argument("--alarms", action="store_true", help="print every finding that no label backs")
    return parser.parse_args()


def _labels(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.json")):
        label = json.loads(path.read_text("utf-8"))
        label["text"] = (folder / label["text_file"]).read_bytes().decode("utf-8")
        yield label


def _document(label: Mapping[str, Any]) -> Document:
    """Passages as a plain-text reader makes them: what stands between blank lines."""
    text: str = label["text"]
    blocks = [found for found in re.finditer(r"(?:[^\n]+\n?)+", text) if found[0].strip()]
    passages = tuple(
        Passage(number, block[0].strip(), block.start(), block.end())
        for number, block in enumerate(blocks, 1)
    )
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Document(
        label["id"], DocumentKind.TEXT, sha256, text, passages, ReadingReceipt(characters=len(text))
    )


# --- scoring -------------------------------------------------------------------------------------------------


def _score(
    label: Mapping[str, Any], findings: Sequence[Finding], misses: list[str], alarms: list[str]
) -> Iterator[tuple[str, Tally]]:
    folded, offsets = _folded(label["text"])
    spans = {
        finding.category: [_locate(folded, offsets, quotation.text) for quotation in finding.quotations]
        for finding in findings
    }
    for expected in label["expected"]:
        hit = any(
            _backs(expected, spans[category]) for category in ours(expected["category"]) if category in spans
        )
        if not hit:
            misses.append(
                f"{label['id']} {expected['category']}: {' '.join(' '.join(expected['quotes']).split())[:300]}"
            )
        yield expected["category"], Tally(hits=hit, labels=1)
    looked_for = {expected["category"] for expected in label["expected"]} | set(
        label.get("labelled_absent", [])
    )
    for category in looked_for & spans.keys():
        backed = [
            any(
                _backs(expected, [span]) for expected in label["expected"] if expected["category"] == category
            )
            for span in spans[category] or [None]
        ]
        if not any(backed):
            alarms.extend(_alarm(label, findings, category))
        yield (
            category,
            Tally(right=any(backed), judged=1, right_quotations=sum(backed), judged_quotations=len(backed)),
        )
    every = [span for found in spans.values() for span in found]
    good = [
        _overlaps_any(every, entry["spans"])
        for entry in label.get("must_not_flag", [])
        if entry["risk"] == "none"
    ]
    yield "", Tally(located=Counter(span is not None for span in every), good_flagged=Counter(good))


def _alarm(label: Mapping[str, Any], findings: Sequence[Finding], category: str) -> Iterator[str]:
    for finding in findings:
        if finding.category == category:
            for quotation in finding.quotations:
                yield f"{label['id']} {category}: {' '.join(quotation.text.split())[:300]}"


def _backs(expected: Mapping[str, Any], spans: Sequence[tuple[int, int] | None]) -> bool:
    return expected.get("polarity") == "absent" or _overlaps_any(spans, expected["spans"])


def _overlaps_any(spans: Sequence[tuple[int, int] | None], labels: Sequence[Sequence[int]]) -> bool:
    return any(
        (min(span[1], end) - max(span[0], start)) >= MIN_OVERLAP * min(span[1] - span[0], end - start)
        for span in spans
        if span
        for start, end in labels
    )


_PLAIN = str.maketrans(
    {"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "\u00a0": " ", "\u00ad": ""}
)


def _folded(text: str) -> tuple[str, list[int]]:
    out: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        for plain in unicodedata.normalize("NFKC", char.translate(_PLAIN)):
            if not plain.isspace() or (out and out[-1] != " "):
                out.append(" " if plain.isspace() else plain.lower()[0])
                offsets.append(offset)
    return "".join(out), offsets


def _locate(folded: str, offsets: Sequence[int], quotation: str) -> tuple[int, int] | None:
    wanted = _folded(quotation)[0].strip()
    at = folded.find(wanted) if wanted else -1
    return None if at < 0 else (offsets[at], offsets[at + len(wanted) - 1] + 1)


# --- printing ------------------------------------------------------------------------------------------------


def _print(sources: Mapping[str, Tally], categories: Mapping[str, Tally]) -> None:
    header = f"{'':<38} {'labels':>6} {'recall':>7} {'judged':>7} {'precision':>9} {'quotations':>10}"
    print(header)
    total = Tally()
    for source in sorted(sources):
        print(sources[source].row(SOURCES.get(source, source)))
        total += sources[source]
    print(total.row("all"))
    print(f"\n{header}")
    for category in sorted(categories):
        if category:
            print(categories[category].row(category[:38]))
    located, good = total.located, total.good_flagged
    print(f"\nquotations found verbatim: {rate(located[True], located.total())} of {located.total()}")
    print(f"clauses rated good that were flagged: {good[True]} of {good.total()}")


if __name__ == "__main__":
    main()
