"""Released prompt versions never change: `versions.lock` holds the hash of each.

    python -m smallprint.prompts.lock           write the lines of new versions
    python -m smallprint.prompts.lock --check   exit 1 if a version changed, vanished or is not in the lock

The hash is `Prompt.sha256`, the same as in the database. A version that changed is never locked again by this
command: give the text a new number, or, if the version was never released, delete its line from the lock first.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from smallprint.errors import InvalidTemplate
from smallprint.models.domain import Prompt
from smallprint.prompts.templates import PromptTemplates

LOCK = Path(__file__).with_name("versions.lock")

CHANGED = "{file} was changed after it was locked. Restore it and give the new text a new number."
GONE = "{file} is in versions.lock but does not exist. A released version stays: it may be live somewhere."
NEW = "{file} is not in versions.lock. Run: python -m smallprint.prompts.lock"


def main(arguments: Sequence[str], templates: PromptTemplates | None = None, lock: Path = LOCK) -> int:
    """Exit status of the command."""
    try:
        prompts = (templates or PromptTemplates()).all()
    except InvalidTemplate as error:
        return _say([error.user_message])
    locked = read_lock(lock)
    if "--check" in arguments:
        return _say(faults(prompts, locked) + unlocked(prompts, locked))
    lock.write_text(_text({**_hashes(prompts), **locked}), encoding="utf-8")
    return _say(faults(prompts, locked))


def read_lock(lock: Path = LOCK) -> dict[str, str]:
    """File to hash; empty when there is no lock yet."""
    if not lock.exists():
        return {}
    lines = lock.read_text(encoding="utf-8").splitlines()
    return {file: sha256 for sha256, file in (line.split(maxsplit=1) for line in lines if line.strip())}


def faults(prompts: Sequence[Prompt], locked: Mapping[str, str]) -> list[str]:
    """One sentence for each locked version that changed or vanished."""
    now = _hashes(prompts)
    changed = [CHANGED.format(file=file) for file in sorted(now) if locked.get(file, now[file]) != now[file]]
    return changed + [GONE.format(file=file) for file in sorted(locked) if file not in now]


def unlocked(prompts: Sequence[Prompt], locked: Mapping[str, str]) -> list[str]:
    """One sentence for each version that is not locked yet."""
    return [NEW.format(file=file) for file in sorted(_hashes(prompts)) if file not in locked]


def _hashes(prompts: Sequence[Prompt]) -> dict[str, str]:
    return {f"{each.agent}/{each.version:04}-{each.slug}.md": each.sha256 for each in prompts}


def _text(hashes: Mapping[str, str]) -> str:
    return "".join(f"{hashes[file]}  {file}\n" for file in sorted(hashes))


def _say(sentences: Sequence[str]) -> int:
    for sentence in sentences:
        sys.stderr.write(f"{sentence}\n")
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
