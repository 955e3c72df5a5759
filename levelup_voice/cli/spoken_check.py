"""The part of the room check that asks for commands: does the installed model understand this person, from there?"""

import contextlib
import queue
import time
from collections.abc import Callable

from levelup_voice.audio.levels import Level
from levelup_voice.audio.listener import Heard
from levelup_voice.audio.microphone import Microphone
from levelup_voice.files.room import CheckedRoom, keep_room
from levelup_voice.session import commands as do
from levelup_voice.session.allowed import ALLOWED
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.listening import Listening

from .listening import Ear, VoiceOffError, model_for_commands
from .wiring import SoundChoices, listening_model_for

ASKED_FOR: tuple[do.Command, ...] = (do.Next(), do.TimeLeft(), do.Pause())
"""One short, one long, and one that matters when something goes wrong."""

ENOUGH = 2
"""So many of them understood, and the facilitator can rely on it: anything can be said twice."""

ANSWER_SECONDS = 6.0

ABOVE_NOISE_DB = 10.0
THRESHOLDS = (-60.0, -35.0)
"""dBFS: below the first is no speech into a microphone, above the second nobody would be heard."""


def threshold_for(noise: Level) -> float:
    """The level above which somebody speaks, in a room with this noise."""
    lowest, highest = THRESHOLDS
    return min(highest, max(lowest, noise.rms_dbfs + ABOVE_NOISE_DB))


def check_commands(
    words: Catalogue,
    spoken: Catalogue,
    choices: SoundChoices,
    noise: Level,
    tell: Callable[[str], None],
    add: Callable[[str, bool, str], None],
) -> None:
    """Ask for three commands, say how many were understood, and keep what was found for the session.

    Without a model that people may rely on nothing is asked. `tell` says a text aloud and returns when it was said.
    """
    threshold = threshold_for(noise)
    try:
        model = model_for_commands(
            listening_model_for(spoken.language, choices.model), trial=choices.test_model, room=None
        )
        ear = Ear(model.path, spoken.language, lambda report: None, wake=choices.wake_name, threshold=threshold)
    except VoiceOffError as off:
        if off.why not in ("no_model", "trial_model"):  # That there is no other model has been said.
            why = words.text(f"setup.voice_off_because.{off.why}")
            add("commands", False, words.text("setup.voice_off", why=why))
        return
    if not ear.hears_all:
        add("phrases", False, words.text("setup.unknown_words", words=", ".join(sorted(ear.listener.unknown))))
    name = choices.facilitator_microphone or choices.microphone
    with contextlib.closing(ear):
        understood = _understood(spoken, ear, name, tell)
    well = understood >= ENOUGH
    with contextlib.suppress(OSError):  # Then the session listens as in a room that nobody checked.
        keep_room(CheckedRoom(microphone=name, threshold=threshold, understood=well))
    tell(spoken.text("check.commands_understood" if well else "check.commands_not_understood"))
    add("commands", well, words.text("check.commands", understood=understood, asked=len(ASKED_FOR)))
    if not well:
        add("clicker", False, words.text("check.commands_not_understood"))


def _understood(spoken: Catalogue, ear: Ear, name: str, tell: Callable[[str], None]) -> int:
    listener, heard = ear.listener, queue.SimpleQueue[Heard]()
    ear.hearers.append(heard.put)
    microphone = Microphone(name, listener.accept, lambda problem: None, lambda: None)
    microphone.start()
    understood = 0
    with contextlib.closing(microphone):
        for command in ASKED_FOR:
            listener.listen_for(Listening(aloud=True))
            phrase = listener.phrasebook.words_for(command)
            tell(spoken.text("check.say_command", name=listener.phrasebook.wake, phrase=phrase))
            listener.listen_for(Listening(ALLOWED["talking"]))
            understood += _is_heard(command, heard)
    return understood


def _is_heard(command: do.Command, heard: "queue.SimpleQueue[Heard]") -> bool:
    limit = time.monotonic() + ANSWER_SECONDS
    while (left := limit - time.monotonic()) > 0:
        try:
            if heard.get(timeout=left).command == command:
                return True
        except queue.Empty:
            return False
    return False
