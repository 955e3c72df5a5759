"""A watch over what a program, and all that it starts, tries to reach: only the computer itself is let."""

import os
from pathlib import Path


def only_loopback(folder: Path) -> dict[str, str]:
    """The environment in which a program is watched; `folder` keeps what was seen."""
    here = str(Path(__file__).with_name("loopback_only"))
    inherited = os.environ.get("PYTHONPATH", "")
    return {"PYTHONPATH": os.pathsep.join(filter(None, [here, inherited])), "ONLY_LOOPBACK": str(folder / "tried")}


def reached(folder: Path) -> str:
    """What else was tried by those whom `folder` watched; nothing, as it should be."""
    tried = folder / "tried"
    return tried.read_text(encoding="utf-8") if tried.exists() else ""
