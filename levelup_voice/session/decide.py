"""The rules: something comes in, the session decides what happens.

People command, the clock ticks, devices report. `decide` turns each into events; it changes nothing and touches
nothing. What makes no sense now is answered with no events at all: a person may say anything at any time.

The rules themselves live by subject: obeying (people's commands), steps (going on and back), recordings, cues,
extra_time, troubles.
"""

from typing import get_args

from . import commands as do
from . import cues, recordings, steps, timing, troubles
from . import events as ev
from .allowed import allowed
from .catalogue import Catalogue
from .incoming import (
    Check,
    ChooseTake,
    ConfirmWords,
    Correct,
    ForgetAudio,
    Incoming,
    Resume,
    Review,
    SetAside,
    Spoken,
    Transcribe,
)
from .obeying import obey, obey_voice
from .plan import Seconds
from .state import Session
from .unfolding import Unfolding
from .wording import where

LONG_SLEEP: Seconds = 30.0
"""A shorter one is over before anybody could answer a question about it."""

_COMMANDS = get_args(do.Command)
_REVIEWS = get_args(Review)


def decide(session: Session, incoming: Incoming, now: Seconds, words: Catalogue) -> tuple[ev.Event, ...]:
    """What happens because of this, in the words of the session's language.

    The events are already true when returned, in order; the caller writes them to the journal first and only then
    lets the devices act on them. A device's report counts before what its lateness would cause, a person's command
    after what was due before it was given.
    """
    unfolding = Unfolding(session, now, words)
    if isinstance(incoming, _REVIEWS):
        _review(unfolding, incoming)
        return tuple(unfolding.events)  # Who reviews what was left unfinished does not let its time go on.
    if isinstance(incoming, Spoken):
        _sound_alarms(unfolding)
        obey_voice(unfolding, incoming)
    elif isinstance(incoming, _COMMANDS):
        _sound_alarms(unfolding)
        if type(incoming) in allowed(unfolding.session):
            obey(unfolding, incoming)
    else:
        _consider(unfolding, incoming)
        _sound_alarms(unfolding)
    if not unfolding.session.aside:
        steps.fall_silent(unfolding)
        cues.settle_owed(unfolding)
        troubles.warn(unfolding)
    return tuple(unfolding.events)


def _consider(unfolding: Unfolding, incoming: Incoming) -> None:
    match incoming:
        case Resume():
            _pick_up(unfolding, incoming)
        case SetAside(left_at):
            if unfolding.session.closed_at is None or unfolding.session.awaits_devices:
                unfolding.add(ev.SessionSetAside(left_at))
        case Transcribe(again):
            recordings.transcribe_all(unfolding, again)
        case ForgetAudio(numbers):
            for number in numbers:
                recordings.forget_audio(unfolding, number)
        case ev.SpeechFinished() | ev.SpeechFailed():
            _end_speech(unfolding, incoming)
        case ev.RecordingSaved():
            recordings.saved(unfolding, incoming)
        case ev.RecordingFailed():
            recordings.failed(unfolding, incoming)
        case ev.TranscriptReady() | ev.TranscriptionFailed():
            recordings.transcribed(unfolding, incoming)
        case ev.LevelNoticed():
            recordings.noticed(unfolding, incoming)
        case ev.DeviceLost():
            troubles.lost(unfolding, incoming)
        case ev.DeviceFound():
            troubles.found(unfolding, incoming)
        case ev.DevicesListed():
            troubles.list_devices(unfolding, incoming)
        case ev.ComputerSlept():
            _wake_up(unfolding, incoming)
        case ev.ListeningChanged():
            _change_listening(unfolding, incoming)
        case _:
            pass


