"""Which voices the model hears while it learns, and which it never hears.

espeak-ng brings some ninety variants for every language, made in two ways: most add up sinusoids, the Klatt voices send
a glottal source through resonators (after Klatt 1980). Of each kind a few are held out. What is left is joined by
variants of our own, drawn at random, others for each shard of the material. Wholly held out is another engine, MBROLA,
whose voices are joined from recorded pieces of people's speech: what it says is the nearest to people that we can judge
by.
"""

import ctypes
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from .espeak import SYNCHRONOUS

LANGUAGE = "nl"
SPOKEN = (LANGUAGE, "en", "en-US")
"""espeak-ng turns to English for what it takes to be foreign."""

HELD_OUT = ("m4", "f3", "Annie", "steph2", "Michael", "linda", "pablo", "Andy")
"""Only ever in evaluation."""

HELD_OUT_KLATT = ("klatt3", "klatt6", "adam", "edward")
"""Only ever in evaluation."""

TOO_LIKE = frozenset({"edward2"})
"""A held-out voice, and so not heard while learning either."""

DIPHONES = "mb-nl2"
"""A voice of MBROLA, only ever in evaluation, where Debian's mbrola-nl2 (non-free) is installed. Its other two Dutch
voices lack pairs of sounds that espeak-ng asks for, that of "volgende" among them."""

DEVELOPMENT = ("m1", "m7", "f2", "f4", "john", "Mike", "steph", "Andrea")
"""Settings are chosen on them; not heard while learning, lest what is chosen suits heard voices alone."""

ODD = frozenset(
    [
        *("Demonic", "UniRobot", "anikaRobot", "fast", "whisper", "whisperf", "croak", "Storm", "Tweaky", "iven3"),
        *("iven4", "robosoft", *(f"robosoft{number}" for number in range(2, 9))),
    ]
)
"""Heard seldom while learning: nobody speaks like this."""

DATA = "espeak-ng-data"
"""As espeak-ng wants the folder to be named."""

DRAWN_NAME = "drawn"

DRAWN = 230
"""For each shard. espeak-ng refuses more than 349 voices and variants, and then knows no Dutch at all."""

STOCK_SHARE, PLAIN_SHARE, ODD_SHARE = 0.25, 0.04, 0.08
KLATT_SHARE = 0.2
"""Of the variants that we draw."""


def variants(names: Sequence[str]) -> tuple[str, ...]:
    """The names under which espeak-ng knows variants of its Dutch voice."""
    return tuple(f"{LANGUAGE}+{name}" for name in names)


def system_data() -> Path:
    """The folder `espeak-ng-data` of the espeak-ng that is installed. Raises OSError when there is none."""
    library = ctypes.CDLL("libespeak-ng.so.1")
    library.espeak_Initialize(SYNCHRONOUS, 0, None, 0)
    library.espeak_Info.restype = ctypes.c_char_p
    path = ctypes.c_char_p()
    library.espeak_Info(ctypes.byref(path))
    if not path.value:
        raise OSError("espeak-ng does not say where its voices are")
    return Path(path.value.decode())


def stock_for_training(folder: Path) -> list[str]:
    """Names of the variants in this folder that may be heard while learning, sorted."""
    kept_out = {*HELD_OUT, *HELD_OUT_KLATT, *TOO_LIKE, *DEVELOPMENT}
    return sorted(file.name for file in folder.iterdir() if file.name not in kept_out)


def make_data(folder: Path, system: Path) -> None:
    """Write `folder/espeak-ng-data`: Dutch and what it leans on, with the stock variants."""
    data = folder / DATA
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(system, data, ignore=_unneeded)


def make_shard_data(folder: Path, stock: Path, seed: int, drawn: int = DRAWN) -> None:
    """Write `folder/espeak-ng-data`: that of the folder `stock`, with `drawn` variants of our own."""
    shutil.copytree(stock / DATA, folder / DATA)
    draw = random.Random(seed)
    for number in range(drawn):
        name = f"{DRAWN_NAME}{number:03d}"
        text = "\n".join(drawn_variant(name, draw)) + "\n"
        (folder / DATA / "voices" / "!v" / name).write_text(text, encoding="utf-8")


