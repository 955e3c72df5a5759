"""Choosing the voice of a language among those of espeak-ng, SAPI5 or NSSpeech, which all describe them differently."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from levelup_voice.errors import SetupError


@dataclass(frozen=True, slots=True)
class Voice:
    id: str
    """What the engine calls it: `gmw/nl`, a registry path, `com.apple.voice.compact.nl-NL.Xander`."""
    name: str
    languages: tuple[str, ...] = ()
    """As the engine tells them: `nl`, `nl-NL`, `nl_BE`, `413`, or nothing."""


class VoiceError(SetupError):
    """Nothing here can read aloud in this language. The command line words the remedy, in the facilitator's own."""

    def __init__(self, language: str, wanted: str, offered: Sequence[Voice], problem: str = "") -> None:
        self.language = language
        self.wanted = wanted
        """The voice that somebody asked for by name; empty when any would do."""
        self.offered = tuple(offered)
        """Empty: there is no working speech engine."""
        self.problem = problem
        """What the engine said, when it does not work."""
        sought = f"no voice called {wanted}" if wanted else f"no voice for {language}"
        super().__init__(f"{sought} among {len(self.offered)} voices" + (f": {problem}" if problem else ""))


PRIMARY = {"nl": 0x13, "en": 0x09}
"""The language in the low ten bits of Windows' locale numbers: 413 and 813 (hexadecimal) are Dutch and Flemish."""

REGIONS = {"nl": {0x413: "nl", 0x813: "be"}, "en": {0x809: "gb", 0x409: "us"}}

PREFERRED = {"nl": ("", "nl", "be"), "en": ("gb", "", "us")}
"""Regions in order of preference; an empty one is a voice that names none. Others come last."""

NAMES = {
    "nl": ("dutch", "nederlands", "frank", "xander", "ellen", "claire", "bart"),
    "en": ("english", "hazel", "george", "zira", "david", "daniel", "samantha"),
}
"""What voices are called that do not tell their language."""


def choose_voice(voices: Iterable[Voice], language: str, wanted: str = "") -> Voice:
    """The best voice for a language (`nl`), or the one called `wanted`. Raises VoiceError.

    A voice that tells its language is believed before one that has a name or an id of that language.
    A voice asked for by its id or name is taken whatever it speaks: that was somebody's choice.
    """
    offered = tuple(voices)
    if wanted:
        found = next(_called(offered, wanted), None)
    else:
        suitable = [(rank, voice) for voice in offered if (rank := _rank(voice, language)) is not None]
        found = min(suitable, key=lambda pair: pair[0])[1] if suitable else None
    if found is None:
        raise VoiceError(language, wanted, offered)
    return found


def _called(voices: Sequence[Voice], wanted: str) -> Iterator[Voice]:
    name = wanted.casefold()
    yield from (voice for voice in voices if name in (voice.id.casefold(), voice.name.casefold()))
    yield from (voice for voice in voices if re.search(rf"\b{re.escape(name)}\b", voice.name.casefold()))


def _rank(voice: Voice, language: str) -> tuple[int, int, int, int] | None:
    """How well a voice suits, least is best; None when it speaks something else."""
    regions = [region for one in voice.languages if (region := _region(one, language)) is not None]
    told = any(_understood(one) for one in voice.languages)
    if regions:
        evidence = 0
    elif told:
        return None
    elif _has_word(voice.name, NAMES.get(language, ())):
        evidence = 1
    elif _has_word(voice.id, (language, *(f"{number:x}" for number in REGIONS.get(language, ())))):
        evidence = 2
    else:
        return None
    order = PREFERRED.get(language, ("",))
    region = min(regions or ("?",), key=lambda one: order.index(one) if one in order else len(order))
    mbrola = voice.id.startswith("mb/")  # Listed by espeak-ng also when the files they need are not there.
    return mbrola, evidence, order.index(region) if region in order else len(order), len(region)


def _region(described: str, language: str) -> str | None:
    """The region of a language description, lower case: `nl-NL` gives `nl`, `nl` gives ``; None: another language."""
    primary, _, region = described.casefold().replace("_", "-").partition("-")
    if primary == language:
        return region
    number = _number(described)
    if number is not None and number & 0x3FF == PRIMARY.get(language):
        return REGIONS.get(language, {}).get(number, "")
    return None


def _understood(described: str) -> bool:
    """pyttsx3 answers "Unknown Locale: …" where it does not know Windows' number, and some drivers nothing."""
    return bool(re.fullmatch(r"[a-z]{2,3}([-_]\w+)*", described.casefold())) or _number(described) is not None


def _number(described: str) -> int | None:
    """Windows' locale number: `413`, `0x0413`, or the first of `413;13`."""
    found = re.fullmatch(r"(?:0x)?([0-9a-f]{3,4})(;.*)?", described.strip().casefold())
    return int(found[1], 16) if found and any(map(str.isdigit, found[1])) else None


def _has_word(text: str, words: Iterable[str]) -> bool:
    # Not \b: in TTS_MS_NL-NL_FRANK the underscore parts words too.
    return any(re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text.casefold()) for word in words)
