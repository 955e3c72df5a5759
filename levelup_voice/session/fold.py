"""The session as its events leave it, one after the other. Bookkeeping only; the rules are in decide.py."""

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from typing import Any

from . import events as ev
from .plan import Seconds
from .state import BlockRun, Recording, Said, Session, Trouble, Utterance


def replay(entries: Iterable[ev.Entry]) -> Session:
    """The session as these entries leave it. The first must be its opening."""
    opening, *rest = entries
    assert isinstance(opening.event, ev.SessionOpened)
    return reduce(apply, rest, opened(opening.event))


def opened(event: ev.SessionOpened) -> Session:
    """A session of which nothing but the opening is known."""
    return Session(event, participants=event.participants, room=event.room)


def apply(session: Session, entry: ev.Entry) -> Session:
    """The session after one more entry in its journal."""
    at, event = entry.at, entry.event
    match event:
        case ev.SessionOpened():
            raise AssertionError("a session opens once")
        case ev.SessionResumed():
            # What is still wrong with a device is reported anew.
            troubles = tuple(one if one.over_at is not None else replace(one, over_at=at) for one in session.troubles)
            return replace(_put_down(session), troubles=troubles, resumed=session.resumed + 1, aside=False)
        case ev.SessionSetAside(left_at):
            runs = bool(session.runs) and session.paused_at is None and session.closed_at is None
            return replace(_put_down(session), aside=True, paused_at=left_at if runs else session.paused_at)
        case ev.SessionClosed():
            return replace(_end_run(session, at), closed_at=at, announced=None, confirming=None)
        case ev.ParticipantsCounted(count):
            return replace(session, participants=count)
        case ev.GroupsFormed(sizes):
            return replace(session, groups=sizes, assigned={})
        case ev.QuestionsAssigned(discussion, group, questions):
            return replace(session, assigned={**session.assigned, (discussion, group): questions})
        case ev.ConsentAsked():
            return replace(session, consent=event)
        case ev.RecordingRefused(None):
            return replace(session, nobody_recorded=True, announced=None)
        case ev.RecordingRefused(int(group)):
            announced = session.announced
            off = announced is not None and announced.group == group
            return replace(session, refused=session.refused | {group}, announced=None if off else announced)
        case ev.RoomChosen(room):
            return replace(session, room=room)
        case ev.TallyGiven(statement, agree, disagree):
            tallies = {**session.tallies, statement: (agree, disagree)}
            return replace(session, tallies=tallies, answer_awaited=True, tally_given=True)
        case ev.TallyWithdrawn(statement):
            tallies = {k: v for k, v in session.tallies.items() if k != statement}
            return replace(session, tallies=tallies, answer_awaited=True, tally_given=False)
        case ev.AnswerAwaited():
            return replace(session, answer_awaited=True, tally_given=False)
        case ev.AnswerLapsed():
            return replace(session, answer_awaited=False)
        case ev.ConfirmationAsked():
            return replace(session, confirming=event, confirming_at=at)
        case ev.ConfirmationEnded():
            return replace(session, confirming=None)
        case ev.ComputerSlept(seconds):
            slept = Trouble(max(0.0, at - seconds), "computer", "slept", over_at=at)
            session = replace(session, troubles=(*session.troubles, slept), woke_at=at)
            recording = session.open_recording
            if recording is None:
                return session
            return _with_recording(session, recording.number, slept=recording.slept + seconds)
        case ev.DeviceLost(device, problem, which):
            over = tuple(_over(trouble, device, which, at) for trouble in session.troubles)
            return replace(session, troubles=(*over, Trouble(at, device, problem, which=which)))
        case ev.ListeningChanged():
            return replace(session, listening=event)
        case ev.DevicesListed(device=device, which=which):
            return replace(session, devices={**session.devices, (device, which): event})
        case ev.DeviceChosen(device, name, which):
            listed = replace(session.devices[device, which], used=name)
            return replace(session, devices={**session.devices, (device, which): listed})
        case ev.DeviceFound(device, which):
            return replace(session, troubles=tuple(_over(trouble, device, which, at) for trouble in session.troubles))
        case (
            ev.BlockStarted()
            | ev.BlockEnded()
            | ev.ItemReached()
            | ev.StageReached()
            | ev.StartMoved()
            | ev.CueGiven()
            | ev.OwedCueSettled()
            | ev.TimeAdded()
            | ev.ItemTimeAdded()
            | ev.BlockShortened()
            | ev.ClockPaused()
            | ev.ClockContinued()
            | ev.TurnTaken()
            | ev.TurnEnded()
        ):
            return _apply_to_run(session, event, at)
        case ev.SpeechRequested() | ev.SpeechStopped() | ev.SpeechFinished() | ev.SpeechFailed():
            return _apply_to_speech(session, event, at)
        case _:
            return _apply_to_recordings(session, event, at)


