"""All that is kept, tried again: `python -m tests.torture.hostile.replay` prints by parser how many inputs there were,
and what failed. A process of its own, for limits and watches hold for all of it."""

import json
import sys
from pathlib import Path

from .bounds import Bounds, room_to_work
from .corpus import inputs
from .parsers import PARSERS


def main() -> None:
    with room_to_work() as folder:
        bounds = Bounds(folder)
        sys.stdout.write(json.dumps({name: tried(name, bounds, folder) for name in PARSERS}))


def tried(name: str, bounds: Bounds, folder: Path) -> dict[str, object]:
    work = folder / name
    work.mkdir()
    parser, known = PARSERS[name], inputs(name)
    take = parser.take(work)
    for seed in parser.seeds():
        take(seed)  # Whatever is imported late is there from now on.
    broken = {one: bounds.broken_by(take, data) for one, data in known.items()}
    return {"inputs": len(known), "failures": {one: what for one, what in broken.items() if what}}


if __name__ == "__main__":
    main()
