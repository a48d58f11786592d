"""Files that came with an e-mail, each read by its own reader in a process of its own. Child process only."""

from __future__ import annotations

import json
import time

from smallprint.documents.apart import apart
from smallprint.documents.reading import Block, Refused

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from typing import Any

    from smallprint.documents.mail.parts import Attachment
    from smallprint.documents.reading import Reading

MAX_ATTACHMENTS = 10
MAX_TOTAL_BYTES = 24 * 1024**2
MAX_TOTAL_CHARACTERS = 8_000_000
READING_S = 15.0
TOGETHER_S = 30.0
"""All of them; the parent ends the child after 45."""

MORE = f"more than {MAX_ATTACHMENTS}"
REASONS = {
    "email": "an e-mail inside an e-mail is not opened",
    "picture": "a picture; share it by itself",
    "empty": "empty",
    "encrypted": "protected by a password",
    "rights_managed": "protected",
    "scanned": "a scan without text; share it by itself",
    "corrupt": "damaged",
    "too_large": "too large",
    "too_many_pages": "too many pages",
    "unsafe_archive": "unsafe to open",
    "too_complex": "too complex",
}
OTHER_REASON = "can't be read"

_PICTURES = frozenset({"png", "jpeg", "gif", "webp"})
_COUNTS = ("insertions", "deletions", "comments", "external_links")


class ReadAttachments:
    """What was read of them, in the terms of a Reading."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.warnings: list[str] = []
        self.read: list[str] = []
        self.skipped: list[str] = []
        self._counts = dict.fromkeys(_COUNTS, 0)
        self._hidden: list[str] = []
        self._macros = False

    @property
    def notes(self) -> dict[str, object]:
        return {
            **self._counts,
            "hidden": self._hidden,
            "macros": self._macros,
            "attachments_read": self.read,
            "attachments_skipped": self.skipped,
        }

    def skip(self, name: str, reason: str) -> None:
        self.skipped.append(f"{name} ({reason})")

    def add(self, name: str, answer: dict[str, Any]) -> None:
        self.read.append(name)
        self.blocks += [_block(name, *fields) for fields in answer["blocks"]]
        self.warnings += [f"{name}: {warning}" for warning in answer["warnings"]]
        notes = answer["notes"]
        for count in _COUNTS:
            self._counts[count] += notes.get(count, 0)
        self._hidden += [f"{phrase} in {name}" for phrase in notes.get("hidden", ())]
        self._macros = self._macros or bool(notes.get("macros"))


def read_attachments(attachments: list[Attachment], max_pages: int) -> ReadAttachments:
    """Those that can be read; one that can't costs nothing but itself."""
    done = ReadAttachments()
    if not attachments:
        return done
    from smallprint.documents import formats, kinds  # noqa: F401, PLC0415 - once, before processes split off

    bytes_left, characters_left, seconds_left = MAX_TOTAL_BYTES, MAX_TOTAL_CHARACTERS, TOGETHER_S
    for number, attachment in enumerate(attachments):
        size = len(attachment.content or b"")
        if number >= MAX_ATTACHMENTS:
            done.skip(attachment.name, MORE)
            continue
        if size > bytes_left:
            done.skip(attachment.name, REASONS["too_large"])
            continue
        bytes_left -= size
        started = time.monotonic()
        answer = _read_apart(attachment, max_pages, min(READING_S, seconds_left))
        seconds_left -= time.monotonic() - started
        characters = sum(len(fields[0]) for fields in answer.get("blocks", ()))
        if "refused" in answer or characters > characters_left:
            done.skip(attachment.name, REASONS.get(answer.get("refused", "too_large"), OTHER_REASON))
            continue
        characters_left -= characters
        done.add(attachment.name, answer)
    return done


def _read_apart(attachment: Attachment, max_pages: int, seconds: float) -> dict[str, Any]:
    name, content = attachment.name, attachment.content
    if content is None:
        return {"refused": "email"}
    answer = apart(lambda: json.dumps(_read(name, content, max_pages)).encode(), seconds)
    return {"refused": "too_complex"} if answer is None else json.loads(answer)


def _read(name: str, content: bytes, max_pages: int) -> dict[str, Any]:
    from smallprint.documents.kinds import detect_kind  # noqa: PLC0415 - 40 ms that mails without attachments save
    from smallprint.errors import DocumentError  # noqa: PLC0415

    try:
        kind = detect_kind(name, content).value
        if kind == "eml" or kind in _PICTURES:
            return {"refused": "email" if kind == "eml" else "picture"}
        reading = _reading(kind, content, max_pages)
    except (Refused, DocumentError) as refusal:
        return {"refused": refusal.code}
    except (MemoryError, RecursionError):
        return {"refused": "too_complex"}
    except Exception:  # noqa: BLE001 - whatever a parser raises
        return {"refused": "corrupt"}
    if not reading.blocks:
        return {"refused": "empty"}
    blocks = [(block.text, block.page, block.section, block.kind, block.place) for block in reading.blocks]
    return {"blocks": blocks, "warnings": reading.warnings, "notes": reading.notes}


def _reading(kind: str, content: bytes, max_pages: int) -> Reading:
    if kind == "pdf":
        from smallprint.documents.pdf.reader import read_pdf  # noqa: PLC0415

        return read_pdf(content, max_pages, max_pictures=0)
    from smallprint.documents.formats import read_as  # noqa: PLC0415

    return read_as(kind, content, max_pages)


def _block(name: str, text: str, page: int | None, section: str, kind: str, place: str) -> Block:
    where = place or (f"p. {page}" if page else section)
    return Block(
        text,
        section=section,
        kind="attachment" if kind == "body" else kind,
        place=f"{name}, {where}" if where else name,
    )
