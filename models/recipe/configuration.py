"""The settings with which the recogniser searches, and the files it reads its settings from."""

from collections.abc import Mapping
from pathlib import Path

from .features import SUBSAMPLING

DECODING: dict[str, float] = {
    "min-active": 200,
    "max-active": 4000,
    "beam": 13.0,
    "lattice-beam": 4.0,
    "acoustic-scale": 0.8,
    "frame-subsampling-factor": SUBSAMPLING,
    "endpoint.silence-phones": 1,
    "endpoint.rule2.min-trailing-silence": 0.5,
    "endpoint.rule3.min-trailing-silence": 1.0,
    "endpoint.rule4.min-trailing-silence": 2.0,
}
"""What `conf/model.conf` says. The scale is below 1 because frames are learned one by one, and neighbours agree."""


def write(path: Path, settings: Mapping[str, object]) -> None:
    """One option a line, as Kaldi reads them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"--{name}={value}\n" for name, value in settings.items()))
