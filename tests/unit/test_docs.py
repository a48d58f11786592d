"""The documentation is true: links lead somewhere, commands are described, nothing names this or that machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from smallprint.cli import build

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
COMMANDS = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")

# Built from parts, so that this file does not name them itself.
HOSTS = [
    "".join(parts)
    for parts in (
        ("py", "pi.", "org"),
        ("python", "hosted.", "org"),
        ("npm", "js.", "org"),
        ("npm", "js.", "com"),
    )
]
PLACES = ["/" + "work" + "/", "/" + "root" + "/"]


def tracked_files() -> list[Path]:
    """Files under version control; in a plain copy of the sources, every file of the folders we write."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607 - git of the developer
    if listed.returncode == 0 and listed.stdout:
        return [ROOT / name for name in listed.stdout.splitlines()]
    return [
        path
        for folder in ("src", "tests", "docs", "scripts", "benchmarks")
        for path in (ROOT / folder).rglob("*.*")
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    lost = [
        link
        for link in links
        if not link.startswith(("http", "mailto:")) and not (page.parent / link).exists()
    ]
    assert lost == []


def test_every_page_is_reached_from_the_index() -> None:
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    pages = [page.relative_to(ROOT / "docs") for page in ROOT.glob("docs/**/*.md") if page.name != "index.md"]
    assert [str(page) for page in pages if str(page) not in index and f"{page.parent}/" not in index] == []


def test_every_command_is_described() -> None:
    terminal = {command.name for command in build().registered_commands} | {"prompts", "eval"}
    manifest = yaml.safe_load((ROOT / "manifest.yaml").read_text(encoding="utf-8"))
    slack = {command["command"] for command in manifest["features"]["slash_commands"]}
    assert [name for name in terminal if f"smallprint {name}" not in COMMANDS] == []
    assert [name for name in slack if name not in COMMANDS] == []


def test_the_readme_is_short_enough_to_be_read() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120


def test_no_file_names_a_registry_host_or_a_path_of_a_machine() -> None:
    found = []
    for path in tracked_files():
        if not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", "ignore")
        found += [f"{path.relative_to(ROOT)}: {word}" for word in (*HOSTS, *PLACES) if word in text]
    assert found == []
