"""Every format that a team shares ends in a result with its own places, or in its own sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smallprint import errors
from tests.end_to_end.served import Served
from tests.end_to_end.thread import outcome, said, shown
from tests.fakes import bombs
from tests.fakes.claude import FakeClaude
from tests.fakes.documents import pdf, zipped
from tests.fakes.mails import mail
from tests.fakes.office import SlideOf, open_text, presentation, rtf, workbook_of
from tests.fakes.pictures import picture, scan
from tests.fakes.slack import FakeSlack, Upload

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXAMPLES = Path(__file__).parents[2] / "examples"
CLAUSES = (
    "The supplier may raise its prices at any time without notice to the customer.",
    "The customer shall pay a penalty of 5,000 euros for each day of delay.",
    "The liability of the supplier is excluded to the extent permitted by law.",
)
TEXT = "\n\n".join(CLAUSES).encode()
CSV = "item,price\n" + "\n".join(f"Licence tier {n} for the whole company,{n * 100}" for n in range(1, 9))
SLIDES = presentation(*(SlideOf(title=f"Offer {n}", texts=(clause,)) for n, clause in enumerate(CLAUSES, 1)))
BUDGET = workbook_of(
    [("Item", "Price"), *((f"Licence tier {n} for the whole company", n * 100) for n in range(1, 9))]
)

FORMATS: dict[str, tuple[bytes, str]] = {
    "services-agreement.pdf": ((EXAMPLES / "services-agreement.pdf").read_bytes(), r"p\. [123]"),
    "remote-work-policy.docx": ((EXAMPLES / "remote-work-policy.docx").read_bytes(), r"\d\. \w+|passage \d"),
    "deck.pptx": (SLIDES, r"slide [123]"),
    "budget.xlsx": (BUDGET, r"Budget!A\d"),
    "prices.csv": (CSV.encode(), r"A\d|row"),
    "lease.odt": (open_text("".join(f"<text:p>{clause}</text:p>" for clause in CLAUSES)), r"passage \d"),
    "lease.rtf": (rtf("".join(f"{clause}\\par " for clause in CLAUSES)), r"passage \d"),
    "terms.html": (
        f"<!doctype html><h1>Terms</h1>{''.join(f'<p>{c}</p>' for c in CLAUSES)}".encode(),
        "Terms",
    ),
    "notes.md": (b"# Lease\n\n" + TEXT, "Lease"),
    "lease.txt": (TEXT, r"passage \d"),
    "offer.eml": (
        mail(TEXT.decode(), attachments={"offer.pdf": pdf(CLAUSES)}).as_bytes(),
        r"offer\.pdf|passage \d|body",
    ),
    "photo.png": (picture("png"), "not machine-verified"),
    "scan.pdf": (scan(None, None), "not machine-verified"),
}


@pytest.mark.parametrize("name", FORMATS)
async def test_a_format_ends_in_a_result_with_its_own_places(
    bot: Served, slack: FakeSlack, name: str
) -> None:
    content, place = FORMATS[name]
    share = await slack.share("contracts", "ann", name, content)
    (result,) = await outcome(slack, share)
    assert "risk" in shown(result).lower(), shown(result)
    assert re.search(place, shown(result)), shown(result)


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "empty": ("empty.pdf", b"", errors.EmptyDocument.sentence),
    "unsupported": ("tool.bin", b"\x7fELF" + bytes(64), "a program"),
    "encrypted": ("secret.pdf", pdf(CLAUSES, password="x"), errors.EncryptedDocument.sentence),
    "corrupt": ("broken.pdf", b"%PDF-1.7 nonsense", errors.CorruptDocument.sentence),
    "archive": ("files.zip", zipped({"a.txt": b"a"}), "archive"),
    "too many scans": ("scans.pdf", scan(*[None] * 21), "21"),
    "zip bomb": ("bomb.docx", bombs.zip_ratio(), errors.UnsafeArchive.sentence),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_be_read_ends_in_its_own_sentence_without_a_model_call(
    bot: Served, slack: FakeSlack, claude: FakeClaude, name: str
) -> None:
    file, content, sentence = REFUSED[name]
    share = await slack.share("contracts", "ann", file, content)
    (failure,) = await outcome(slack, share)
    assert sentence in shown(failure)
    assert "please" in shown(failure).lower()
    assert claude.received == []


async def test_ten_files_in_one_message_are_ten_outcomes_in_order_and_one_headline(
    bot: Served, slack: FakeSlack
) -> None:
    names = [
        "services-agreement.pdf",
        "remote-work-policy.docx",
        "deck.pptx",
        "budget.xlsx",
        "prices.csv",
        "lease.rtf",
        "terms.html",
        "notes.md",
    ]
    files = [Upload(name, FORMATS[name][0]) for name in names]
    files[2:2] = [Upload("broken.pdf", b"%PDF-1.7 nonsense"), Upload("empty.txt", b"")]
    share = await slack.share("contracts", "ann", files=files)
    await outcome(slack, share, count=11, timeout_s=60)
    replies = [reply for reply in slack.replies(share.channel, share.thread_ts) if not reply.get("files")]
    *results, headline = [shown(reply) for reply in replies]
    assert len(results) == 10
    for file, result in zip(files, results, strict=True):
        assert file.name in result or "No analysis" in result, (file.name, result)
    assert "10 documents" in headline
    assert "2 could not be read" in headline
    assert [headline.index(file.name) for file in files] == sorted(
        headline.index(file.name) for file in files
    )


async def test_the_button_tells_what_was_read(bot: Served, slack: FakeSlack) -> None:
    share = await slack.share(
        "contracts", "ann", "services-agreement.pdf", FORMATS["services-agreement.pdf"][0]
    )
    (result,) = await outcome(slack, share)
    (button,) = [
        element for block in result["blocks"] if block["type"] == "actions" for element in block["elements"]
    ]
    answer = await slack.click(
        "ann", "contracts", result["ts"], button["action_id"], value=button["value"], answers=1
    )
    assert "all 3" in said(answer)


async def test_a_link_is_not_opened_unless_an_admin_allowed_it(bot: Served, slack: FakeSlack) -> None:
    answer = await slack.slash_command("ann", "contracts", "/analyse", "https://127.0.0.1/contract.pdf")
    assert "ALLOW_LINKS" in said(answer)
