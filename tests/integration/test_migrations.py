import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy import (
    BigInteger,
    Connection,
    Table,
    UniqueConstraint,
    delete,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from smallprint.errors import DatabaseError, DatabaseNewer, MigrationChanged
from smallprint.models.database import metadata, prompt_activations, prompt_versions
from smallprint.services.database.connection import Database
from smallprint.services.database.migrations import MIGRATIONS_FOLDER, schema_migrations
from tests.integration.databases import DIALECTS, fresh_database, fresh_url

OPEN_AND_CLOSE = """
import asyncio, sys
from smallprint.services.database.connection import Database

async def main():
    for url in sys.argv[1:]:
        sys.stdin.readline()
        database = await Database.open(url)
        await database.close()
        print("done", flush=True)

asyncio.run(main())
"""
"""Opens the databases one after the other, each when it is told to."""
ROUNDS = 10


@pytest.fixture(params=DIALECTS)
async def url(request, tmp_path):
    async with fresh_url(request.param, tmp_path) as fresh:
        yield fresh


@pytest.fixture(params=DIALECTS)
async def database(request, tmp_path):
    async with fresh_database(request.param, tmp_path) as fresh:
        yield fresh


@pytest.fixture
def folder(tmp_path):
    """A copy of the released migrations, to be continued or tampered with."""
    copy = tmp_path / "schema"
    copy.mkdir()
    for file in MIGRATIONS_FOLDER.glob("*.sql"):
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


async def test_the_migrated_tables_are_those_of_the_models(database):
    def compare(connection: Connection) -> None:
        found = inspect(connection)
        assert set(found.get_table_names()) == {*metadata.tables, "schema_migrations"}
        for table in metadata.tables.values():
            _compare(found, table)

    async with database.read() as connection:
        await connection.run_sync(compare)


def _compare(found, table: Table) -> None:
    columns = {column["name"]: column for column in found.get_columns(table.name)}
    assert [*columns] == [column.name for column in table.columns]
    for column in table.columns:
        made = columns[column.name]
        assert made["nullable"] == column.nullable or column.primary_key, (table.name, column.name)
        whole_number = column.type.python_type is int
        assert made["type"].python_type is (int if whole_number else str), (table.name, column.name)
        if isinstance(column.type, BigInteger) and not column.primary_key:
            assert isinstance(made["type"], BigInteger), (table.name, column.name)
    assert found.get_pk_constraint(table.name)["constrained_columns"] == [c.name for c in table.primary_key]
    made_unique = {tuple(unique["column_names"]) for unique in found.get_unique_constraints(table.name)}
    unique = {
        tuple(c.name for c in made.columns)
        for made in table.constraints
        if isinstance(made, UniqueConstraint)
    }
    assert made_unique == unique
    made_keys = {
        (*key["constrained_columns"], key["referred_table"]) for key in found.get_foreign_keys(table.name)
    }
    keys = {(key.parent.name, key.column.table.name) for key in table.foreign_keys}
    assert made_keys == keys


@pytest.mark.parametrize("table", [prompt_versions, prompt_activations], ids=lambda table: table.name)
@pytest.mark.parametrize("change", ["update", "delete"])
async def test_prompt_versions_and_their_log_can_be_neither_changed_nor_deleted(database, table, change):
    async with database.write() as connection:
        await connection.execute(insert(prompt_versions).values(**_VERSION))
        version = select(prompt_versions.c.id).scalar_subquery()
        await connection.execute(insert(prompt_activations).values(version_id=version, **_ACTIVATION))

    statement = update(table).values(agent="other") if change == "update" else delete(table)
    with pytest.raises(DBAPIError, match=r"immutable|append-only|never changed"):
        async with database.write() as connection:
            await connection.execute(statement)


async def test_what_was_applied_is_written_down_with_its_hash(database):
    async with database.read() as connection:
        rows = (await connection.execute(select(schema_migrations))).all()
    assert [(row.number, row.name, len(row.sha256)) for row in rows] == [
        (1, "initial", 64),
        (2, "files_of_one_message", 64),
        (3, "briefs", 64),
        (4, "evaluations", 64),
        (5, "prompt_lifecycle", 64),
        (6, "prompt_statistics", 64),
        (7, "usage", 64),
        (8, "budgets", 64),
        (9, "activity", 64),
        (10, "conversations", 64),
    ]


async def test_opening_again_changes_nothing(url):
    seen = set()
    for _ in range(3):
        database = await Database.open(url)
        async with database.read() as connection:
            seen.add(tuple((await connection.execute(select(schema_migrations))).all()))
        await database.close()
    assert len(seen) == 1


async def test_a_later_migration_is_applied_to_a_database_in_use(url, folder):
    await (await Database.open(url, migrations_folder=folder)).close()
    (folder / "9001_colours.sql").write_text(
        "CREATE TABLE colours (name TEXT);\n\nINSERT INTO colours VALUES ('red');\n"
    )
    database = await Database.open(url, migrations_folder=folder)
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT name FROM colours"))).scalar_one() == "red"
    await database.close()


async def test_a_database_of_a_newer_release_is_refused(url, folder):
    (folder / "9001_colours.sql").write_text("CREATE TABLE colours (name TEXT);\n")
    await (await Database.open(url, migrations_folder=folder)).close()
    with pytest.raises(DatabaseNewer):
        await Database.open(url)


async def test_a_migration_that_was_changed_after_its_release_is_refused(url, folder):
    await (await Database.open(url)).close()
    file = folder / "0001_initial.sql"
    file.write_text(file.read_text() + "\n-- a little better\n")
    with pytest.raises(MigrationChanged):
        await Database.open(url, migrations_folder=folder)


async def test_a_migration_that_fails_leaves_the_database_as_it_was(url, folder):
    await (await Database.open(url, migrations_folder=folder)).close()
    (folder / "9001_good.sql").write_text("CREATE TABLE good (name TEXT);\n")
    (folder / "9002_bad.sql").write_text("CREATE TABLE bad (name TEXT);\n\nINSERT INTO nowhere VALUES (1);\n")
    with pytest.raises(DatabaseError):
        await Database.open(url, migrations_folder=folder)

    database = await Database.open(url)  # as the release before it
    async with database.read() as connection:
        tables = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    await database.close()
    assert not tables & {"good", "bad"}


async def test_three_processes_may_start_at_once_on_a_database_that_does_not_exist(tmp_path):
    await _start_three([f"sqlite+aiosqlite:///{tmp_path / f'{round_}.db'}" for round_ in range(ROUNDS)])


@pytest.mark.parametrize("dialect", DIALECTS[1:])
async def test_three_processes_may_start_at_once_on_an_empty_postgres(dialect, tmp_path):
    for _ in range(3):
        async with fresh_url(dialect, tmp_path) as url:
            await _start_three([url])


async def _start_three(urls: list[str]) -> None:
    """Three processes, and all of them open each database at the same moment."""
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            OPEN_AND_CLOSE,
            *urls,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(3)
    ]
    async with asyncio.timeout(60):
        for _ in urls:
            for process in processes:
                assert process.stdin is not None
                process.stdin.write(b"\n")
            for process in processes:
                assert process.stdout is not None
                await process.stdout.readline()  # nothing if it failed; its status tells
        errors = [(await process.communicate())[1].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], errors


def test_every_migration_is_numbered_without_gaps():
    numbers = [
        int(path.stem.split("_")[0])
        for path in sorted(MIGRATIONS_FOLDER.glob("*.sql"))
        if "." not in path.stem
    ]
    assert numbers == [*range(1, len(numbers) + 1)]
    assert Path(MIGRATIONS_FOLDER / "0001_initial.sql").exists()


_VERSION = {
    "agent": "document_analysis",
    "version": 1,
    "slug": "first",
    "note": "",
    "body": "Read it.",
    "settings": "{}",
    "contract": "analysis/1",
    "sha256": "0" * 64,
    "source": "repo",
    "created_by": "test",
    "created_at": "2026-11-23T00:00:00.000000Z",
}
_ACTIVATION = {
    "agent": "document_analysis",
    "scope": "global",
    "scope_id": "",
    "action": "import",
    "prev_id": 0,
    "actor": "test",
    "reason": "",
    "gate": "none",
    "request_id": "r1",
    "created_at": "2026-11-23T00:00:00.000000Z",
}
