from pathlib import Path

import pytest
from pydantic import BaseModel

from smallprint.bootstrap.lock import contract_hashes
from smallprint.prompts.lock import faults, main, read_lock, released, unlocked
from smallprint.prompts.templates import PromptTemplates

FRONT = """\
agent: document_analysis
version: {version}
note: First.
contract: analysis/1
variables: []
effort: medium
max_tokens: 16000
model: null
"""
PROMPT = "document_analysis/0001-plain.md"
CHECKLIST = "checklists/1.yaml"
CONTRACT = "contracts/analysis/1"


class Release:
    """A release's files in a folder, and its lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = folder / "versions.lock"
        self.checklists = folder / "checklists"
        self.contracts = {"analysis/1": "0" * 64}
        self.write(PROMPT, f"---\n{FRONT.format(version=1)}---\nDo it.\n")
        self.write(CHECKLIST, "other: {}\n")

    def write(self, name: str, text: str) -> Path:
        file = (self.folder if name.startswith("checklists") else self.folder / "templates") / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def run(self, *arguments: str) -> int:
        templates = PromptTemplates(self.folder / "templates")
        return main(arguments, templates, self.lock, self.checklists, self.contracts)


@pytest.fixture
def release(tmp_path: Path) -> Release:
    return Release(tmp_path)


def test_what_was_released_has_not_changed():
    now = released(contracts=contract_hashes())

    assert faults(now, read_lock()) == []
    assert unlocked(now, read_lock()) == []
    assert {CHECKLIST, PROMPT, CONTRACT} <= now.keys()
    assert {f"contracts/{prompt.contract}" for prompt in PromptTemplates().all()} <= now.keys()


def test_another_form_of_the_answer_or_another_tool_is_another_contract():
    class Answer(BaseModel):
        summary: str

    class Longer(Answer):
        risk: str

    tool = {"name": "read_document"}
    now = contract_hashes({"analysis/1": Answer}, [tool])

    assert now == contract_hashes({"analysis/1": Answer}, [dict(tool)])
    assert now != contract_hashes({"analysis/1": Longer}, [tool])
    assert now != contract_hashes({"analysis/1": Answer}, [tool, {"name": "search"}])


def test_a_contract_that_changed_or_vanished_is_never_locked_again(release, capsys):
    release.run()
    release.contracts = {"analysis/1": "1" * 64, "analysis/2": "2" * 64}

    assert release.run("--check") == 1
    told = capsys.readouterr().err
    assert f"{CONTRACT} was changed after it was locked" in told
    assert "contracts/analysis/2 is not in versions.lock" in told
    assert release.run() == 1
    assert read_lock(release.lock)[CONTRACT] == "0" * 64
    release.contracts = {}
    assert release.run("--check") == 1
    assert f"{CONTRACT} is in versions.lock but does not exist" in capsys.readouterr().err


def test_a_new_file_is_added_to_the_lock(release, capsys):
    assert release.run("--check") == 1
    told = capsys.readouterr().err
    assert f"{PROMPT} is not in versions.lock" in told
    assert f"{CHECKLIST} is not in versions.lock" in told
    assert release.run() == 0
    assert release.run("--check") == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (PROMPT, f"---\n{FRONT.format(version=1)}---\nDo it otherwise.\n"),
        (CHECKLIST, "other: {title: Another}\n"),
    ],
)
def test_what_changed_is_never_locked_again(release, capsys, name, text):
    release.run()
    before = release.lock.read_text()
    release.write(name, text)

    assert release.run() == 1
    assert release.run("--check") == 1
    assert f"{name} was changed after it was locked" in capsys.readouterr().err
    assert release.lock.read_text() == before


@pytest.mark.parametrize("name", [PROMPT, CHECKLIST])
def test_what_vanished_is_missed(release, capsys, name):
    release.write("document_analysis/0002-other.md", f"---\n{FRONT.format(version=2)}---\nOther.\n")
    release.run()
    next(release.folder.rglob(Path(name).name)).unlink()

    assert release.run("--check") == 1
    assert f"{name} is in versions.lock but does not exist" in capsys.readouterr().err


def test_line_endings_do_not_make_another_checklist(release):
    release.run()
    file = release.checklists / "1.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    assert release.run("--check") == 0


def test_a_release_may_have_no_checklists(release):
    (release.checklists / "1.yaml").unlink()
    release.checklists.rmdir()

    assert release.run() == 0
    assert list(read_lock(release.lock)) == [CONTRACT, PROMPT]


def test_a_broken_template_is_reported_instead_of_locked(release, capsys):
    release.write(PROMPT, "---\nx: y\n---\nDo it.\n")

    assert release.run() == 1
    assert "its front matter lacks" in capsys.readouterr().err
    assert not release.lock.exists()
