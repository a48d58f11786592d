"""FakeClaude's good answers: whatever the schema asks for, with real quotations out of the document.

It knows field names, not our agents: a schema with `findings` gets three of them, one with `verdicts`, `rulings` or
`repaired` gets one for each finding in the data it was sent, one with `explanations` one for each change. Lists that are usually empty stay empty.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

FINDINGS = 3
PICTURE_LABEL = re.compile(r"page (\d+)\b")
MAX_QUOTATION_CHARACTERS = 200
PASSAGE = re.compile(r"^\[P(\d+)[^\]]*\] ?(.*?)(?=^\[P\d+[^\]]*\]|\Z)", re.MULTILINE | re.DOTALL)
SENTENCE_END = re.compile(r"(?<=[.!?;])\s")
CATEGORIES = ("liability.cap", "termination.notice", "payment.terms", "confidentiality.scope")
SEVERITIES = ("medium", "high", "low", "critical")

_USUALLY_EMPTY = ("missed", "addressing_ai", "same_matter")
_ONE_FOR_EACH_FINDING = ("verdicts", "rulings", "repaired", "explanations")
_LISTS = {"looked_for_and_not_found": 2}
_SAID = {"language": "English", "side": "the Customer (assumed)"}


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the document and the passage that holds it, or what is "read" off a picture and its page."""

    passage: int
    text: str
    page: int = 0


def good_answer(body: Mapping[str, Any]) -> str:
    """A JSON text that satisfies the request's schema; the same request always gets the same answer."""
    schema = body.get("output_config", {}).get("format", {}).get("schema")
    if schema is None:
        return "Understood."
    texts = list(data_texts(body))
    quotes, pictures = quotes_from(texts[0] if texts else ""), list(quotes_from_pictures(body))
    filler = _Filler(schema, quotes, pictures, _findings_to_review(texts[1:]))
    return json.dumps(filler.fill(schema, "", 0), ensure_ascii=False)


def data_texts(body: Mapping[str, Any]) -> Iterator[str]:
    """The documents of a request, in order, however they were delivered."""
    for turn in body.get("messages", []):
        yield from _texts_in(turn.get("content"))


def quotes_from_pictures(body: Mapping[str, Any]) -> Iterator[Quote]:
    """One for each labelled picture: the fake cannot see, so it says what nobody can look up."""
    for turn in body.get("messages", []):
        yield from _labelled_pictures(turn.get("content"))


def quotes_from(document_text: str) -> list[Quote]:
    """One sentence from each passage that has one worth quoting, else the longest passage's words."""
    passages = [(int(number), text.strip()) for number, text in PASSAGE.findall(document_text)]
    worth = [(number, text) for number, text in passages if len(text) >= 40]
    chosen = worth or sorted(passages, key=lambda passage: -len(passage[1]))[:1]
    return [Quote(number, _first_sentence(text)) for number, text in chosen]


class _Filler:
    def __init__(
        self, root: Mapping[str, Any], quotes: list[Quote], pictures: list[Quote], to_review: int
    ) -> None:
        self._definitions = root.get("$defs", {})
        self._quotes = quotes or pictures or [Quote(1, "")]
        self._pictures = pictures
        self._to_review = to_review

    def fill(self, schema: Mapping[str, Any], name: str, index: int) -> Any:
        """`name` is the field's, `index` says which finding this is about."""
        if "$ref" in schema:
            return self.fill(self._definitions[schema["$ref"].rsplit("/", 1)[1]], name, index)
        if "anyOf" in schema:
            return self.fill(schema["anyOf"][0], name, index)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return _choice(schema["enum"], name, index)
        return self._by_type(schema, name, index)

    def _by_type(self, schema: Mapping[str, Any], name: str, index: int) -> Any:
        match schema.get("type"):
            case "object":
                return {
                    field: self.fill(inner, field, index)
                    for field, inner in schema.get("properties", {}).items()
                }
            case "array":
                return self._list(schema, name, index)
            case "string":
                return self._string(name, index)
            case "integer" | "number":
                return self._number(name, index)
            case "boolean":
                return True
        return None

    def _number(self, name: str, index: int) -> int:
        quote = self._quote(index)
        if name == "page":
            return quote.page
        return quote.passage if "passage" in name else index + 1

    def _list(self, schema: Mapping[str, Any], name: str, index: int) -> list[Any]:
        if name == "findings":
            return [self.fill(schema["items"], name, number) for number in range(FINDINGS)]
        if name in _ONE_FOR_EACH_FINDING:
            return [self.fill(schema["items"], name, number) for number in range(self._to_review)]
        if name in _USUALLY_EMPTY:
            return []
        return [self.fill(schema["items"], name, index)] * _LISTS.get(name, 1)

    def _string(self, name: str, index: int) -> str:
        if "quot" in name:
            return self._quote(index).text
        if name == "category":
            return CATEGORIES[index % len(CATEGORIES)]
        if name in {"id", "finding_id"}:
            return f"F{index + 1}"
        if name == "change":
            return f"C{index + 1}"
        if name in _SAID:
            return _SAID[name]
        return f"{name.replace('_', ' ').capitalize() or 'Answer'} number {index + 1}, as the fake model sees it."

    def _quote(self, index: int) -> Quote:
        if self._pictures and index == FINDINGS - 1:
            return self._pictures[0]
        # spread over the document, not only its first page
        return self._quotes[
            index * len(self._quotes) // max(FINDINGS, self._to_review, 1) % len(self._quotes)
        ]


def _choice(values: list[Any], name: str, index: int) -> Any:
    if name == "severity" and set(SEVERITIES) <= set(values):
        return SEVERITIES[index % len(SEVERITIES)]
    return values[0]


def _findings_to_review(attachments: list[str]) -> int:
    """How many objects the lists of the attached JSON hold."""
    for text in attachments:
        try:
            data = json.loads(text)
        except ValueError:
            continue
        lists = (
            [value for value in data.values() if isinstance(value, list)]
            if isinstance(data, dict)
            else [data]
        )
        return sum(len(items) for items in lists)
    return 0


def _first_sentence(text: str) -> str:
    sentence = next((part for part in SENTENCE_END.split(text) if len(part) >= 20), text)
    if len(sentence) <= MAX_QUOTATION_CHARACTERS:
        return sentence
    return sentence[:MAX_QUOTATION_CHARACTERS].rsplit(None, 1)[0]


def _labelled_pictures(content: Any) -> Iterator[Quote]:
    label = None
    for block in content if isinstance(content, list) else []:
        if block["type"] == "tool_result":
            yield from _labelled_pictures(block.get("content"))
        elif block["type"] == "image" and label is not None:
            page = int(label[1])
            yield Quote(0, f"These are the words that the fake model sees on picture {page}.", page)
        label = PICTURE_LABEL.match(block["text"]) if block["type"] == "text" else None


ENCLOSED = re.compile(r"<(document-[0-9a-f]+)>\n(.*)\n</\1>", re.DOTALL)


def _texts_in(content: Any) -> Iterator[str]:
    for block in content if isinstance(content, list) else []:
        if block.get("type") == "document":
            yield block["source"].get("data", "")
        elif block.get("type") == "tool_result":
            yield from _texts_in(block.get("content"))
        elif block.get("type") == "text" and (enclosed := ENCLOSED.search(block["text"])):
            yield enclosed[2]
