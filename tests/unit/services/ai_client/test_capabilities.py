from __future__ import annotations

from smallprint.services.ai_client.capabilities import CLAUDE, COMPATIBLE, capabilities_of


def test_claude_can_do_everything_and_a_compatible_server_only_what_all_of_them_can():
    assert capabilities_of("claude") == CLAUDE
    assert capabilities_of("compatible") == COMPATIBLE
    assert not any((COMPATIBLE.native_schema, COMPATIBLE.effort, COMPATIBLE.caching, COMPATIBLE.sees))


def test_delivery_and_sight_can_differ_from_what_the_endpoint_implies():
    chosen = capabilities_of("compatible", document_delivery="document_block", sees=True)
    assert (chosen.document_delivery, chosen.sees) == ("document_block", True)
    assert not chosen.native_schema
    assert not capabilities_of("claude", sees=False).sees
