"""How faithfully and how fast documents are read: figures beside their goals.

    python benchmarks/extraction.py [quotations|clauses|speed|corpus …]      (all of them without a name)

Reads CORPUS_DIR (default ../shared/corpus) and EVAL_DATA_DIR (default ../shared/evaldata/dev); what is not there is left out.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import reading_speed  # noqa: E402 - the path comes first
from benchmarks.clause_numbers import kept, numbered_clauses  # noqa: E402
from benchmarks.quotes import quotations  # noqa: E402
from benchmarks.tracked_changes import tracked_changes  # noqa: E402
from tests.fakes import documents  # noqa: E402

from smallprint.documents.quotes import QuoteIndex  # noqa: E402
from smallprint.documents.quotes.folding import fold  # noqa: E402
from smallprint.documents.reader import DocumentReader, ReadingLimits  # noqa: E402
from smallprint.errors import DocumentError  # noqa: E402
from smallprint.models.domain import Document, Quotation  # noqa: E402

CORPUS = Path(os.environ.get("CORPUS_DIR", ROOT.parent / "shared" / "corpus"))
LABELLED = Path(os.environ.get("EVAL_DATA_DIR", ROOT.parent / "shared" / "evaldata" / "dev"))
GOALS = {
    "found": "≥ 99 %", "page": "≥ 98 %", "numbers": "≥ 65 %", "changes": "100 %", "ratio": "≤ 1.3", "overhead": "≤ 200 ms",
    "hangs": "0", "memory": "< 50 MiB",
}  # fmt: skip
RUNS = 5
_TRIVIAL_RUNS = 21
_WORD = {".docx", ".docm"}
_FIRST_LETTERS = 60
console = Console(width=118)


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    wanted = sys.argv[1:] or list(PARTS)
    for name in wanted:
        PARTS[name]()


# --- quotations ------------------------------------------------------------------------------------------


def measure_quotations() -> None:
    """Words that experts marked, looked up in the PDF they come from; the page where it can be known."""
    pdfs = sorted((LABELLED / "pdf").glob("*.pdf")) if (LABELLED / "pdf").is_dir() else []
    if not pdfs:
        _absent("quotations", LABELLED)
        return
    counts: Counter[str] = Counter()
    for pdf in pdfs:
        content = pdf.read_bytes()
        document = asyncio.run(DocumentReader().read(pdf.name, content))
        counts.update(_looked_up(document, _pages(content), quotations(LABELLED / f"{pdf.stem}.json")))
    found, right = counts["found"] / counts["all"], counts["right page"] / max(counts["page known"], 1)
    table = _table(f"Experts' quotations in {len(pdfs)} PDFs", "figure", "share", "of", "goal")
    table.add_row("found on the right document", f"{found:.2%}", f"{counts['all']:,}", GOALS["found"])
    table.add_row("on the right page", f"{right:.2%}", f"{counts['page known']:,}", GOALS["page"])
    console.print(table)
    print(
        "A page counts as known if the quotation's first 60 letters stand on one page only of the PDF engine's raw text.\n"
    )


def _looked_up(document: Document, pages: list[str], expected: list[str]) -> Iterator[str]:
    index = QuoteIndex(document)
    for quotation in expected:
        yield "all"
        evidence = index.locate(Quotation(quotation))
        if not evidence.match.grounded:
            continue
        yield "found"
        start = fold(quotation)[:_FIRST_LETTERS]
        known = [number for number, text in enumerate(pages, 1) if start in text]
        if len(known) == 1 and "".join(pages).count(start) == 1:
            yield "page known"
            if evidence.page == known[0]:
                yield "right page"


def _pages(content: bytes) -> list[str]:
    """Raw text of each page, folded: not the text that we make of it."""
    from liteparse import LiteParse  # noqa: PLC0415 - vetted files only: everywhere else the child does this

    parser = LiteParse(ocr_enabled=False, quiet=True, output_format="text")
    return [fold(page.text) for page in parser.parse(content).pages]


# --- Word ------------------------------------------------------------------------------------------------


def measure_clauses() -> None:
    """Automatic numbers before their clauses, and tracked changes: of the corpus and of generated contracts."""
    table = _table("Word: automatic clause numbers and tracked changes", "documents", "numbers kept", "of", "insertions", "of", "deletions", "of")  # fmt: skip
    for name, files in (("corpus", _word_files()), ("generated", list(_generated()))):
        counts: Counter[str] = Counter()
        for file, content in files:
            counts.update(_clauses(file, content))
        cells = [name]
        for subject in ("number", "insertion", "deletion"):
            total = counts[f"{subject} expected"]
            cells += [f"{counts[f'{subject} found'] / total:.1%}" if total else "–", str(total)]
        table.add_row(*cells)
    table.add_row("goal", GOALS["numbers"], "", GOALS["changes"], "", GOALS["changes"], "")
    console.print(table)
    print(
        "Expected numbers come from a small reference implementation of numbering.xml (benchmarks/clause_numbers.py),"
        " not from a word processor. “generated” are our own contracts: the corpus has few numbers and no redline.\n"
    )


def _clauses(name: str, content: bytes) -> Iterator[str]:
    try:
        document = asyncio.run(DocumentReader().read(name, content))
    except DocumentError:
        return
    text = re.sub(r"\s+", " ", document.text)
    for clause in numbered_clauses(content):
        yield "number expected"
        if kept(clause, text):
            yield "number found"
    for kind, words in tracked_changes(content):
        yield f"{kind} expected"
        if any(
            passage.kind.value == kind and fold(words) in fold(passage.text) for passage in document.passages
        ):
            yield f"{kind} found"


def _word_files() -> list[tuple[str, bytes]]:
    paths = sorted(CORPUS.glob("word/*")) if CORPUS.is_dir() else []
    return [(path.name, path.read_bytes()) for path in paths if path.suffix.lower() in _WORD]


def _generated() -> Iterator[tuple[str, bytes]]:
    depths = (0, 1, 1, 2, 2, 3, 3, 1, 2, 0, 1, 2, 3, 1)
    clauses = [
        (depth, f"Clause {place} says something that no other clause says.")
        for place, depth in enumerate(depths * 6)
    ]
    yield "outline.docx", documents.word_with_outline(clauses)
    decimal = [
        ("decimal", ".".join(f"%{depth}" for depth in range(1, level + 1)) + ".") for level in range(1, 5)
    ]
    yield "decimal.docx", documents.word_with_outline(clauses, decimal)
    changes = [
        (
            f"Clause {place} stays. ",
            f"Old words {place} of the clause." * (place % 3 > 0),
            f"New words {place} of it." * (place % 2),
        )
        for place in range(1, 41)
    ]
    yield "redline.docx", documents.word_with_changes(changes)


# --- speed -----------------------------------------------------------------------------------------------


def measure_speed() -> None:
    """Beside the library alone for a long PDF, and what a child costs for a text of one line."""
    texts = (
        [path.read_text() for path in sorted((LABELLED / "docs").glob("cuad*.txt"))]
        if LABELLED.is_dir()
        else []
    )
    long = reading_speed.long_pdf(texts or [_stand_in_words()])
    reader = DocumentReader(children=1)
    before = reading_speed.resident_mib()
    trivial = reading_speed.median(reading_speed.ours(reader, "a.txt", b"One line.", _TRIVIAL_RUNS))
    ours = reading_speed.median(reading_speed.ours(reader, "long.pdf", long, RUNS))
    gc.collect()
    grown = reading_speed.resident_mib() - before
    library = reading_speed.median(reading_speed.library_alone(long, RUNS))
    core = reading_speed.median(reading_speed.library_alone(long, RUNS, reading_speed.CORE_ALONE))
    _print_speed(ours, library, core)
    print(
        f"a child for a text of one line: {trivial.wall_s * 1000:.0f} ms, CPU {trivial.cpu_s * 1000:.0f} ms"
        f" (goal {GOALS['overhead']}); the parent grew by {grown:.0f} MiB (goal {GOALS['memory']})\n"
    )


def _print_speed(ours: reading_speed.Cost, library: reading_speed.Cost, core: reading_speed.Cost) -> None:
    title = f"A PDF of {reading_speed.PAGES} pages, median of {RUNS}"
    table = _table(
        title, "", "ours", "library alone", "ratio", "goal", "its compiled core alone", "ratio to that"
    )
    for label, mine, alone, bare, goal in (
        ("wall, s", ours.wall_s, library.wall_s, core.wall_s, GOALS["ratio"]),
        ("CPU, s", ours.cpu_s, library.cpu_s, core.cpu_s, GOALS["ratio"]),
        ("peak of the child, MiB", ours.peak_mib, library.peak_mib, core.peak_mib, ""),
    ):
        table.add_row(
            label,
            f"{mine:.2f}",
            f"{alone:.2f}",
            f"{mine / alone:.2f}",
            goal,
            f"{bare:.2f}",
            f"{mine / bare:.2f}",
        )
    console.print(table)


def _stand_in_words() -> str:
    return (
        "The Supplier shall not be liable for any indirect or consequential damages under this Agreement. "
        * 40
    )


# --- the corpus ------------------------------------------------------------------------------------------


def measure_corpus() -> None:
    """Every file: a Document or one of our errors, within the deadline, the parent as small as before."""
    files = sorted(path for path in CORPUS.glob("*/*") if path.is_file()) if CORPUS.is_dir() else []
    if not files:
        _absent("corpus", CORPUS)
        return
    reader, limits = DocumentReader(), ReadingLimits()
    asyncio.run(_ended(reader, "a.txt", b"Whatever is imported at first use."))
    before = reading_speed.resident_mib()
    outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    slowest: list[tuple[float, str]] = []
    for path in files:
        started = time.perf_counter()
        outcomes[path.parent.name][asyncio.run(_ended(reader, path.name, path.read_bytes()))] += 1
        slowest.append((time.perf_counter() - started, f"{path.parent.name}/{path.name}"))
    gc.collect()
    _print_corpus(outcomes, sorted(slowest, reverse=True), limits, reading_speed.resident_mib() - before)


async def _ended(reader: DocumentReader, name: str, content: bytes) -> str:
    try:
        await reader.read(name, content)
    except DocumentError as refusal:
        return refusal.code
    return "read"


def _print_corpus(
    outcomes: dict[str, Counter[str]], slowest: list[tuple[float, str]], limits: ReadingLimits, grown: float
) -> None:
    table = _table(f"{len(slowest)} files of the corpus", "folder", "read", "refused")
    for folder, counts in sorted(outcomes.items()):
        refused = ", ".join(f"{code} {count}" for code, count in counts.most_common() if code != "read")
        table.add_row(folder, str(counts["read"]), refused)
    console.print(table)
    hangs = sum(seconds > limits.wall_s for seconds, _ in slowest)
    print(f"slowest: {', '.join(f'{name} {seconds:.2f} s' for seconds, name in slowest[:3])}")
    print(
        f"hangs beyond {limits.wall_s:.0f} s: {hangs} (goal {GOALS['hangs']}); the parent grew by {grown:.0f} MiB (goal {GOALS['memory']})\n"
    )


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for position, column in enumerate(columns):
        table.add_column(
            column, justify="right" if position and column not in {"goal", "refused"} else "left"
        )
    return table


def _absent(part: str, folder: Path) -> None:
    print(f"{part}: there is no {folder.name} here, nothing to measure (set CORPUS_DIR, EVAL_DATA_DIR)\n")


PARTS: dict[str, Callable[[], None]] = {
    "quotations": measure_quotations,
    "clauses": measure_clauses,
    "speed": measure_speed,
    "corpus": measure_corpus,
}

if __name__ == "__main__":
    main()