def _apply_to_run(session: Session, event: ev.Event, at: Seconds) -> Session:
    if session.paused_at is not None and isinstance(event, ev.BlockStarted | ev.ItemReached | ev.StageReached):
        at = session.paused_at  # While the clocks stand still, so do the moments that they show.
    match event:
        case ev.BlockStarted(block, spent):
            run = BlockRun(block, started_at=at, spent=spent, item_at=at, stage_at=at)
            return replace(session, runs=(*session.runs, run), announced=None, turn=None)
        case ev.BlockEnded():
            return _end_run(session, at)
        case ev.ItemReached(item):
            session = _with_run(
                session,
                item=item,
                item_at=at,
                item_added=0.0,
                stage="reading",
                stage_at=at,
                cues_given=frozenset(given for given in session.run.cues_given if given[0] == "block"),
                owed=None if session.run.owed is None or session.run.owed.scope == "item" else session.run.owed,
            )
            return replace(session, announced=None, turn=None, answer_awaited=False, tally_given=False)
        case ev.StageReached(stage):
            session = replace(session, answer_awaited=stage == "counting", tally_given=False)
            return _with_run(session, stage=stage, stage_at=at)
        case ev.StartMoved("item", seconds):
            return _with_run(session, stage_at=session.run.stage_at - seconds)
        case ev.StartMoved("block", seconds):
            return _start_earlier(session, seconds)
        case ev.CueGiven(scope=scope, remaining=remaining, added=added, outcome=outcome):
            given = session.run.cues_given | {(scope, remaining, added)}
            return _with_run(session, cues_given=given, owed=event if outcome == "owed" else session.run.owed)
        case ev.OwedCueSettled():
            return _with_run(session, owed=None)
        case ev.TimeAdded(block, seconds):
            return _with_adjusted(session, block, seconds)
        case ev.BlockShortened(block, seconds):
            return _with_adjusted(session, block, -seconds)
        case ev.ItemTimeAdded(seconds):
            return _with_run(session, item_added=session.run.item_added + seconds)
        case ev.ClockPaused(since):
            return replace(session, paused_at=at if since is None else since)
        case ev.ClockContinued(counted):
            return _continue(session, at, counted)
        case ev.TurnTaken(group, question):
            assert session.item is not None
            before = session.turns_taken.get(session.item.id, ())
            # One that was broken off for this one, before anybody could speak in it, is still to come.
            off = session.turn if session.turn != (group, question) and _is_unheard(session) else None
            taken = tuple(dict.fromkeys((*(one for one in before if one != off), (group, question))))
            turns_taken = {**session.turns_taken, session.item.id: taken}
            return replace(session, turn=(group, question), turns_taken=turns_taken, announced=None)
        case ev.TurnEnded():
            return replace(session, turn=None, announced=None)
        case _:
            raise AssertionError(event)


def _apply_to_speech(session: Session, event: ev.Event, at: Seconds) -> Session:
    match event:
        case ev.SpeechRequested(utterance=number, text=text, due_at=due_at, tone=tone, tone_after=tone_after) as asked:
            session = _note_soft_end(session) if tone == "soft_end" else session
            block = session.run.block if session.runs else None
            line = Said(at, block, text, asked.audience, is_cue=tone == "chime")
            said = (*session.said, line) if text else session.said
            return replace(
                session,
                utterances=number + 1,
                speaking=(*session.speaking, Utterance(number, text, due_at, "record" in (tone, tone_after))),
                speech_at=session.speech_at if session.speaking else at,
                said=said,
            )
        case ev.SpeechStopped():
            return session
        case ev.SpeechFinished(number, cut):
            return _without_utterance(session, number, at, cut)
        case ev.SpeechFailed(number):
            failed = next((utterance.text for utterance in session.speaking if utterance.number == number), "")
            lines = list(session.said)
            latest = max((nth for nth, line in enumerate(lines) if failed and line.text == failed), default=None)
            if latest is not None:
                lines[latest] = replace(lines[latest], failed=True)
            return replace(_without_utterance(session, number, at, cut=False), said=tuple(lines))
        case _:
            raise AssertionError(event)


