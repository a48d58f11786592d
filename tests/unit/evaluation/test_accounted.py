"""An evaluation's calls have ids of its own in the books, and are otherwise what the agents asked."""

from dataclasses import replace

from smallprint.evaluation.accounted import AccountedModel
from smallprint.models.completion import CompletionRequest
from tests.fakes.language_model import ScriptedModel

REQUEST = CompletionRequest(
    "evaluation:one:0", "document_analysis", "main", "m", "low", 100, "rules", "task", "a.pdf", "text", {}
)


async def test_two_evaluations_of_the_same_document_never_share_an_answer():
    model = ScriptedModel("{}", "{}")
    for run in ("first", "second"):
        await AccountedModel(model, run).complete(REQUEST)
    first, second = model.requests
    assert first.key != second.key
    assert replace(first, analysis_id=REQUEST.analysis_id) == REQUEST


async def test_it_knows_under_which_ids_it_was_asked():
    accounted = AccountedModel(ScriptedModel("{}", "{}"), "run")
    await accounted.complete(REQUEST)
    await accounted.complete(replace(REQUEST, agent="findings_review"))
    assert accounted.analyses == {"run:evaluation:one:0"}
