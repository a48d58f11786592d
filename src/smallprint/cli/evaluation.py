"""`smallprint eval`: run the product on labelled documents, compare two runs, report on one."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from smallprint.cli.analyse import Offline
from smallprint.cli.running import quiet_settings, run
from smallprint.cli.wishes import ProfileOption, PromptOption, prompt_versions
from smallprint.errors import EvaluationError
from smallprint.models.evaluation import EvaluationMode, RecordingMode

ONE_AT_A_TIME = "Say one of --offline, --scripted and --mode: each says who answers."
NO_PROMPTS = "--prompt and --profile mean nothing to the offline rules."
ONE_FILE = "Say --html or --markdown, not both."

RunId = Annotated[
    str, typer.Argument(metavar="RUN", help="A run's id, its beginning, or a description (see eval list).")
]
Repeats = Annotated[
    int, typer.Option("--repeats", min=1, max=20, help="How often each document is analysed.")
]
ModeOption = Annotated[
    RecordingMode | None,
    typer.Option(
        "--mode",
        help="live: ask the AI (the default); record: ask it and keep its answers; replay: only answers that were kept.",
    ),
]
ScriptedOption = Annotated[
    str,
    typer.Option(
        "--scripted",
        metavar="ANALYST[,REVIEWER]",
        help="Answers made from the labels: perfect, sloppy or hostile. Tests the product, not a prompt.",
    ),
]
RecordingsOption = Annotated[
    Path | None,
    typer.Option(
        "--recordings", metavar="FOLDER", help="Where answers are kept; default: recordings in the data set."
    ),
]


def build() -> typer.Typer:
    app = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode=None,
        help="Measure on labelled documents how good the findings are, and whether a change makes them worse.",
    )
    for name, command in (("run", evaluate), ("compare", compare), ("report", report), ("list", list_runs)):
        app.command(name)(command)
    app.command("from-feedback")(from_feedback)
    return app


def evaluate(
    dataset: Annotated[
        Path, typer.Argument(metavar="DATASET", help="A folder of labels (docs/how-to/evaluate.md).")
    ],
    profile: ProfileOption = None,
    prompt: PromptOption = None,
    offline: Offline = False,  # noqa: FBT002 - typer's way
    scripted: ScriptedOption = "",
    mode: ModeOption = None,
    recordings: RecordingsOption = None,
    repeats: Repeats = 1,
    save: Annotated[bool, typer.Option(help="Keep the run, to compare it and to report on it.")] = True,  # noqa: FBT002 - typer's way
) -> None:
    """Analyse the documents of a data set and score the findings. Status 0: done; 1: a document failed; 2: usage."""
    from smallprint.bootstrap.evaluation import Plan  # noqa: PLC0415 - `--help` answers without loading the product
    from smallprint.evaluation.temperaments import temperaments  # noqa: PLC0415 - as above

    chosen = _mode(mode, offline=offline, scripted=bool(scripted))
    if chosen is EvaluationMode.OFFLINE and (prompt or profile):
        raise EvaluationError(NO_PROMPTS)
    analyst, reviewer = temperaments(scripted)
    plan = Plan(
        dataset,
        chosen,
        profile,
        prompt_versions(prompt or ()),
        repeats=repeats,
        recordings=recordings or dataset / "recordings",
        analyst=analyst,
        reviewer=reviewer,
    )
    raise typer.Exit(run(_work().evaluate(quiet_settings(), plan, save=save)))


def compare(
    base: RunId,
    candidate: RunId,
) -> None:
    """Say whether the second run is worse than the first, and keep the verdict with it. Status 0: not worse; 1: worse or undecided."""
    raise typer.Exit(run(_work().compare(quiet_settings(), base, candidate)))


def report(
    name: Annotated[
        str, typer.Argument(metavar="RUN", help="As for compare; default: the latest.")
    ] = "latest",
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page.")] = None,
    markdown: Annotated[Path | None, typer.Option("--markdown", metavar="FILE", help="Write text.")] = None,
) -> None:
    """Everything about one run, on the terminal or in a file; with its comparison, if there was one."""
    if html and markdown:
        raise EvaluationError(ONE_FILE)
    run(_work().report(quiet_settings(), name, html=html, markdown=markdown))


def list_runs() -> None:
    """The runs that were kept, newest first."""
    run(_work().list_runs(quiet_settings()))


def from_feedback(
    out_dir: Annotated[
        Path,
        typer.Argument(
            metavar="OUT_DIR",
            help="The data set's folder; the documents are looked for in its folder files.",
        ),
    ],
) -> None:
    """Make a data set of findings that people accepted or dismissed. Status 0: done; 1: a document is missing."""
    from smallprint.cli.feedback_cases import from_feedback as work  # noqa: PLC0415 - as above

    raise typer.Exit(run(work(quiet_settings(), out_dir)))


def _mode(mode: RecordingMode | None, *, offline: bool, scripted: bool) -> EvaluationMode:
    said = [
        *([EvaluationMode.OFFLINE] if offline else []),
        *([EvaluationMode.SCRIPTED] if scripted else []),
        *([EvaluationMode(mode.value)] if mode else []),
    ]
    if len(said) > 1:
        raise EvaluationError(ONE_AT_A_TIME)
    return said[0] if said else EvaluationMode.LIVE


def _work() -> ModuleType:
    from smallprint.cli import evaluating  # noqa: PLC0415 - as above

    return evaluating
