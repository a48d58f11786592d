"""What runs in the one-shot child process that marks quotations in a PDF.

Input: a line of JSON (marks and limits), then the file's bytes. Output: a line of JSON (which marks were placed), then
the marked PDF.
"""

from __future__ import annotations

import json
import os
import sys

from smallprint.documents.confinement import confine


def main() -> None:
    """Read one PDF from standard input; never returns."""
    order = json.loads(sys.stdin.buffer.readline())
    confine(order["memory_bytes"], order["cpu_s"])
    content = sys.stdin.buffer.read()
    try:
        marked, placed = _highlight(content, order["marks"])
    except BaseException as error:  # noqa: BLE001 - a parser's panic is a BaseException
        print(type(error).__name__, file=sys.stderr)  # noqa: T201 - the type only: messages may hold document text
        os._exit(1)
    sys.stdout.buffer.write(json.dumps({"placed": placed}).encode() + b"\n" + marked)
    sys.stdout.buffer.flush()
    os._exit(0)  # parsers crash in their destructors more often than in their work


def _highlight(content: bytes, marks: list[list[object]]) -> tuple[bytes, list[int]]:
    import liteparse  # noqa: F401, PLC0415 - brings PDFium; parsers are imported under the limits

    from smallprint.documents.pdf.highlighting import Mark, highlight  # noqa: PLC0415

    return highlight(content, [Mark(*mark) for mark in marks])  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
