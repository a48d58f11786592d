"""The pictures of the documentation show what the product sends."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripts.scenes import SCENES

PICTURES = Path(__file__).parents[2] / "docs" / "screenshots"


def test_every_scene_has_its_picture_and_every_picture_its_scene():
    assert {path.stem for path in PICTURES.glob("*.png")} == set(SCENES), "run: make screenshots"


@pytest.mark.parametrize("name", SCENES)
def test_slack_would_take_what_a_scene_shows(name: str):
    """A scene raises for blocks that break one of Slack's limits."""
    assert SCENES[name]().to_json()["parts"]
