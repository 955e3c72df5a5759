"""What is wrong with the set-up, in words that say what to do."""

import sys
from collections.abc import Iterator

from levelup_voice.audio.voices import VoiceError
from levelup_voice.errors import ContentError, DiskError, JournalError, LevelupError, SetupError
from levelup_voice.session.catalogue import Catalogue


def sentences(error: LevelupError, words: Catalogue) -> Iterator[str]:
    """One sentence for each thing that is wrong."""
    match error:
        case ContentError(problems=problems):
            for problem in problems:
                yield words.text(
                    "setup.content",
                    where=f"{problem.file}:{problem.line}" if problem.line else problem.file,
                    place=problem.place,
                    expected=problem.expected,
                    found=problem.found,
                )
        case VoiceError(wanted=str(wanted)) if wanted:
            yield words.text("setup.no_such_voice", voice=wanted)
        case VoiceError():
            yield voice_missing(error, words)
        case DiskError():
            yield words.text("setup.cannot_write", path=error.path, problem=error.problem)
        case JournalError():
            yield words.text("setup.journal", problem=str(error))
        case SetupError(key=str(key)) if f"setup.{key}" in words.texts:
            yield words.text(f"setup.{key}", **error.values)
        case _:
            yield words.text("setup.other", problem=str(error))


def voice_missing(error: VoiceError, words: Catalogue) -> str:
    """How to get a voice for this language on this computer."""
    platform = {"win32": "windows", "darwin": "mac"}.get(sys.platform, "linux")
    return words.text(f"setup.no_voice_{platform}", language=error.language)