def _review(unfolding: Unfolding, asked: Review) -> None:
    number, recordings_made = asked.recording, unfolding.session.recordings
    if not 0 <= number < len(recordings_made) or recordings_made[number].deleted:
        return
    match asked:
        case Correct(text=text):
            unfolding.add(ev.SummaryCorrected(number, text))
        case Check(checked=checked):
            unfolding.add(ev.SummaryChecked(number, checked))
        case ChooseTake():
            unfolding.add(ev.TakeChosen(number))
        case ConfirmWords(words=words):
            unfolding.add(ev.WordsConfirmed(number, words))


def _sound_alarms(unfolding: Unfolding) -> None:
    """Everything that time has made due, in the order of its moments."""
    while True:
        due = [alarm for moment, alarm in timing.alarms(unfolding.session) if moment <= unfolding.now]
        if not due:
            return
        if isinstance(due[0], timing.CueDue):
            cues.give(unfolding, [alarm for alarm in due if isinstance(alarm, timing.CueDue)])
        else:
            _sound(unfolding, due[0])


def _sound(unfolding: Unfolding, alarm: timing.Alarm) -> None:
    match alarm:
        case timing.StageOver():
            if unfolding.session.run.stage == "thinking":
                steps.choose(unfolding)
            else:
                steps.count(unfolding)
        case timing.AnswerOver():
            unfolding.add(ev.AnswerLapsed())
        case timing.RoundOff():
            unfolding.say(tone="soft_end")
        case timing.RecordingTooLong():
            recordings.stop(unfolding)
        case timing.ConfirmationLapsed():
            unfolding.add(ev.ConfirmationEnded(confirmed=False))
        case timing.SpeechOverdue(number):
            _end_speech(unfolding, ev.SpeechFailed(number, "no-answer"))
        case timing.RecordingOverdue(number):
            recordings.failed(unfolding, ev.RecordingFailed(number, "no-answer"))
        case timing.TranscriptOverdue(number):
            recordings.transcribed(unfolding, ev.TranscriptionFailed(number, "no-answer"))
        case timing.CueDue():
            raise AssertionError("cues are given together")


def _end_speech(unfolding: Unfolding, report: ev.SpeechFinished | ev.SpeechFailed) -> None:
    for utterance in unfolding.session.speaking:
        if utterance.number == report.utterance:
            unfolding.add(report)
            if isinstance(report, ev.SpeechFailed) or not report.cut:
                steps.heard(unfolding, utterance.text)


def _change_listening(unfolding: Unfolding, report: ev.ListeningChanged) -> None:
    """Said aloud when it matters to whoever relied on it: not that we listen at the start."""
    before = unfolding.session.listening
    unfolding.add(report)
    if not report.listens and (before is None or before.listens):
        unfolding.answer("say.not_listening")
    elif report.listens and before is not None:
        unfolding.answer("say.listening_again")


def _wake_up(unfolding: Unfolding, report: ev.ComputerSlept) -> None:
    """After a long sleep the clocks stand still since its beginning, until somebody says whether it counts; not during
    a recording, which goes on."""
    unfolding.add(report)
    session = unfolding.session
    is_running = bool(session.runs) and session.situation not in ("recording", "confirming", "paused", "closed")
    if is_running and report.seconds >= LONG_SLEEP:
        unfolding.hush()
        unfolding.add(ev.ClockPaused(since=unfolding.now - report.seconds))
        _say_back_again(unfolding)


def _say_back_again(unfolding: Unfolding) -> None:
    session = unfolding.session
    left = timing.remaining(session, unfolding.now)
    unfolding.answer("say.back_again", where=where(unfolding.words, session, left))


def _pick_up(unfolding: Unfolding, resume: Resume) -> None:
    """Go on where the journal stops, with the clocks standing still from its last moment on."""
    unfolding.add(resume.event)
    recordings.pick_up(unfolding, resume.repaired)
    session = unfolding.session
    if not session.runs or session.closed_at is not None:
        return
    if session.paused_at is None:
        unfolding.add(ev.ClockPaused(since=resume.event.left_at))
    steps.complete(unfolding)
    _say_back_again(unfolding)
