"""What runs in the one-shot child process: limits first, then one document in, one answer out.

Input: a line of JSON (kind and limits), then the file's bytes. Output: one JSON document, a reading or a refusal.
Everything imported here is paid for every document: see documents/reading.py.
"""

from __future__ import annotations

import gc
import json
import os
import sys

from smallprint.documents.confinement import confine


def main() -> None:
    """Read one document from standard input; never returns."""
    gc.disable()  # the process lives for milliseconds
    header = json.loads(sys.stdin.buffer.readline())
    confine(header["memory_bytes"], header["cpu_s"])
    content = sys.stdin.buffer.read()
    _answer(_read(header["kind"], content, header["max_pages"]))


def _read(kind: str, content: bytes, max_pages: int) -> dict[str, object]:
    from smallprint.documents.formats import read_as  # noqa: PLC0415 - parsers are imported under the limits
    from smallprint.documents.reading import Refused  # noqa: PLC0415

    try:
        reading = read_as(kind, content, max_pages)
    except Refused as refusal:
        return {"refused": refusal.code, "message": refusal.message}
    except (MemoryError, RecursionError):
        return {"refused": "too_complex", "message": None}
    except BaseException as error:  # noqa: BLE001 - a panic in Rust is a BaseException
        # The type only: messages may hold document text.
        return {"refused": _blame(error), "message": None, "fault": type(error).__name__}
    return {
        "blocks": [
            (block.text, block.page, block.section, block.kind, block.place) for block in reading.blocks
        ],
        "pages": reading.pages,
        "pages_without_text": reading.pages_without_text,
        "warnings": reading.warnings,
        "notes": reading.notes,
        "pictures": reading.pictures,
    }


def _blame(error: BaseException) -> str:
    """What a parser could not make sense of is the document's fault; a broken installation is ours."""
    if isinstance(error, (ImportError, NameError, SyntaxError)):
        return "unreadable"
    return "too_complex" if type(error).__name__ == "PanicException" else "corrupt"


def _answer(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)  # parsers crash in their destructors more often than in their work


if __name__ == "__main__":
    main()
