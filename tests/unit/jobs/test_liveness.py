from __future__ import annotations

from smallprint.jobs.liveness import FileLiveness


def test_a_process_is_alive_as_long_as_it_holds_its_lock(tmp_path) -> None:
    mine, other = FileLiveness(tmp_path), FileLiveness(tmp_path)
    mine.hold("a")
    assert not other.is_dead("a")
    mine.release()
    assert other.is_dead("a")


def test_a_process_nobody_heard_of_is_dead(tmp_path) -> None:
    assert FileLiveness(tmp_path / "absent").is_dead("x")


def test_looking_does_not_take_the_lock(tmp_path) -> None:
    one, two = FileLiveness(tmp_path), FileLiveness(tmp_path)
    (tmp_path / "gone.lock").touch()
    assert one.is_dead("gone")
    assert two.is_dead("gone")


def test_the_files_of_dead_processes_are_swept_and_those_of_living_ones_are_not(tmp_path) -> None:
    (tmp_path / "gone.lock").touch()
    alive, new = FileLiveness(tmp_path), FileLiveness(tmp_path)
    alive.hold("alive")
    new.hold("new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alive.lock", "new.lock"]
    assert not new.is_dead("alive")
    alive.release()
    new.release()
    assert not list(tmp_path.iterdir())