def _unneeded(folder: str, names: list[str]) -> list[str]:
    if Path(folder).name == "gmw":
        return [name for name in names if name not in SPOKEN]
    if Path(folder).name == "lang":
        return [name for name in names if name != "gmw"]
    dictionaries = {f"{language}_dict" for language in SPOKEN}
    return [name for name in names if name == "mb" or (name.endswith("_dict") and name not in dictionaries)]


def drawn_variant(name: str, draw: random.Random) -> list[str]:
    """The lines of a variant file: a vocal tract of some length, with formants, breath and prosody of its own.

    The fields are those of espeak-ng's `docs/voices.md`; percentages where not said otherwise.
    """
    tract = draw.uniform(0.82, 1.28)
    base_hz = min(300.0, max(55.0, (75 + 330 * (tract - 0.84)) * draw.uniform(0.75, 1.35)))
    lines = ["language variant", f"name {name}", f"pitch {base_hz:.0f} {base_hz * draw.uniform(1.15, 2.0):.0f}"]
    height, width, tilt = draw.uniform(70, 120), draw.uniform(85, 170), draw.uniform(-5, 5)
    for formant in range(9):
        frequency = 100 * tract * draw.gauss(1, 0.045 if formant else 0.02)
        strength = max(25.0, height * draw.uniform(0.75, 1.25) + tilt * (formant - 3))
        shift_hz = draw.gauss(0, 60) if formant in (2, 3) and draw.random() < 0.4 else 0.0
        breadth = width * draw.uniform(0.8, 1.25)
        lines.append(f"formant {formant} {frequency:.0f} {strength:.0f} {breadth:.0f} {shift_hz:.0f}")
    if draw.random() < 0.5:
        lines.append("breath " + " ".join(str(draw.randint(0, 5)) for _ in range(8)))
    if draw.random() < 0.5:
        lines.append(f"roughness {draw.randint(0, 6)}")
    if draw.random() < 0.6:
        lines.append(f"flutter {draw.randint(0, 12)}")
    if draw.random() < 0.5:
        lines.append(f"voicing {draw.randint(50, 160)}")
    if draw.random() < 0.6:
        consonants = draw.randint(60, 160)
        lines.append(f"consonants {consonants} {consonants * draw.uniform(0.8, 1.2):.0f}")
    if draw.random() < 0.5:
        lines.append("stressAdd " + " ".join(str(draw.randint(-25, 25)) for _ in range(8)))
    if draw.random() < 0.4:
        lengths = (160, 135, 210, 210, 0, 0, 240, 260)
        lines.append("stressLength " + " ".join(f"{length * draw.uniform(0.8, 1.25):.0f}" for length in lengths))
    if draw.random() < 0.4:
        lines.append(f"intonation {draw.randint(1, 4)}")
    if draw.random() < 0.15:
        lines.append(f"echo {draw.randint(20, 140)} {draw.randint(5, 25)}")
    if draw.random() < KLATT_SHARE:
        lines.append(f"klatt {draw.randint(1, 6)}")
    return lines


class TrainingVoices:
    """Draws voices for learning."""

    def __init__(self, data: Path) -> None:
        names = stock_for_training(data / DATA / "voices" / "!v")
        self._drawn = [name for name in names if name.startswith(DRAWN_NAME)]
        self._odd = [name for name in names if name in ODD]
        self._plain = [name for name in names if name not in ODD and name not in self._drawn]

    @property
    def names(self) -> frozenset[str]:
        """All that may ever be drawn."""
        return frozenset(variants((*self._drawn, *self._odd, *self._plain))) | {LANGUAGE}

    def draw(self, source: random.Random) -> str:
        """A voice for espeak-ng, such as `nl+m3`."""
        if source.random() < PLAIN_SHARE:
            return LANGUAGE
        if source.random() > STOCK_SHARE and self._drawn:
            return f"{LANGUAGE}+{source.choice(self._drawn)}"
        odd = self._odd and source.random() < ODD_SHARE
        return f"{LANGUAGE}+{source.choice(self._odd if odd else self._plain)}"
