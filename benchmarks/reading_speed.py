"""What reading costs beside the parser: the library alone in its own process, and ours with child, limits and checks."""

from __future__ import annotations

import asyncio
import io
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from smallprint.documents.reader import DocumentReader

PAGES = 300
LINES_A_PAGE = 46
CHARACTERS_A_LINE = 88
LIBRARY_ALONE = """
import sys
from liteparse import LiteParse
parser = LiteParse(ocr_enabled=False, quiet=True, output_format="markdown", extract_blocks=True, extract_annotations=True,
    extract_form_fields=True, extract_links=False, image_mode="off", continue_on_page_error=True, max_pages=600, num_workers=1)
print(parser.parse(sys.stdin.buffer.read()).total_pages, flush=True)
"""
"""As anybody would use it, with the options of documents/pdf/reader.py; python -I, as our child."""
CORE_ALONE = LIBRARY_ALONE.replace(
    "from liteparse import LiteParse",
    'from smallprint.documents.native import load_native\nLiteParse = load_native("liteparse", "_liteparse").LiteParse',
).replace("parser.parse(", "parser.parse_bytes(")
"""Its compiled core without its own Python layer, as our child uses it: nothing is made of the pages."""


@dataclass(frozen=True)
class Cost:
    """Of one run."""

    wall_s: float
    cpu_s: float
    peak_mib: float


def long_pdf(texts: Sequence[str], pages: int = PAGES) -> bytes:
    """Real contracts' words, set anew, so that each page is full."""
    words = " ".join(texts).encode("latin-1", "replace").decode("latin-1").split()
    buffer = io.BytesIO()
    canvas, place = Canvas(buffer, pagesize=A4, pageCompression=1), 0
    for _ in range(pages):
        canvas.setFont("Times-Roman", 10)
        for line in range(LINES_A_PAGE):
            text = ""
            while len(text) < CHARACTERS_A_LINE:
                text, place = f"{text} {words[place % len(words)]}", place + 1
            canvas.drawString(60, 780 - 15 * line, text.strip())
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def library_alone(content: bytes, runs: int, program: str = LIBRARY_ALONE) -> list[Cost]:
    """Start of Python, import and parse in a process that does nothing else."""
    return [_process(content, program) for _ in range(runs)]


def _process(content: bytes, program: str) -> Cost:
    started = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert child.stdin is not None
    child.stdin.write(content)
    child.stdin.close()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, "the library alone failed"
    return Cost(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def ours(reader: DocumentReader, name: str, content: bytes, runs: int) -> list[Cost]:
    """From bytes to Document: parent and child together.

    The peak is the largest child's so far, and never below the parent's own size: a fork begins with that.
    """

    async def read() -> list[Cost]:
        return [await _read(reader, name, content) for _ in range(runs)]

    return asyncio.run(read())


async def _read(reader: DocumentReader, name: str, content: bytes) -> Cost:
    children, own = resource.getrusage(resource.RUSAGE_CHILDREN), time.process_time()
    started = time.perf_counter()
    await reader.read(name, content)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime
    return Cost(wall, cpu + time.process_time() - own, after.ru_maxrss / 1024)


def median(costs: Sequence[Cost]) -> Cost:
    """Each figure by itself; the peak is the largest."""
    return Cost(
        statistics.median(cost.wall_s for cost in costs),
        statistics.median(cost.cpu_s for cost in costs),
        max(cost.peak_mib for cost in costs),
    )


def resident_mib() -> float:
    """Of this process, now; the largest so far where the system tells no more."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024**2
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
