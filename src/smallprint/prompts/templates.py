"""Prompt versions as files: `templates/<agent>/<0003>-<slug>.md`, YAML front matter and a body.

A version is immutable: `versions.lock` holds the hash of each (see lock.py). The hash covers the body, the
settings and the output contract, so "v3" cannot come to mean two things. Documents never pass through a
template: only the few short values of `VARIABLES` do, in one pass, and a value is never looked at again.

`templates/system.md` holds the rules that stand above every version (form of the answer, untrusted content),
`system-short.md` the same in a quarter of the words for an agent that must cost next to nothing. They belong to the
release, not to a version; the analysis's row names the release.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from smallprint.errors import InvalidTemplate, UnknownAgent, UnknownPromptVersion
from smallprint.models.domain import Agent, Prompt

VARIABLES = frozenset({"document_kind", "today", "side", "focus", "language", "checklist_1"})
"""What a body may refer to as ${name}; none of it comes out of a document. ${checklist_1} is checklists/1.yaml."""

RULES, SHORT_RULES = "system", "system-short"

EFFORTS = ("low", "medium", "high", "xhigh", "max")
MIN_OUTPUT_TOKENS = 1_000
MAX_OUTPUT_TOKENS = 128_000
"""The upper one is that of the current Claude models: platform.claude.com, models overview, November 2026."""

NO_AGENT = "There is no agent {agent!r}. Agents: {agents}."
NO_VERSION = "{agent} has no version {version}. Versions: {versions}."
NO_VALUE = "The prompt {agent} {label} needs a value for ${{{name}}}."
NO_VARIABLE = "The prompt {agent} {label} has no variable ${{{name}}}."

_FILE_NAME = re.compile(r"(?P<version>\d{4})-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\.md")
_FRONT_MATTER = re.compile(r"\A---\n(?P<front>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")
_KEYS = frozenset({"agent", "version", "note", "contract", "variables", "effort", "max_tokens", "model"})


class PromptTemplates:
    """The prompt versions that come with this release, or those in `folder`."""

    def __init__(self, folder: Path | Traversable | None = None) -> None:
        self._folder: Traversable = _packaged() if folder is None else folder

    def get(self, agent: str, version: int) -> Prompt:
        """Raises UnknownAgent, UnknownPromptVersion, or InvalidTemplate when any file breaks the rules."""
        versions = self._of(agent)
        for prompt in versions:
            if prompt.version == version:
                return prompt
        known = ", ".join(prompt.label for prompt in versions)
        raise UnknownPromptVersion(NO_VERSION.format(agent=agent, version=version, versions=known))

    def latest(self, agent: str) -> Prompt:
        """The highest version. Raises UnknownAgent or InvalidTemplate."""
        return self._of(agent)[-1]

    def all(self) -> tuple[Prompt, ...]:
        """Every version, by agent, oldest first. Raises InvalidTemplate naming the file and what is wrong."""
        return self._prompts

    def render(self, prompt: Prompt, values: Mapping[str, str]) -> str:
        """The body with its variables filled in; see the function of the same name."""
        return render(prompt, values)

    def _of(self, agent: str) -> tuple[Prompt, ...]:
        prompts = tuple(prompt for prompt in self._prompts if prompt.agent == agent)
        if not prompts:
            agents = ", ".join(sorted({prompt.agent for prompt in self._prompts}))
            raise UnknownAgent(NO_AGENT.format(agent=agent, agents=agents))
        return prompts

    @cached_property
    def _prompts(self) -> tuple[Prompt, ...]:
        prompts = sorted(_read_all(self._folder), key=lambda prompt: (prompt.agent, prompt.version))
        _require_distinct(prompts)
        return tuple(prompts)


def render(prompt: Prompt, values: Mapping[str, str]) -> str:
    """Replace each ${name} once; what a value holds is never interpreted.

    Raises:
        InvalidTemplate: a value is missing, or one is given that the prompt has no use for.
    """
    used = set(_PLACEHOLDER.findall(prompt.body))
    for name in sorted(used - values.keys()):
        raise InvalidTemplate(NO_VALUE.format(agent=prompt.agent, label=prompt.label, name=name))
    for name in sorted(values.keys() - used):
        raise InvalidTemplate(NO_VARIABLE.format(agent=prompt.agent, label=prompt.label, name=name))
    return _PLACEHOLDER.sub(lambda placeholder: values[placeholder[1]], prompt.body)


def system_rules(name: str = RULES) -> str:
    """The rules that stand above every version: `RULES` of nearly every agent, `SHORT_RULES` of one that must be cheap."""
    return (_packaged() / f"{name}.md").read_text(encoding="utf-8")


def content_sha256(
    *, body: str, contract: str, effort: str, max_tokens: int, model: str | None, variables: Sequence[str]
) -> str:
    """What makes two versions the same: body, settings and contract as canonical JSON, hashed."""
    settings = {"effort": effort, "max_tokens": max_tokens, "model": model, "variables": sorted(variables)}
    canonical = json.dumps(
        {"body": body, "contract": contract, "settings": settings},
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _packaged() -> Traversable:
    return files("smallprint.prompts") / "templates"


def _read_all(folder: Traversable) -> Iterator[Prompt]:
    for agent_folder in folder.iterdir():
        if agent_folder.is_dir() and not agent_folder.name.startswith(("_", ".")):
            for file in agent_folder.iterdir():
                if not file.name.startswith("."):
                    yield _TemplateFile(agent_folder.name, file.name, file.read_bytes()).prompt()


def _require_distinct(prompts: Sequence[Prompt]) -> None:
    contents: dict[tuple[str, str], Prompt] = {}
    for prompt in prompts:
        where = f"{prompt.agent}/{prompt.version:04}-{prompt.slug}.md"
        twin = contents.setdefault((prompt.agent, prompt.sha256), prompt)
        if twin is not prompt:
            raise InvalidTemplate(f"{where}: it has the same content as {twin.label}.")
    for before, prompt in pairwise(prompts):
        if (before.agent, before.version) == (prompt.agent, prompt.version):
            raise InvalidTemplate(f"{prompt.agent}: there are two files for version {prompt.version}.")


class _TemplateFile:
    """One file and the rules it must keep."""

    def __init__(self, agent: str, file_name: str, content: bytes) -> None:
        self._agent = agent
        self._file_name = file_name
        try:
            self._text = content.decode().replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise self._fault("it is not UTF-8") from None

    def prompt(self) -> Prompt:
        version, slug = self._numbered_name()
        front, body = self._parts()
        self._check_identity(front, version)
        self._check_settings(front)
        self._check_variables(front["variables"], body)
        contract, variables = front["contract"], tuple(front["variables"])
        settings = {key: front[key] for key in ("effort", "max_tokens", "model")}
        return Prompt(
            agent=self._agent,
            version=version,
            slug=slug,
            note=front["note"].strip(),
            body=body,
            sha256=content_sha256(body=body, contract=contract, variables=variables, **settings),
            contract=contract,
            variables=variables,
            source="packaged",
            **settings,
        )

    def _numbered_name(self) -> tuple[int, str]:
        self._require(self._agent in set(Agent), f"there is no agent {self._agent!r}")
        name = _FILE_NAME.fullmatch(self._file_name)
        if name is None:
            raise self._fault("its name must look like 0003-quote-first.md")
        version = int(name["version"])
        self._require(version > 0, "versions start at 0001")
        return version, name["slug"]

    def _parts(self) -> tuple[dict[str, Any], str]:
        parts = _FRONT_MATTER.match(self._text)
        if parts is None:
            raise self._fault("it must begin with front matter between two lines of ---")
        try:
            front = yaml.safe_load(parts["front"])
        except yaml.YAMLError:
            raise self._fault("its front matter is not valid YAML") from None
        if not isinstance(front, dict):
            raise self._fault("its front matter must be keys and values")
        missing, unknown = _KEYS - front.keys(), front.keys() - _KEYS
        self._require(not missing, f"its front matter lacks {_listed(missing)}")
        self._require(not unknown, f"its front matter has unknown keys: {_listed(unknown)}")
        body = parts["body"].strip() + "\n"
        self._require(bool(body.strip()), "it has no body")
        return front, body

    def _check_identity(self, front: Mapping[str, Any], version: int) -> None:
        self._require(front["agent"] == self._agent, f"its agent must be {self._agent}, like its folder")
        same = _is_int(front["version"]) and front["version"] == version
        self._require(same, f"its version must be {version}, like its file name")
        note = front["note"]
        one_line = isinstance(note, str) and bool(note.strip()) and "\n" not in note.strip()
        self._require(one_line, "its note must be one line of text")

    def _check_settings(self, front: Mapping[str, Any]) -> None:
        contract, model, max_tokens = front["contract"], front["model"], front["max_tokens"]
        contract_fits = isinstance(contract, str) and re.fullmatch(r"[a-z_]+/[1-9]\d*", contract)
        self._require(bool(contract_fits), "its contract must be a name and a number such as analysis/1")
        self._require(front["effort"] in EFFORTS, f"its effort must be one of {', '.join(EFFORTS)}")
        in_range = _is_int(max_tokens) and MIN_OUTPUT_TOKENS <= max_tokens <= MAX_OUTPUT_TOKENS
        self._require(
            in_range, f"its max_tokens must be a number from {MIN_OUTPUT_TOKENS} to {MAX_OUTPUT_TOKENS}"
        )
        model_fits = model is None or (isinstance(model, str) and bool(model.strip()))
        self._require(model_fits, "its model must be a model's name or null")

    def _check_variables(self, declared: object, body: str) -> None:
        if not isinstance(declared, list) or not all(isinstance(name, str) for name in declared):
            raise self._fault("its variables must be a list of names")
        names, used = set(declared), set(_PLACEHOLDER.findall(body))
        self._require(len(names) == len(declared), "it lists a variable twice")
        self._require(used <= names, f"its body uses {_listed(used - names)} without listing it")
        self._require(names <= used, f"it lists {_listed(names - used)} but its body does not use it")
        self._require(names <= VARIABLES, f"there is no variable {_listed(names - VARIABLES)}")

    def _require(self, kept: bool, rule: str) -> None:  # noqa: FBT001  reads like the rule it checks
        if not kept:
            raise self._fault(rule)

    def _fault(self, rule: str) -> InvalidTemplate:
        return InvalidTemplate(f"{self._agent}/{self._file_name}: {rule}.")


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _listed(names: AbstractSet[object]) -> str:
    return ", ".join(sorted(map(str, names)))
