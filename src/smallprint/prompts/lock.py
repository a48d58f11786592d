"""Released prompt versions, checklists and answer forms never change: `versions.lock` holds the hash of each.

A prompt's hash is `Prompt.sha256`, the same as in the database. It does not cover what the prompt refers to by name:
the checklist and the output contract (the answer's JSON schema and the tools it is asked for with) have lines of their
own. What changed is never locked again: give the text or the contract a new number, or, if it was never released,
delete its line from the lock first. The command is in bootstrap/lock.py, for only there contracts are known too.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from smallprint.errors import InvalidTemplate
from smallprint.prompts.templates import PromptTemplates

LOCK = Path(__file__).with_name("versions.lock")

CHANGED = "{file} was changed after it was locked. Restore it and make a new version, with a new number."
GONE = "{file} is in versions.lock but does not exist. A released version stays: it may be live somewhere."
NEW = "{file} is not in versions.lock. Run: python -m smallprint.bootstrap.lock"
CONTRACT = "contracts/{name}"


def main(
    arguments: Sequence[str],
    templates: PromptTemplates | None = None,
    lock: Path = LOCK,
    checklists: Path | Traversable | None = None,
    contracts: Mapping[str, str] | None = None,
) -> int:
    """Exit status of the command: it writes the lines of what is new, or with --check only says what is wrong.

    `contracts`: name ("analysis/1") to hash.
    """
    try:
        now = released(templates, checklists, contracts)
    except InvalidTemplate as error:
        return _say([error.user_message])
    locked = read_lock(lock)
    if "--check" in arguments:
        return _say(faults(now, locked) + unlocked(now, locked))
    lock.write_text(_text({**now, **locked}), encoding="utf-8")
    return _say(faults(now, locked))


def read_lock(lock: Path = LOCK) -> dict[str, str]:
    """File to hash; empty when there is no lock yet."""
    if not lock.exists():
        return {}
    lines = lock.read_text(encoding="utf-8").splitlines()
    return {file: sha256 for sha256, file in (line.split(maxsplit=1) for line in lines if line.strip())}


def released(
    templates: PromptTemplates | None = None,
    checklists: Path | Traversable | None = None,
    contracts: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """File to hash of all that must not change once released; the packaged files by default. Raises InvalidTemplate."""
    prompts = (templates or PromptTemplates()).all()
    folder = files("smallprint.prompts") / "checklists" if checklists is None else checklists
    hashes = {f"{each.agent}/{each.version:04}-{each.slug}.md": each.sha256 for each in prompts}
    lists = [file for file in folder.iterdir() if file.name.endswith(".yaml")] if folder.is_dir() else []
    hashes |= {f"checklists/{file.name}": _sha256(file.read_bytes()) for file in lists}
    return hashes | {CONTRACT.format(name=name): sha256 for name, sha256 in (contracts or {}).items()}


def faults(now: Mapping[str, str], locked: Mapping[str, str]) -> list[str]:
    """One sentence for each locked file that changed or vanished."""
    changed = [CHANGED.format(file=file) for file in sorted(now) if locked.get(file, now[file]) != now[file]]
    return changed + [GONE.format(file=file) for file in sorted(locked) if file not in now]


def unlocked(now: Mapping[str, str], locked: Mapping[str, str]) -> list[str]:
    """One sentence for each file that is not locked yet."""
    return [NEW.format(file=file) for file in sorted(now) if file not in locked]


def _sha256(content: bytes) -> str:
    # As with prompts, line endings make no other version.
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def _text(hashes: Mapping[str, str]) -> str:
    return "".join(f"{hashes[file]}  {file}\n" for file in sorted(hashes))


def _say(sentences: Sequence[str]) -> int:
    for sentence in sentences:
        sys.stderr.write(f"{sentence}\n")
    return 1 if sentences else 0
