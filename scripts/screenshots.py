"""Draw what people see in Slack, with a Block Kit renderer that isn't ours, and take pictures of it.

python -m scripts.screenshots [scene …]      (all scenes of scripts/scenes.py into docs/screenshots)

Needs npm and Chromium. The renderer and its bundle stay in a cache outside the repository.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from scripts.scene import Scene
from scripts.scenes import SCENES

SOURCES = Path(__file__).parent / "screenshots"
TARGET = Path(__file__).parents[1] / "docs" / "screenshots"
INSTALL_TIMEOUT_S = 300

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
BROWSER_TIMEOUT_S = 60
WIDTH = 720
"""CSS pixels."""
SCALES = (2.0, 1.5, 1.0)
"""Pixels per CSS pixel: as sharp as MAX_BYTES allows."""
COLOURS = 200
MAX_BYTES = 150_000

NO_TOOL = "{name} is not installed; CONTRIBUTING.md says what the screenshots need."
NO_SCENE = "There is no scene {name}. There are: {all}."


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.screenshots", description=__doc__)
    parser.add_argument("scenes", nargs="*", default=list(SCENES), help="names of scenes; all by default")
    parser.add_argument("--folder", type=Path, default=TARGET, help="where the pictures go")
    options = parser.parse_args()
    _known(options.scenes)
    browser = _tool(*BROWSERS)
    bundle = _bundle(_installed())
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in options.scenes:
        draw(page(SCENES[name](), bundle), options.folder / f"{name}.png", browser)
        print(options.folder / f"{name}.png")


def page(scene: Scene, bundle: Path) -> str:
    """HTML that needs nothing else."""
    data = json.dumps(scene.to_json()).replace("<", "\\u003c")
    style = bundle.with_suffix(".css").read_text(encoding="utf-8")
    script = bundle.read_text(encoding="utf-8").replace("</script", "<\\/script")
    return (
        f"<!doctype html><meta charset=utf-8><style>{style}</style><body><div id=page></div>"
        f"<script>window.SCENE = {data}</script><script>{script}</script></body>"
    )


def draw(html: str, target: Path, browser: str) -> None:
    """The first run measures the page's height, the next ones take the picture."""
    measure = "<script>document.title = 'height=' + document.body.scrollHeight + ';'</script>"
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "page.html"
        source.write_text(html + measure, encoding="utf-8")
        common = (browser, *FLAGS, f"--user-data-dir={scratch}/profile")
        dom = _shown(*common, f"--window-size={WIDTH},600", "--dump-dom", source.as_uri())
        height = int(dom.split("height=", 1)[1].split(";", 1)[0])
        window = (f"--window-size={WIDTH},{height + 8}", f"--screenshot={target.resolve()}")
        for scale in SCALES:
            _shown(*common, *window, f"--force-device-scale-factor={scale}", source.as_uri())
            _shrink(target)
            if target.stat().st_size <= MAX_BYTES:
                break


def _shrink(target: Path) -> None:
    # MAXCOVERAGE keeps the few bright pixels of the emoji, which the default turns grey; kmeans the greys of large areas,
    # which MAXCOVERAGE turns pink
    drawn = Image.open(target).convert("RGB")
    drawn.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=1).save(target, optimize=True)


def _shown(*command: str) -> str:
    done = subprocess.run(  # noqa: S603 - a browser found on this machine, with our own page
        command, capture_output=True, text=True, timeout=BROWSER_TIMEOUT_S, check=True
    )
    return done.stdout


def _known(names: Sequence[str]) -> None:
    for name in names:
        if name not in SCENES:
            raise SystemExit(NO_SCENE.format(name=name, all=", ".join(SCENES)))


def _tool(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise SystemExit(NO_TOOL.format(name=names[0]))
    return found


def _installed() -> Path:
    """The renderer's packages, exactly as package.json names them; no lock, it would name the registry."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "smallprint-screenshots"
    wanted = (SOURCES / "package.json").read_text(encoding="utf-8")
    manifest = cache / "package.json"
    if not manifest.exists() or manifest.read_text(encoding="utf-8") != wanted:
        npm = _tool("npm")
        cache.mkdir(parents=True, exist_ok=True)
        manifest.write_text(wanted, encoding="utf-8")
        try:
            _run([npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"], cache)
        except subprocess.SubprocessError:
            manifest.unlink()  # or the next run would believe that all is there
            raise
    return cache


def _bundle(cache: Path) -> Path:
    """page.jsx with all it imports; its style lies beside it."""
    made = cache / "page.js"
    esbuild = cache / "node_modules" / ".bin" / "esbuild"
    command = [
        str(esbuild), str(SOURCES / "page.jsx"), "--bundle", "--minify", "--jsx=automatic", "--log-level=warning",
        '--define:process.env.NODE_ENV="production"', f"--outfile={made}",
    ]  # fmt: skip
    _run(command, cache)
    return made


def _run(command: Sequence[str], cache: Path) -> None:
    environment = os.environ | {"NODE_PATH": str(cache / "node_modules")}
    subprocess.run(command, cwd=cache, env=environment, check=True, timeout=INSTALL_TIMEOUT_S)  # noqa: S603 - npm, and what it installed


if __name__ == "__main__":
    main()
