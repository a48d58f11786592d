"""The App Home, opened by members and admins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from smallprint.errors import DatabaseUnavailable
from smallprint.slack.blocks.home import ALL_WELL, NONE_YET, PROMPTS, SHOW_ACTION, WORKSPACE
from smallprint.slack.blocks.limits import validate_view
from smallprint.slack.blocks.prompt_answers import REFUSED
from smallprint.slack.client import SlackClients
from smallprint.slack.listeners.home import SUGGESTIONS
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack.workspace import ANN, BOB, DM_ANN, LEGAL
from tests.integration.slack.accounting import LIMITS, Accounts, ClosedBooks, accounts_of
from tests.integration.slack.prompting import buttons, words

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def accounts(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Accounts]:
    async with accounts_of(slack, clients, tmp_path, limits=LIMITS) as accounts:
        yield accounts


async def test_whoever_opens_it_first_is_told_how_to_begin(accounts: Accounts) -> None:
    home = await accounts.home("bob")
    assert NONE_YET in words(home)
    assert WORKSPACE not in words(home)
    assert validate_view(home) == []


async def test_a_member_sees_their_own_documents_with_links_to_the_answers(
    slack: FakeSlack, accounts: Accounts
) -> None:
    job = await accounts.analysed(1, 1.5, name="<!channel> lease.pdf", outcome="critical")
    ts = await accounts.answered(job)
    await accounts.analysed(2, name="", outcome="encrypted")
    await accounts.analysed(3, 2, user=ANN, name="secret-merger.pdf")
    home = await accounts.home("bob")
    told = words(home)
    assert "🔴 Critical" in told
    assert "password-protected" in told
    assert "$1.50  1 document · 1 call" in told
    assert "limit $5.00 · $1.50 spent" in told
    assert f"archives/C0CONTRACT/p{ts.replace('.', '')}" in str(home)
    assert '"text": "<!channel> lease.pdf"' in str(home).replace("'", '"')
    for secret in ("secret-merger", WORKSPACE):
        assert secret not in told
    assert validate_view(home) == []


async def test_an_admin_sees_the_workspace(accounts: Accounts) -> None:
    await accounts.analysed(1, 1.5, outcome="critical")
    await accounts.analysed(2, 2.5, outcome="low", channel=LEGAL, user=ANN)
    await accounts.analysed(3, name="", outcome="encrypted")
    await accounts.analysed(4, 1, outcome="")
    told = words(await accounts.home("ann"))
    for expected in (
        "$5.00 of $100.00, $95.00 left  █░░░░░░░░░ 5 %",
        "2 analysed: 🔴 1 critical, 🟢 1 low; 1 running",
        "1: password-protected (1)",
        "document_analysis v3, findings_review v2",
        ALL_WELL,
    ):
        assert expected in told


async def test_what_is_not_well_is_told_to_admins(accounts: Accounts) -> None:
    accounts.problems = {"queue": "the oldest unfinished job came in 40 minutes ago"}
    assert "⚠️ queue: the oldest unfinished job" in words(await accounts.home("ann"))
    assert "queue" not in words(await accounts.home("bob"))


async def test_only_the_newest_ten_stand_there(accounts: Accounts) -> None:
    for number in range(12):
        await accounts.analysed(number, name=f"document-{number}.pdf")
    told = words(await accounts.home("bob"))
    assert "document-11.pdf" in told
    assert "document-2.pdf" in told
    assert "document-1.pdf" not in told


async def test_without_links_the_names_are_shown_all_the_same(slack: FakeSlack, accounts: Accounts) -> None:
    job = await accounts.analysed(1, name="lease.pdf")
    await accounts.answered(job)
    slack.fail("chat.getPermalink", Fault.STALLED, delay_s=3)
    home = await accounts.home("bob")
    assert "lease.pdf" in words(home)
    assert "'link'" not in str(home)


async def test_a_message_that_was_deleted_has_no_link(slack: FakeSlack, accounts: Accounts) -> None:
    job = await accounts.analysed(1, name="lease.pdf", channel=DM_ANN, user=ANN)
    ts = await accounts.answered(job, DM_ANN)
    await slack.delete_message(DM_ANN, ts)
    home = await accounts.home("ann")
    assert "lease.pdf" in words(home)
    assert "'link'" not in str(home)


async def test_a_link_is_asked_for_once(slack: FakeSlack, accounts: Accounts) -> None:
    await accounts.answered(await accounts.analysed(1, name="lease.pdf"))
    for _ in range(3):
        assert "'link'" in str(await accounts.home("bob"))
    assert len(slack.calls_to("chat.getPermalink")) == 1


async def test_the_tab_with_the_messages_suggests_what_could_be_asked(
    slack: FakeSlack, accounts: Accounts
) -> None:
    await slack.open_home("bob", tab="messages")
    await slack.wait_for(lambda: slack.core.suggestions, what="suggestions")
    (suggested,) = slack.core.suggestions
    assert suggested["channel"] == slack.workspace.open_dm(BOB).id
    assert [each["message"] for each in suggested["prompts"]] == [message for _, message in SUGGESTIONS]
    assert slack.calls_to("views.publish") == []


def test_what_is_suggested_is_what_the_manifest_suggests() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yaml").read_text(encoding="utf-8"))
    suggested = manifest["features"]["agent_view"]["suggested_prompts"]
    assert [(each["title"], each["message"]) for each in suggested] == list(SUGGESTIONS)


async def test_an_app_without_the_permission_to_suggest_opens_all_the_same(
    slack: FakeSlack, accounts: Accounts
) -> None:
    slack.scopes.discard("assistant:write")
    await slack.open_home("bob", tab="messages")
    await slack.wait_quiet()
    assert NONE_YET in words(await accounts.home("bob"))


async def test_a_database_that_does_not_answer_is_said(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    async with accounts_of(slack, clients, tmp_path, usages=ClosedBooks()) as accounts:
        assert DatabaseUnavailable.sentence in words(await accounts.home("bob"))


async def test_a_home_that_slack_does_not_take_harms_nobody(slack: FakeSlack, accounts: Accounts) -> None:
    slack.fail("views.publish", Fault.ERROR, error="internal_error")
    await slack.open_home("bob")
    await slack.wait_for(lambda: slack.calls_to("views.publish"), what="a try")
    assert NONE_YET in words(await accounts.home("bob"))


async def test_the_buttons_answer_as_the_command_does(accounts: Accounts) -> None:
    await accounts.analysed(1, 1.5)
    offered = buttons(await accounts.home("bob"))
    assert list(offered) == ["By day", "By agent", "Budgets", "Help"]
    assert "Usage by day" in words(await accounts.modal_of("bob", offered["By day"]))
    assert "document_analysis" in words(await accounts.modal_of("bob", offered["By agent"]))
    assert f"<{BOB}>, a day" in words(await accounts.modal_of("bob", offered["Budgets"]))
    assert "/usage 7d by channel" in words(await accounts.modal_of("bob", offered["Help"]))


async def test_an_admins_buttons_lead_to_the_whole_workspace(accounts: Accounts) -> None:
    await accounts.analysed(1, 1.5)
    offered = buttons(await accounts.home("ann"))
    assert "#contracts" in words(await accounts.modal_of("ann", offered["By channel"]))
    shown = await accounts.modal_of("ann", offered["Prompt versions"])
    assert "document_analysis" in words(shown)
    assert buttons(shown) == {}


async def test_rights_are_asked_for_again_when_a_button_is_pressed(accounts: Accounts) -> None:
    await accounts.analysed(1, 1.5, user=ANN)
    await accounts.home("bob")
    for value, said in ((PROMPTS, REFUSED), ("30d by channel", "Nothing was asked")):
        button = {"action_id": f"{SHOW_ACTION}_4", "value": value}
        assert said in words(await accounts.modal_of("bob", button))
