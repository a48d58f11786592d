"""Draw our real Block Kit messages as HTML and PNG, to look at them without a Slack workspace.

python -m scripts.render_blocks [folder]      (default docs/images; PNG if Chromium is installed)
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

from PIL import Image
from tests.fakes import activity, listed_prompts, reports
from tests.fakes.usage import usage_by_channel

from smallprint.errors import EncryptedDocument
from smallprint.models.domain import ActivationAction, Gate, Progress, Report, Step
from smallprint.models.statistics import Period
from smallprint.slack.blocks.announcement import announcement, undone
from smallprint.slack.blocks.budget import budget_notice, budgets_message
from smallprint.slack.blocks.home import home_view
from smallprint.slack.blocks.limits import validate_blocks, validate_view
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.modal import Modal
from smallprint.slack.blocks.progress import analyse_help, failure_message, progress_message, wishes_help
from smallprint.slack.blocks.prompt_answers import (
    prompt_changed,
    prompt_help,
    prompt_refused,
    rollback_question,
)
from smallprint.slack.blocks.prompt_diff import prompt_diff
from smallprint.slack.blocks.prompt_history import prompt_history
from smallprint.slack.blocks.prompt_list import prompt_list
from smallprint.slack.blocks.prompt_modal import PromptChoice, change_modal
from smallprint.slack.blocks.prompt_statistics import prompt_statistics
from smallprint.slack.blocks.prompt_text import prompt_shown
from smallprint.slack.blocks.receipt import receipt_message
from smallprint.slack.blocks.repeat import CONSENT_ACTION, cost_question, pressed
from smallprint.slack.blocks.report import report_message
from smallprint.slack.blocks.rerun_modal import rerun_modal
from smallprint.slack.blocks.text import plain
from smallprint.slack.blocks.usage import usage_message
from smallprint.slack.carried import Carried, CarriedRerun
from smallprint.slack.usage_answers import SEES_EVERYTHING

STYLE = Path(__file__).parent / "render_blocks" / "slack.css"
WIDTH = 720
SCALES = (2.0, 1.5, 1.0)
"""Pixels per CSS pixel: as sharp as MAX_BYTES allows."""
COLOURS = 200
MAX_BYTES = 150_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
BROWSER_TIMEOUT_S = 60
CHANNELS = {"C0CONTRACT": "contracts", "C0LEGAL001": "legal"}
PEOPLE = {"U02ANN7": "ann", "U03BOB8": "bob"}
COST = (
    "Analysing this document (312 pages) would cost about $3.10, more than the $1.00 that may be spent without asking."
    " Nothing was spent so far."
)


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images")
    folder.mkdir(parents=True, exist_ok=True)
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    wanted = sys.argv[2:] or list(pages())
    for name, page in pages().items():
        if name not in wanted:
            continue
        if browser is None:
            (folder / f"{name}.html").write_text(page, encoding="utf-8")
        else:
            draw(page, folder / f"{name}.png", browser)
        print(folder / f"{name}.{'html' if browser is None else 'png'}")


def pages() -> dict[str, str]:
    """Name of the picture to its page."""
    now = reports.NOW + timedelta(hours=2)
    return {
        "thread": page(thread(replace(reports.medium_report(), findings=reports.medium_report().findings[:2]))),
        "medium": page(thread(reports.medium_report())),
        "low": page(thread(reports.low_report())),
        "critical": page(thread(reports.critical_report())),
        "offline": page(thread(reports.offline_report())),
        "unreviewed": page(thread(reports.unreviewed_report())),
        "hostile": page(thread(reports.hostile_report())),
        "thorough": page(thread(reports.thorough_report())),
        "earlier": page(thread(reports.earlier_report())),
        "cost-question": page(
            bot(cost_question(COST, "doc-1")),
            bot(asked_and_agreed()),
        ),
        "receipt": page(thread(reports.rich_receipt_report()), bot(receipt_message(reports.rich_receipt_report()), only_you=True)),
        "progress": page(
            bot(progress_message(Progress(Step.WAITING, ahead=3))),
            bot(progress_message(Progress(Step.READING))),
            bot(progress_message(Progress(Step.ANALYSING, document_name="services-agreement.pdf"), job_id="doc-1")),
            bot(progress_message(Progress(Step.REVIEWING))),
            bot(failure_message(EncryptedDocument.sentence, document_name="board-minutes.pdf")),
            bot(analyse_help(), only_you=True),
            bot(wishes_help("quickly"), only_you=True),
        ),
        "prompt-list": page(bot(prompt_list(listed_prompts.two_agents(), now), only_you=True)),
        "prompt-modal": page(modal(change_modal(prompt_choice()))),
        "prompt-changes": page(
            bot(rollback_question(listed_prompts.two_versions(), 41), only_you=True),
            bot(prompt_changed(listed_prompts.activation(), (listed_prompts.pin(3),)), only_you=True),
            bot(announced(), channel="prompt-admins"),
            bot(taken_back()),
        ),
        "prompt-diff": page(*(bot(part, only_you=True) for part in prompt_diff(listed_prompts.two_versions()))),
        "prompt-history": page(
            bot(prompt_history(listed_prompts.history(), "document_analysis", now), only_you=True)
        ),
        "prompt-stats": page(
            bot(
                prompt_statistics("document_analysis", listed_prompts.statistics(), Period.parse("30d")),
                only_you=True,
            )
        ),
        "prompt-rerun": page(
            modal(
                rerun_modal(
                    reports.medium_report(), listed_prompts.two_agents(), str(CarriedRerun("doc-1", "1.0"))
                )
            )
        ),
        "prompt-others": page(
            bot(prompt_shown(listed_prompts.shown(), now), only_you=True),
            bot(prompt_refused(), only_you=True),
            bot(prompt_help(), only_you=True),
        ),
        "usage": page(
            bot(usage_message(usage_by_channel(), SEES_EVERYTHING), only_you=True),
            bot(budgets_message(activity.some_budgets(), admin=True), only_you=True),
            bot(budget_notice(activity.notice()), channel="prompt-admins"),
        ),
        "app-home": page(home(home_view(activity.admins_home()))),
    }  # fmt: skip


def prompt_choice() -> PromptChoice:
    target = Carried("set", "document_analysis", 3, 41)
    return PromptChoice(
        target, listed_prompts.two_versions(), listed_prompts.EVALUATED, (listed_prompts.pin(),)
    )


def announced() -> Message:
    change = listed_prompts.activation(
        before=2, after=3, action=ActivationAction.SET, reason="quotations are too long", gate=Gate.OVERRIDDEN
    )
    return announcement(change, "bob")


def taken_back() -> Message:
    told = announced()
    return Message(told.text, undone(told.blocks, listed_prompts.activation(), "ann"))


def asked_and_agreed() -> Message:
    question = cost_question(COST, "doc-1")
    return Message(question.text, pressed(question.blocks, CONSENT_ACTION, "U03BOB8"))


def page(*parts: str) -> str:
    style = STYLE.read_text(encoding="utf-8")
    return f"<!doctype html><meta charset=utf-8><style>{style}</style><body>{''.join(parts)}</body>"


def thread(report: Report) -> str:
    message = report_message(report)
    shared = file_card(plain(report.document_name), report.document_kind.value.upper(), "182 kB")
    complete = file_card("report.md", "MD", "the complete report", kind="md") if message.overflow else ""
    return (
        '<div class="bar">Thread<span># contracts</span></div>'
        + post("ann", "#4a154b", "10:29", f"Could we sign this by Thursday?{shared}")
        + f'<div class="replies">{"2 replies" if complete else "1 reply"}</div>'
        + bot(message)
        + (post("Smallprint", "#1264a3", "10:30", complete, app=True) if complete else "")
    )


def modal(asked: Modal) -> str:
    view = asked.view()
    if problems := validate_view(view):
        raise SystemExit("\n".join(problems))
    drawn = "".join(f'<div class="block">{block_html(block)}</div>' for block in view["blocks"])
    buttons = f'<span class="button">{escape(view["close"]["text"])}</span>'
    if "submit" in view:
        buttons += f'<span class="button primary">{escape(view["submit"]["text"])}</span>'
    title = f'<div class="title">{escape(view["title"]["text"])}<span>✕</span></div>'
    return f'<div class="over"><div class="modal">{title}{drawn}<div class="foot">{buttons}</div></div></div>'


def home(view: Mapping[str, Any]) -> str:
    if problems := validate_view(view):
        raise SystemExit("\n".join(problems))
    drawn = "".join(f'<div class="block">{block_html(block)}</div>' for block in view["blocks"])
    return f'<div class="bar">Smallprint<span>Home</span></div><div class="home">{drawn}</div>'


def bot(message: Message, *, only_you: bool = False, channel: str = "") -> str:
    if problems := validate_blocks(message.blocks):
        raise SystemExit("\n".join(problems))
    drawn = "".join(f'<div class="block">{block_html(block)}</div>' for block in message.blocks)
    note = '<div class="only">👁 Only visible to you</div>' if only_you else ""
    place = f'<div class="bar"># {escape(channel)}</div>' if channel else ""
    return place + note + post("Smallprint", "#1264a3", "10:30", drawn, app=True)


def post(who: str, colour: str, time: str, body: str, *, app: bool = False) -> str:
    badge = '<span class="app">APP</span>' if app else ""
    return (
        f'<div class="message"><div class="avatar" style="background:{colour}">{escape(who[0].upper())}</div>'
        f'<div class="body"><span class="who">{escape(who)}</span>{badge}<span class="time">{time}</span>'
        f"<div>{body}</div></div></div>"
    )


def file_card(name: str, label: str, about: str, *, kind: str = "") -> str:
    return (
        f'<div class="file"><div class="icon {kind}">{escape(label)}</div>'
        f"<div><b>{escape(name)}</b><small>{escape(about)}</small></div></div>"
    )


def block_html(block: Mapping[str, Any]) -> str:
    kind = block["type"]
    if kind == "header":
        return f'<div class="header">{escape(block["text"]["text"])}</div>'
    if kind == "context":
        spans = "".join(f"<span>{escape(element['text'])}</span>" for element in block["elements"])
        return f'<div class="context">{spans}</div>'
    if kind == "actions":
        return "".join(map(element_html, block["elements"]))
    if kind == "input":
        hint = f"<small>{escape(block['hint']['text'])}</small>" if "hint" in block else ""
        return f"<label>{escape(block['label']['text'])}</label>{element_html(block['element'])}{hint}"
    if kind == "divider":
        return '<div class="divider"></div>'
    if kind == "rich_text":
        return f'<div class="rich">{"".join(map(part_html, block["elements"]))}</div>'
    raise ValueError(f"no drawing for blocks of the type {kind}")


def element_html(element: Mapping[str, Any]) -> str:
    match element["type"]:
        case "button":
            css = f"button {element.get('style', '')}"
            return f'<span class="{css}">{escape(element["text"]["text"])}</span>'
        case "overflow":
            return '<span class="button">⋯</span>'
        case "plain_text_input":
            return '<div class="input"></div>'
        case "static_select":
            return (
                f'<div class="select">{escape(element["initial_option"]["text"]["text"])}<span>⌄</span></div>'
            )
        case "checkboxes":
            return "".join(
                f'<div class="tick">☐ {escape(option["text"]["text"])}</div>' for option in element["options"]
            )
    raise ValueError(f"no drawing for elements of the type {element['type']}")


def part_html(part: Mapping[str, Any]) -> str:
    kind = part["type"]
    if kind == "rich_text_list":
        tag = "ol" if part["style"] == "ordered" else "ul"
        items = "".join(f"<li>{words_html(item['elements'])}</li>" for item in part["elements"])
        return f"<{tag}>{items}</{tag}>"
    if kind == "rich_text_preformatted":
        return f"<pre>{words_html(part['elements'])}</pre>"
    css = "quote" if kind == "rich_text_quote" else "section"
    return f'<div class="{css}">{words_html(part["elements"])}</div>'


def words_html(elements: Iterable[Mapping[str, Any]]) -> str:
    return "".join(map(word_html, elements))


def word_html(element: Mapping[str, Any]) -> str:
    if element["type"] == "user":
        return f'<span class="user">@{escape(PEOPLE.get(element["user_id"], element["user_id"]))}</span>'
    if element["type"] == "channel":
        name = CHANNELS.get(element["channel_id"], element["channel_id"])
        return f'<span class="user">#{escape(name)}</span>'
    shown = escape(element["text"])
    if element["type"] == "link":
        return f'<span class="link">{shown}</span>'
    tags = {"bold": "b", "italic": "i", "code": "code"}
    for style in element.get("style", {}):
        shown = f"<{tags[style]}>{shown}</{tags[style]}>"
    return shown


def draw(html: str, target: Path, browser: str) -> None:
    """The first run measures the page's height, the next ones take the picture."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "page.html"
        measure = "<script>document.title = 'height=' + document.body.scrollHeight + ';'</script>"
        source.write_text(html + measure, encoding="utf-8")
        common = (browser, *FLAGS, f"--user-data-dir={scratch}/profile")
        dom = run(*common, f"--window-size={WIDTH},600", "--dump-dom", source.as_uri())
        height = int(dom.split("height=", 1)[1].split(";", 1)[0])
        window = (f"--window-size={WIDTH},{height + 8}", f"--screenshot={target.resolve()}")
        for scale in SCALES:
            run(*common, *window, f"--force-device-scale-factor={scale}", source.as_uri())
            shrink(target)
            if target.stat().st_size <= MAX_BYTES:
                break


def shrink(target: Path) -> None:
    # MAXCOVERAGE keeps the few bright pixels of the emoji, which the default turns grey
    picture = Image.open(target).convert("RGB").quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE)
    picture.save(target, optimize=True)


def run(*command: str) -> str:
    done = subprocess.run(  # noqa: S603 - a browser found on this machine, with our own page
        command, capture_output=True, text=True, timeout=BROWSER_TIMEOUT_S, check=True
    )
    return done.stdout


if __name__ == "__main__":
    main()