def _apply_to_recordings(session: Session, event: ev.Event, at: Seconds) -> Session:
    match event:
        case ev.RecordingAnnounced():
            return replace(session, announced=event, record_tone_heard=False)
        case ev.RecordingStarted(recording=number):
            recording = Recording(number, event, started_at=at - event.late)
            return replace(session, recordings=(*session.recordings, recording), announced=None)
        case ev.RecordingStopped(number, closing_at):
            return _with_recording(session, number, stopped_at=at, closing_at=closing_at)
        case ev.RecordingSaved(recording=number):
            session = replace(session, record_tone_heard=False)  # What a tone has promised while it was closed is late.
            return _with_recording(session, number, saved=event, problem=None)
        case ev.RecordingFailed(number, problem):
            session = replace(session, record_tone_heard=False)
            return _with_recording(session, number, problem=problem)
        case ev.RecordingDeleted(number):
            gone = {"deleted": True, "transcript": None, "correction": None, "asked_at": None}
            return _with_recording(session, number, **gone, corrections=(), confirmed=frozenset())
        case ev.AudioForgotten(number):
            return _with_recording(session, number, audio_forgotten=True)
        case ev.TranscriptionRequested(number):
            return _with_recording(session, number, asked_at=at, transcription_problem=None)
        case ev.TranscriptReady(number, transcript):
            session = replace(session, transcribed_at=at)
            return _with_recording(session, number, transcript=transcript, asked_at=None, transcription_problem=None)
        case ev.TranscriptionFailed(number, problem):
            session = replace(session, transcribed_at=at)
            return _with_recording(session, number, asked_at=None, transcription_problem=problem)
        case ev.SummaryCorrected(number, text):
            versions = (*session.recordings[number].corrections, text)
            return _with_recording(session, number, correction=text, corrections=versions)
        case ev.SummaryChecked(number, checked):
            return _with_recording(session, number, checked=checked)
        case ev.TakeChosen(number):
            return _choose(session, number)
        case ev.WordsConfirmed(number, words):
            confirmed = session.recordings[number].confirmed.union(words)
            return _with_recording(session, number, confirmed=confirmed)
        case ev.LevelNoticed(number, finding):
            return _with_recording(session, number, findings=(*session.recordings[number].findings, finding))
        case _:
            raise AssertionError(event)


def _with_run(session: Session, **changes: Any) -> Session:
    return replace(session, runs=(*session.runs[:-1], replace(session.runs[-1], **changes)))


def _put_down(session: Session) -> Session:
    """Without what only the program before could have gone on with: what it asked of a device is not reported on."""
    recordings = tuple(replace(recording, asked_at=None) for recording in session.recordings)
    session = replace(session, recordings=recordings, speaking=(), announced=None)
    return replace(session, confirming=None, answer_awaited=False)


def _end_run(session: Session, at: Seconds) -> Session:
    """A pause ends with its block: the time since it began was not spent in the block."""
    if not session.runs or session.run.ended_at is not None:
        return session
    ended_at = at if session.paused_at is None else session.paused_at
    return replace(_with_run(session, ended_at=ended_at), paused_at=None)


def _with_adjusted(session: Session, block: int, seconds: Seconds) -> Session:
    return replace(session, adjusted={**session.adjusted, block: session.adjusted.get(block, 0.0) + seconds})


def _with_recording(session: Session, number: int, **changes: Any) -> Session:
    recordings = list(session.recordings)
    recordings[number] = replace(recordings[number], **changes)
    return replace(session, recordings=tuple(recordings))


def _choose(session: Session, number: int) -> Session:
    chosen = session.recordings[number].subject
    recordings = (
        replace(recording, chosen=recording.number == number) if recording.subject == chosen else recording
        for recording in session.recordings
    )
    return replace(session, recordings=tuple(recordings))


def _start_earlier(session: Session, seconds: Seconds) -> Session:
    """Also ends the block before earlier, so that blocks do not overlap."""
    started_at = session.run.started_at - seconds
    runs = [
        replace(run, ended_at=min(run.ended_at, started_at)) if run.ended_at is not None else run
        for run in session.runs
    ]
    runs[-1] = replace(runs[-1], started_at=started_at)
    return replace(session, runs=tuple(runs))


def _continue(session: Session, at: Seconds, counted: bool) -> Session:
    assert session.paused_at is not None
    length = 0.0 if counted else at - session.paused_at
    run = session.run
    return replace(
        _with_run(
            session,
            paused_for=run.paused_for + length,
            item_at=run.item_at + length,
            stage_at=run.stage_at + length,
        ),
        paused_at=None,
    )


def _without_utterance(session: Session, number: int, at: Seconds, cut: bool) -> Session:
    """What failed to sound counts as heard: nobody is to wait for a loudspeaker that is broken."""
    left = tuple(utterance for utterance in session.speaking if utterance.number != number)
    says_now = any(utterance.says_now for utterance in session.speaking if utterance.number == number)
    return replace(
        session,
        speaking=left,
        speech_at=at,
        record_tone_heard=session.record_tone_heard if cut else says_now,
    )


def _note_soft_end(session: Session) -> Session:
    recording = session.open_recording
    return session if recording is None else _with_recording(session, recording.number, soft_ended=True)


def _over(trouble: Trouble, device: ev.Device, which: str, at: Seconds) -> Trouble:
    is_it = (trouble.device, trouble.which, trouble.over_at) == (device, which, None)
    return replace(trouble, over_at=at) if is_it else trouble


def _is_unheard(session: Session) -> bool:
    """Of the turn under way nothing was recorded, though it may be."""
    if session.turn is None or session.item is None or not session.may_record(session.turn[0]):
        return False
    here = (session.item.id, *session.turn)
    return all((one.request.item, one.request.group, one.request.question) != here for one in session.recordings)
