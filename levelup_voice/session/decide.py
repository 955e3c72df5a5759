"""The rules: something comes in, the session decides what happens.

People command, the clock ticks, devices report. `decide` turns each into events; it changes nothing and touches
nothing. What makes no sense now is answered with no events at all: a person may say anything at any time.

The rules themselves live by subject: steps (going on and back), recordings, cues, extra_time, troubles.
"""

from dataclasses import dataclass
from typing import TypeAlias, get_args

from . import commands as do
from . import cues, extra_time, recordings, steps, timing, troubles
from . import events as ev
from .allowed import allowed
from .catalogue import Catalogue
from .groups import group_sizes
from .plan import MOST_PEOPLE, Harvest, Seconds, Statement
from .state import Session
from .unfolding import Unfolding
from .wording import counting_off, listed, phrases_to_say, tally, where


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Resume:
    """The program was restarted on an unfinished journal."""

    event: ev.SessionResumed
    repaired: tuple[ev.RecordingSaved | ev.RecordingFailed, ...] = ()
    """How the recording that was running, if any, was found on disk."""


@dataclass(frozen=True, slots=True)
class Correct:
    """Someone reviewing a recording gives the right words."""

    recording: int
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """Someone reviewing marks a recording as checked, or takes that back."""

    recording: int
    checked: bool = True


@dataclass(frozen=True, slots=True)
class ChooseTake:
    """Someone reviewing says which take is to be read."""

    recording: int


@dataclass(frozen=True, slots=True)
class ConfirmWords:
    """Someone reviewing finds doubtful words of a recording to be right."""

    recording: int
    words: tuple[str, ...]


Review: TypeAlias = Correct | Check | ChooseTake | ConfirmWords
"""What is asked for after the session, or while it runs, about what was recorded."""


@dataclass(frozen=True, slots=True)
class ForgetAudio:
    """The time for which audio was to be kept is over."""

    recordings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Transcribe:
    """Someone wants the words of the recordings that have none."""

    again: bool = False
    """Also of those that have: a better model has come."""


