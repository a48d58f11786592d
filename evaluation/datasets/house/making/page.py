"""Blocks → an HTML page as a company's website serves it, with navigation above and a footer below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from evaluation.datasets.house.making.markup import Block, BlockKind, blocks

_STYLE = (
    "body{font-family:Georgia,serif;max-width:46rem;margin:0 auto;padding:1rem;line-height:1.5}"
    "nav a{margin-right:1rem}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3rem}"
    "footer{margin-top:3rem;font-size:.85rem;color:#555}"
)
_TAGS = {
    BlockKind.TITLE: "h1",
    BlockKind.HEADING: "h2",
    BlockKind.SUBTITLE: "p",
    BlockKind.PARAGRAPH: "p",
    BlockKind.ITEM: "li",
}


def page(source: str, *, title: str, site: str, links: Sequence[str]) -> bytes:
    """The page in UTF-8."""
    navigation = " ".join(f'<a href="/{link.lower().replace(" ", "-")}">{escape(link)}</a>' for link in links)
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en-GB">',
        f'<head><meta charset="utf-8"><title>{escape(title)} | {escape(site)}</title><style>{_STYLE}</style></head>',
        "<body>",
        f"<header><strong>{escape(site)}</strong><nav>{navigation}</nav></header>",
        "<main>",
        *_body(blocks(source)),
        "</main>",
        f"<footer>{escape(site)}</footer>",
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(lines).encode()


def _body(content: Sequence[Block]) -> Iterator[str]:
    for is_list, group in groupby(content, key=lambda block: block.kind is BlockKind.ITEM):
        if is_list:
            yield "<ul>"
        for block in group:
            yield _table(block) if block.kind is BlockKind.TABLE else _element(block)
        if is_list:
            yield "</ul>"


def _element(block: Block) -> str:
    tag = _TAGS[block.kind]
    return f"<{tag}>{escape(block.text, quote=False)}</{tag}>"


def _table(block: Block) -> str:
    head, *rows = block.rows
    return "\n".join(["<table>", _row(head, "th"), *(_row(row, "td") for row in rows), "</table>"])


def _row(cells: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell, quote=False)}</{tag}>" for cell in cells) + "</tr>"
