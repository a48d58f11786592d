"""Write the parts of docs/reference that the code knows: the fields of a report, and every refusal's sentence.

python -m scripts.write_reference
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from smallprint import errors
from smallprint.models import domain
from smallprint.reports.as_json import SCHEMA, report_schema

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
BEGIN, END = "<!-- written by scripts/write_reference.py -->", "<!-- end -->"


def main() -> None:
    for name, parts in {"report.md": report_tables(), "formats.md": refusals_table()}.items():
        page = REFERENCE / name
        page.write_text(with_part(page.read_text(encoding="utf-8"), parts), encoding="utf-8")


def with_part(page: str, part: str) -> str:
    """`page` with `part` between its marks."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{part}{END}{rest.partition(END)[2]}"


def report_tables() -> str:
    """A table for the report and one for each object in it, fields in their order."""
    schema = report_schema()
    documented = _documented_fields()
    objects = {
        "Report": schema,
        **{name: part for name, part in schema["$defs"].items() if "properties" in part},
    }
    lines = [f"The format is `{SCHEMA}`.", ""]
    for name in _in_order(objects):
        lines += [f"## {name}", "", "| field | type | meaning |", "|---|---|---|"]
        lines += [_row(name, field, part, documented) for field, part in objects[name]["properties"].items()]
        lines.append("")
    lines += ["## Values", "", "| type | values |", "|---|---|"]
    lines += [f"| {name} | {_values(part)} |" for name, part in schema["$defs"].items() if "enum" in part]
    return "\n".join(lines) + "\n"


def refusals_table() -> str:
    """Code and sentence of every error that is about a document or a file."""
    rows = [
        f"| `{error.code}` | {error.sentence} |"
        for family in (errors.DocumentError, errors.FileError)
        for error in _below(family)
    ]
    return "\n".join(["| code | what is said |", "|---|---|", *rows]) + "\n"


def _below(error: type[errors.SmallprintError]) -> Iterator[type[errors.SmallprintError]]:
    """In the order of the source, whatever else was imported."""
    for name, found in vars(errors).items():
        if inspect.isclass(found) and issubclass(found, error) and not name.startswith("_"):
            yield found


def _in_order(objects: Mapping[str, Any]) -> list[str]:
    """The report first, then what it consists of, as it comes up."""
    order, waiting = [], ["Report"]
    while waiting:
        name = waiting.pop(0)
        if name in order or name not in objects:
            continue
        order.append(name)
        for part in objects[name]["properties"].values():
            waiting += _type_of(part).removeprefix("list of ").split(" or ")
    return order


def _row(owner: str, field: str, part: Mapping[str, Any], documented: Mapping[tuple[str, str], str]) -> str:
    meaning = part.get("description") or documented.get((owner, field), "")
    meaning = meaning.replace("None", "null").replace("|", "\\|")
    return f"| `{field}` | {_type_of(part)} | {meaning} |"


def _type_of(part: Mapping[str, Any]) -> str:
    if "anyOf" in part:
        return " or ".join(_type_of(choice) for choice in part["anyOf"])
    if "$ref" in part:
        return str(part["$ref"]).rpartition("/")[2]
    if isinstance(part.get("type"), list):
        return " or ".join(part["type"])
    if part.get("type") == "array":
        return f"list of {_type_of(part['items'])}" if "items" in part else "list"
    return str(part.get("format") or part.get("type"))


def _values(part: Mapping[str, Any]) -> str:
    return ", ".join(f"`{value}`" for value in part["enum"])


def _documented_fields() -> dict[tuple[str, str], str]:
    """(class, field) → the string that stands below the field in models/domain/."""
    found = {}
    for node in _statements(domain):
        if not isinstance(node, ast.ClassDef):
            continue
        for field, below in zip(node.body, node.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and _is_text(below):
                found[node.name, field.target.id] = " ".join(ast.literal_eval(below.value).split())  # type: ignore[attr-defined]  # _is_text has seen it
    return found


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _statements(package: ModuleType) -> list[ast.stmt]:
    folder = Path(inspect.getfile(package)).parent
    return [
        node
        for file in sorted(folder.glob("*.py"))
        for node in ast.parse(file.read_text(encoding="utf-8")).body
    ]


if __name__ == "__main__":
    main()