@dataclass(frozen=True, slots=True)
class Overheard:
    """Something that was said and is no command: shown for a while, kept nowhere."""

    words: str
    reason: str
    """Why it is none."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What is heard so far in a recording under way: shown to the facilitator while it runs, kept nowhere."""

    recording: int
    words: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A command given by voice."""

    command: do.Command
    ago: Seconds = 0.0
    """Since its first word."""
    words: str = ""
    """As they were understood: shown for a while, kept nowhere."""


Incoming: TypeAlias = (
    do.Command | Spoken | Overheard | Hearing | Tick | Resume | Review | Transcribe | ForgetAudio | ev.Report
)

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
        _obey_voice(unfolding, incoming)
    elif isinstance(incoming, _COMMANDS):
        _sound_alarms(unfolding)
        if type(incoming) in allowed(unfolding.session):
            _obey(unfolding, incoming)
    else:
        _consider(unfolding, incoming)
        _sound_alarms(unfolding)
    steps.fall_silent(unfolding)
    cues.settle_owed(unfolding)
    troubles.warn(unfolding)
    return tuple(unfolding.events)


def _consider(unfolding: Unfolding, incoming: Incoming) -> None:
    match incoming:
        case Resume():
            _pick_up(unfolding, incoming)
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


def _obey_voice(unfolding: Unfolding, spoken: Spoken) -> None:
    """The same as by hand, answered with a sound in the same breath. Who asks for silence gets silence, and so does who
    asks for what cannot be: the twelfth of seven groups."""
    command = spoken.command
    if type(command) not in allowed(unfolding.session):
        return
    if isinstance(command, do.Hush):
        _obey(unfolding, command)
        return
    unfolding.asked_aloud(unfolding.now - spoken.ago)
    _obey(unfolding, command)
    unfolding.acknowledge()


def _obey(unfolding: Unfolding, command: do.Command) -> None:
    session = unfolding.session
    match command:
        case do.Start():
            steps.start(unfolding)
        case do.Next():
            _next(unfolding)
        case do.Back():
            _end_confirmation(unfolding, False) if session.confirming else steps.go_back(unfolding)
        case do.Repeat():
            unfolding.hush()
            _repeat(unfolding)
        case do.Skip():
            steps.skip(unfolding)
        case do.Pause():
            unfolding.hush()
            unfolding.add(ev.ClockPaused())
            unfolding.say(tone="earcon")
        case do.Continue(counting):
            _continue(unfolding, counting)
        case do.TimeLeft():
            extra_time.say_time_left(unfolding)
        case do.AddTime(seconds):
            extra_time.add(unfolding, seconds)
        case do.MakeRoom(room):
            extra_time.choose_room(unfolding, ev.RoomChosen(room))
        case do.StartedEarlier(seconds):
            if not session.runs:
                steps.start(unfolding)
            extra_time.start_earlier(unfolding, seconds)
        case do.Hush():
            unfolding.hush()
        case do.Help():
            if names := phrases_to_say(unfolding.words, session):
                unfolding.answer("say.help", phrases=listed(unfolding.words, names))
        case do.Confirm() | do.Decline():
            _end_confirmation(unfolding, isinstance(command, do.Confirm))
        case do.Finish():
            unfolding.hush()
            unfolding.add(ev.ConfirmationAsked("finish"))
            unfolding.answer("say.confirm_finish")
        case _:
            _obey_about_people(unfolding, command)


def _obey_about_people(unfolding: Unfolding, command: do.Command) -> None:
    session = unfolding.session
    match command:
        case do.SetParticipants(count):
            if 1 <= count <= MOST_PEOPLE:
                unfolding.add(ev.ParticipantsCounted(count))
                unfolding.answer("say.participants", count=unfolding.words.number(count))
        case do.FormGroups():
            _form_groups(unfolding)
        case do.GiveTally(agree, disagree):
            _tally(unfolding, agree, disagree)
        case do.TakeTurn(group):
            question = steps.question_of(session, group)
            if question is not None and group <= (len(session.groups) or MOST_PEOPLE):
                unfolding.hush()
                steps.take_turn(unfolding, group, question)
        case do.SwapQuestion(group, question):
            steps.swap(unfolding, group, question)
        case do.WhoIsLeft():
            _say_who_is_left(unfolding)
        case do.Refuse(group):
            recordings.refuse(unfolding, group)
        case do.Record():
            _record(unfolding)
        case do.RecordKernel():
            unfolding.hush()
            recordings.announce_kernel(unfolding)
        case do.StopRecording():
            recordings.stop(unfolding)
        case do.Again():
            _again(unfolding)
        case do.DeleteRecording(number):
            recordings.ask_to_delete(unfolding, number)
        case do.ChooseMicrophone(name, which):
            troubles.choose(unfolding, ev.DeviceChosen("microphone", name, which))
        case do.ChooseLoudspeaker(name):
            troubles.choose(unfolding, ev.DeviceChosen("loudspeaker", name))
        case _:
            raise AssertionError(command)


def _repeat(unfolding: Unfolding) -> None:
    """What was read aloud, once more; groups that talk are told what is left of the minutes they were given."""
    if unfolding.session.runs and unfolding.session.run.stage == "talking":
        extra_time.say_time_left(unfolding)
    else:
        steps.read(unfolding)


def _next(unfolding: Unfolding) -> None:
    """The one key of a clicker, in every situation."""
    session = unfolding.session
    match session.situation:
        case "ready":
            steps.start(unfolding)
        case "paused":
            _continue(unfolding, counting=False)
        case "recording":
            recordings.stop(unfolding)
        case "confirming":
            # What cannot be undone and is asked for by name must be confirmed by name.
            _end_confirmation(unfolding, session.confirming is not None and session.confirming.about == "finish")
        case _:
            steps.go_on(unfolding)


def _continue(unfolding: Unfolding, counting: bool) -> None:
    session = unfolding.session
    unfolding.hush()
    unfolding.add(ev.ClockContinued(counted=counting))
    unfolding.answer("say.continued")
    if isinstance(session.item, Statement) and session.run.stage == "reading":
        steps.read(unfolding)


def _end_confirmation(unfolding: Unfolding, confirmed: bool) -> None:
    asked = unfolding.session.confirming
    if asked is None:
        return
    unfolding.hush()
    unfolding.add(ev.ConfirmationEnded(confirmed))
    if not confirmed:
        unfolding.answer("say.declined")
    elif asked.about == "delete" and asked.recording is not None:
        recordings.delete(unfolding, asked.recording)
    elif asked.about == "finish":
        steps.close(unfolding)


def _record(unfolding: Unfolding) -> None:
    """Whatever is to be recorded here: the turn that is due, an answer in plenary, an argument."""
    session = unfolding.session
    unfolding.hush()
    if session.situation != "harvesting":
        recordings.announce_here(unfolding)
    elif session.turn is not None:
        steps.take_turn(unfolding, *session.turn)
    elif left := steps.turns_left(session):
        steps.take_turn(unfolding, *left[0])
    elif not session.groups and isinstance(session.item, Harvest):
        group = steps.next_group(session, session.item)
        if (question := steps.question_of(session, group)) is not None:
            steps.take_turn(unfolding, group, question)


def _again(unfolding: Unfolding) -> None:
    session = unfolding.session
    if isinstance(session.item, Statement) and session.run.stage == "counting" and session.open_recording is None:
        unfolding.hush()
        if session.item.id in session.tallies:
            unfolding.add(ev.TallyWithdrawn(session.item.id))
        steps.ask_for_tally(unfolding)
    else:
        unfolding.hush()
        recordings.take_again(unfolding)


def _tally(unfolding: Unfolding, agree: int | None, disagree: int | None) -> None:
    """Colleagues count the smaller side; the rest is computed from the number present."""
    session, present = unfolding.session, unfolding.session.participants
    assert isinstance(session.item, Statement)
    given = agree if agree is not None else disagree
    if given is None or given < 0 or (disagree or 0) < 0:
        return
    if present == 0 and (agree is None or disagree is None):
        steps.await_answer(unfolding)
        unfolding.answer("say.how_many_present")
        return
    agree = present - given if agree is None else agree
    disagree = present - given if disagree is None else disagree
    if agree < 0 or disagree < 0 or agree + disagree > (present or MOST_PEOPLE):
        steps.await_answer(unfolding)
        unfolding.answer("say.tally_too_many", participants=unfolding.words.number(present))
        return
    unfolding.hush()
    if session.run.stage == "choosing":
        unfolding.add(ev.StageReached("counting"))
    unfolding.add(ev.TallyGiven(session.item.id, agree, disagree))
    unfolding.say(tally(unfolding.words, agree, disagree))


def _form_groups(unfolding: Unfolding) -> None:
    session = unfolding.session
    discussion = session.discussion
    steps.form_groups(unfolding, discussion)
    size = discussion.group_size if discussion else 4
    unfolding.say(counting_off(unfolding.words, len(group_sizes(session.participants, size)), size))


def _say_who_is_left(unfolding: Unfolding) -> None:
    left = sorted({group for group, _ in steps.turns_left(unfolding.session)})
    names = [unfolding.words.number(group) for group in left]
    if len(left) > 1:
        unfolding.answer("say.groups_left", groups=listed(unfolding.words, names))
    elif left:
        unfolding.answer("say.group_left", group=names[0])
    else:
        unfolding.answer("say.no_groups_left")


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
