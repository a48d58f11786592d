"""Documents read for real: every test starts the child process that parses."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from smallprint import errors
from smallprint.documents.quotes import QuoteIndex
from smallprint.documents.reader import DocumentReader, ReadingLimits
from smallprint.documents.sandbox import ChildLimits, Sandbox
from smallprint.documents.word.extras import ONE_CHANGE
from smallprint.models.domain import Document, DocumentKind, Match, PassageKind, Quotation
from tests.fakes import documents

LIABILITY = (
    "4.1 The Supplier shall not be liable for any indirect or consequential damages, lost profits or lost data arising"
    " from or related to this Agreement, however caused and under any theory of liability, even if advised of them."
)
FEES = "4.2 The Customer shall pay a fee of $12,500.50 within thirty (30) days of receipt of each invoice."


@pytest.fixture
def reader() -> DocumentReader:
    return DocumentReader(children=2)


def offsets_hold(document: Document) -> bool:
    return all(document.text[passage.start : passage.end] == passage.text for passage in document.passages)


# --- what can be read ------------------------------------------------------------------------------------


async def test_a_pdf_is_read_page_by_page_with_its_lines_joined(reader: DocumentReader) -> None:
    document = await reader.read("contract.pdf", documents.pdf(["SERVICES AGREEMENT", LIABILITY], [FEES]))
    assert document.kind is DocumentKind.PDF
    assert document.receipt.pages == 2
    assert document.receipt.pages_without_text == ()
    assert document.receipt.characters == len(document.text)
    assert document.receipt.passages == len(document.passages)
    assert offsets_hold(document)
    assert LIABILITY in document.text
    evidence = QuoteIndex(document).locate(Quotation("shall pay a fee of $12,500.50"))
    assert (evidence.match, evidence.page, evidence.locator) == (Match.EXACT, 2, "p. 2")


async def test_pages_without_text_become_pictures_and_are_named_in_the_receipt(
    reader: DocumentReader,
) -> None:
    document = await reader.read("a.pdf", documents.pdf([FEES], [], [LIABILITY], []))
    assert document.receipt.pages_as_pictures == (2, 4)
    assert [shown.page for shown in document.pictures] == [2, 4]
    assert (document.receipt.pages_without_text, document.receipt.warnings) == ((), ())


async def test_a_word_file_keeps_headings_numbers_and_tables(reader: DocumentReader) -> None:
    content = documents.word(
        LIABILITY, FEES, headings={0: "Liability", 1: "Fees"}, table=[["Item", "Price"], ["Cap", "$5"]]
    )
    document = await reader.read("contract.docx", content)
    assert [(passage.text, passage.section) for passage in document.passages] == [
        ("Liability", "Liability"),
        (LIABILITY, "Liability"),
        ("Fees", "Fees"),
        (FEES, "Fees"),
        ("Item | Price\nCap | $5", "Fees"),
    ]
    assert offsets_hold(document)
    assert document.passages[1].locator == "Liability"


async def test_automatic_clause_numbers_are_read(reader: DocumentReader) -> None:
    document = await reader.read("a.docx", documents.word_with_numbers("Definitions", "Fees"))
    assert [passage.text for passage in document.passages] == ["1. Definitions", "2. Fees"]


async def test_tracked_changes_are_passages_of_their_own(reader: DocumentReader) -> None:
    document = await reader.read("a.docx", documents.word_with_deletion(FEES, "never"))
    assert [(passage.text, passage.kind) for passage in document.passages] == [
        (FEES, PassageKind.BODY),
        ("never", PassageKind.DELETION),
    ]
    assert document.receipt.warnings == (ONE_CHANGE,)
    assert document.receipt.deletions == 1
    assert offsets_hold(document)


async def test_html_is_read_as_a_person_sees_it(reader: DocumentReader) -> None:
    picture = "data:image/png;base64," + "A" * 3_000
    body = (
        f"<h1>Terms</h1><p>{LIABILITY} See <a href='https://example.com/x'>the annex</a>.</p><img src='{picture}'>"
        "<script>alert(1)</script><style>p{color:red}</style><ol start=3><li>Third &amp; last</li></ol>"
        "<table><tr><th>Item</th><th>Price</th></tr><tr><td>Cap</td><td>$5</td></tr></table>"
    )
    document = await reader.read("terms.html", documents.html(body))
    assert [passage.text for passage in document.passages] == [
        "Terms",
        f"{LIABILITY} See the annex.",
        "3. Third & last",
        "Item | Price\nCap | $5",
    ]
    assert {passage.section for passage in document.passages} == {"Terms"}


async def test_markdown_and_text_are_read(reader: DocumentReader) -> None:
    markdown = await reader.read("a.md", f"# Terms\n\n**{FEES}**\n".encode())
    text = await reader.read("a.txt", f"Terms\n\n{FEES}\n".encode("utf-16"))
    assert (
        [passage.text for passage in markdown.passages]
        == [passage.text for passage in text.passages]
        == ["Terms", FEES]
    )
    assert (markdown.kind, text.kind) == (DocumentKind.MARKDOWN, DocumentKind.TEXT)


async def test_a_name_that_lies_is_mentioned(reader: DocumentReader) -> None:
    document = await reader.read("contract.docx", documents.pdf([FEES]))
    assert document.kind is DocumentKind.PDF
    assert document.receipt.warnings == ("Read as PDF although it is named .docx.",)


# --- what cannot -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.pdf", b"", errors.EmptyDocument),
        ("a.txt", b" \n ", errors.EmptyDocument),
        ("a.docx", documents.word(), errors.EmptyDocument),
        ("a.html", documents.html("<script>alert(1)</script>", title=""), errors.EmptyDocument),
        ("a.pdf", documents.pdf(*[[]] * 21), errors.ScannedDocument),
        ("a.pdf", documents.pdf([FEES], password="secret"), errors.EncryptedDocument),
        ("a.pdf", b"%PDF-1.7\nnothing of the kind", errors.CorruptDocument),
        ("a.pdf", documents.pdf([FEES])[:200], errors.CorruptDocument),
        ("a.docx", documents.zipped({"word/document.xml": b"<w:document"}), errors.CorruptDocument),
        ("a.docx", documents.zipped({"word/document.xml": bytes(12 * 1024**2)}), errors.UnsafeArchive),
        ("a.xlsx", documents.zipped({"xl/workbook.xml": b"<x/>"}), errors.CorruptDocument),
    ],
)
async def test_what_cannot_be_read_has_its_own_error(
    reader: DocumentReader, name: str, content: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await reader.read(name, content)


async def test_limits_on_size_and_pages_say_what_they_are() -> None:
    reader = DocumentReader(ReadingLimits(max_bytes=3 * 1024**2, max_text_bytes=1024**2, max_pages=2))
    with pytest.raises(errors.DocumentTooLarge, match="4 MB; I read up to 3 MB"):
        await reader.read("a.pdf", b"%PDF-" + b"x" * 3 * 1024**2)
    with pytest.raises(errors.DocumentTooLarge, match="2 MB; I read up to 1 MB"):
        await reader.read("a.txt", b"x" * (1024**2 + 1))
    with pytest.raises(errors.TooManyPages, match="3 pages; my limit is 2"):
        await reader.read("a.pdf", documents.pdf([FEES], [FEES], [FEES]))


async def test_too_little_memory_is_too_complex_and_not_our_end() -> None:
    reader = DocumentReader(ReadingLimits(memory_bytes=64 * 1024**2))
    with pytest.raises(errors.DocumentTooComplex):
        await reader.read("a.html", documents.html("<p>word</p>" * 500_000))


# --- the child process -----------------------------------------------------------------------------------


def sandbox(program: str, *, wall_s: float = 20, children: int = 1) -> Sandbox:
    limits = ChildLimits(cpu_s=5, wall_s=wall_s, memory_bytes=1024**3, max_pages=600)
    return Sandbox(limits, children=children, command=(sys.executable, "-I", "-c", program))


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.abort()",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "raise SystemExit(3)",
        "import sys; sys.stdin.close(); raise ValueError('text of the document')",
        "import sys\nwhile True: sys.stdout.write('x' * 2**20)",
    ],
    ids=["abort", "segmentation fault", "exit status", "exception", "endless answer"],
)
async def test_a_child_that_fails_is_too_complex(program: str) -> None:
    with pytest.raises(errors.DocumentTooComplex):
        await sandbox(program, wall_s=5).parse("pdf", b"x" * 1024**2)


async def test_a_child_that_hangs_is_killed_at_the_deadline() -> None:
    started = time.monotonic()
    with pytest.raises(errors.DocumentTooComplex):
        await sandbox("import time; time.sleep(60)", wall_s=0.3).parse("pdf", b"x" * 1024**2)
    assert time.monotonic() - started < 10


async def test_cancelling_kills_the_child_and_what_it_started(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    program = (
        "import os, subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}} '); time.sleep(60)"
    )
    reading = asyncio.create_task(sandbox(program).parse("pdf", b"x"))
    await until(lambda: pids.exists() and pids.read_text().count(" ") == 2)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    for pid in map(int, pids.read_text().split()):
        await until(partial(gone, pid))


async def test_only_as_many_children_run_at_once_as_allowed(tmp_path: Path) -> None:
    program = (
        "import os, sys, time; sys.stdin.read();"
        f"mark = os.path.join({str(tmp_path)!r}, str(os.getpid())); open(mark, 'w').close();"
        f"print(len(os.listdir({str(tmp_path)!r}))); time.sleep(0.1); os.unlink(mark)"
    )
    pool = sandbox(program, children=2)
    counts = await asyncio.gather(*(pool.parse("pdf", b"x") for _ in range(6)))
    assert max(map(int, counts)) <= 2


async def test_the_child_inherits_no_secret_and_no_directory_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "secret")
    answer = await sandbox(
        "import os, sys; sys.stdin.read(); print(dict(os.environ), os.listdir('.'))"
    ).parse("pdf", b"x")
    assert b"SLACK" not in answer
    assert answer.strip().endswith(b"[]")


@pytest.mark.skipif(sys.platform != "linux", reason="the limits are Linux's")
async def test_the_child_limits_itself_before_it_reads() -> None:
    program = (
        "import resource, sys, os; from smallprint.documents.confinement import confine; confine(2**30, 30);"
        "print(resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_FSIZE),"
        " resource.getrlimit(resource.RLIMIT_CPU), os.sched_getscheduler(0) == os.SCHED_IDLE,"
        " 'NoNewPrivs:\\t1' in open('/proc/self/status').read())"
    )
    answer = (await sandbox(program).parse("pdf", b"x")).decode()
    assert answer.split("\n")[0] == "(1073741824, 1073741824) (0, 0) (30, 32) True True"


async def until(true: Callable[[], bool], timeout_s: float = 10) -> None:
    async with asyncio.timeout(timeout_s):
        while not true():  # noqa: ASYNC110 - what we wait for happens in another process
            await asyncio.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return (
        "Z" in Path(f"/proc/{pid}/stat").read_text().split(")")[-1][:4] if sys.platform == "linux" else False
    )
