"""The rules of recording: announced, started when our voice is silent, stopped, taken again, deleted."""

from collections.abc import Sequence
from dataclasses import replace

from . import events as ev
from . import wording
from .plan import Discussion, Harvest, Question, Seconds, Statement
from .state import Recording, Session, Turn
from .transcript import Transcript
from .unfolding import Unfolding

ARGUMENT: Seconds = 20.0
"""Planned length of a spoken argument for a side."""

KERNEL: Seconds = 12.0
"""Planned length of the facilitator's one sentence."""


def is_answered(session: Session) -> bool:
    """Whether an answer to the question now on show was recorded, or tried to be: a clicker must always get on."""
    return any(
        recording.request.item == session.item.id for recording in session.recordings if session.item is not None
    )


def is_summarised(session: Session, turn: Turn) -> bool:
    """Whether the summary of this turn was recorded, or tried to be."""
    return any(
        (recording.request.purpose, recording.request.item) == ("summary", session.item.id)
        and (recording.request.group, recording.request.question) == turn
        for recording in session.recordings
        if session.item is not None
    )


def counts(session: Session, recording: Recording) -> bool:
    """Whether it is the take to read: the one that a person chose, else the last one that can be, or the last one."""
    if recording.request.purpose == "argument":
        return True  # Arguments are different people, not takes of one.
    takes = [other for other in session.recordings if other.subject == recording.subject]
    usable = [take for take in takes if not take.deleted and take.problem is None]
    chosen = [take for take in usable if take.chosen]
    return recording is (chosen or usable or takes)[-1]


def refuse(unfolding: Unfolding, group: int | None) -> None:
    """From now on nothing of this group, or of nobody: what is announced is called off, what runs is stopped."""
    if group is not None and group < 1:
        return
    session = unfolding.session
    unfolding.add(ev.RecordingRefused(group))
    if session.announced is not None and unfolding.session.announced is None:
        unfolding.hush()  # The tone that says "now" would be a lie.
    recording = session.open_recording
    if recording is not None and group in (None, recording.request.group):
        stop(unfolding)
    if group is None:
        unfolding.answer("say.nobody_recorded")
    else:
        unfolding.answer("say.refused_group", group=unfolding.words.number(group))


def announce(
    unfolding: Unfolding, purpose: ev.Purpose, group: int = 0, question: str = "", text: str | None = None
) -> None:
    """Say what comes, or this text, then the tone; the recording starts after it. Consent is asked before the first."""
    if unfolding.session.consent is None:
        unfolding.say(unfolding.words.text("say.consent"))
    unfolding.add(ev.RecordingAnnounced(purpose=purpose, group=group, question=question))
    text = _announcement(unfolding, purpose, group) if text is None else text
    unfolding.say(text, tone_after="record")


def announce_again(unfolding: Unfolding) -> None:
    """What was announced, if anything, and then held up: nobody remembers it, or heard it."""
    announced = unfolding.session.announced
    if announced is not None:
        announce(unfolding, announced.purpose, announced.group, announced.question)


def _announcement(unfolding: Unfolding, purpose: ev.Purpose, group: int) -> str:
    item, words = unfolding.session.item, unfolding.words
    match purpose:
        case "answer":
            length = item.summary if isinstance(item, Question) else 0.0
            return wording.record_notice(words, length or ARGUMENT)
        case "summary":
            return wording.turn(words, group)
        case "kernel":
            return words.text("say.kernel")
        case _:
            return ""


def announce_here(unfolding: Unfolding) -> None:
    """Announce the recording that belongs to the item on show: an answer in plenary, or an argument."""
    session = unfolding.session
    if not session.may_record(0):
        _say_why_not(unfolding)
    elif isinstance(session.item, Question):
        announce(unfolding, "answer")
    elif isinstance(session.item, Statement):
        announce(unfolding, "argument")


def announce_kernel(unfolding: Unfolding) -> None:
    """The facilitator sums up the summary just given, in one sentence; not what a group said that is not recorded."""
    session = unfolding.session
    last = _last_summary(session)
    if not session.may_record(0):
        _say_why_not(unfolding)
    elif session.turn is not None and not session.may_record(session.turn[0]):
        unfolding.answer("say.turn_not_recorded")
    elif last is not None:
        announce(unfolding, "kernel", last.request.group, last.request.question)


def begin(unfolding: Unfolding) -> None:
    """Start what was announced."""
    session, announced = unfolding.session, unfolding.session.announced
    assert announced is not None
    assert session.item is not None
    number = len(session.recordings)
    take = 1 + sum(_same_place(recording.request, session.item.id, announced) for recording in session.recordings)
    unfolding.add(
        ev.RecordingStarted(
            recording=number,
            file=_file(number, session.item.id, announced, take),
            purpose=announced.purpose,
            block=session.run.block,
            item=session.item.id,
            question=announced.question,
            group=announced.group,
            take=take,
            planned=_planned(session, announced.purpose),
            microphone="facilitator" if announced.purpose == "kernel" else "group",
        )
    )


def stop(unfolding: Unfolding) -> None:
    """Close the recording that runs. A spoken command that ends it is no part of it."""
    recording = unfolding.session.open_recording
    if recording is not None and recording.stopped_at is None:
        asked_at = unfolding.asked_at
        closing_at = None if asked_at is None else round(max(0.0, asked_at - recording.started_at), 3)
        unfolding.add(ev.RecordingStopped(recording.number, closing_at))


def take_again(unfolding: Unfolding) -> None:
    """A second take stands beside the first, which is kept."""
    session = unfolding.session
    last = session.last_recording_here
    if last is None:
        return
    stop(unfolding)
    request = last.request
    if not session.may_record(request.group):
        unfolding.answer("say.turn_not_recorded")
        return
    if isinstance(session.item, Harvest) and request.purpose == "summary":
        unfolding.add(ev.TurnTaken(request.group, request.question))
    announce(unfolding, request.purpose, request.group, request.question, unfolding.words.text("say.again"))


def saved(unfolding: Unfolding, report: ev.RecordingSaved) -> None:
    """The audio is safe: have it transcribed, and thank whoever spoke."""
    session = unfolding.session
    recording = _known(session, report.recording)
    if recording is None or recording.saved is not None:
        return
    late = recording.problem is not None
    unfolding.add(report)
    if recording.deleted:
        # The file was closed after its deletion was decided: it has to go once more.
        unfolding.add(ev.RecordingDeleted(recording.number))
        return
    unfolding.add(ev.TranscriptionRequested(recording.number))
    if session.situation != "closed" and not report.interrupted and not late:
        _thank(unfolding, recording, cut_short=bool(report.problem))


def failed(unfolding: Unfolding, report: ev.RecordingFailed) -> None:
    recording = _known(unfolding.session, report.recording)
    if recording is None or not recording.is_open:
        return
    unfolding.add(report)
    if unfolding.session.situation != "closed":
        # Whoever has not answered may still do so, as on a slow disk.
        text = "say.recording_not_yet" if report.problem == "no-answer" else "say.recording_failed"
        unfolding.say(unfolding.words.text(text), tone="stop", audience="facilitator")


def noticed(unfolding: Unfolding, report: ev.LevelNoticed) -> None:
    """Each finding once."""
    recording = _known(unfolding.session, report.recording)
    if recording is not None and recording.is_open and report.finding not in recording.findings:
        unfolding.add(report)
        if report.finding == "silent" and recording.stopped_at is None:
            unfolding.warn("say.microphone_silent")  # Exact zeros: nobody can be heard anyway.


def transcribed(unfolding: Unfolding, report: ev.TranscriptReady | ev.TranscriptionFailed) -> None:
    """Words of a deleted recording are dropped; late words are welcome, a late failure or a second text is no news."""
    recording = _known(unfolding.session, report.recording)
    if recording is None or recording.deleted or recording.saved is None:
        return
    if isinstance(report, ev.TranscriptReady):
        if recording.transcript is None or recording.asked_at is not None:
            unfolding.add(ev.TranscriptReady(report.recording, _said_in(recording, report.transcript)))
    elif recording.asked_at is not None:
        unfolding.add(report)


def _said_in(recording: Recording, transcript: Transcript) -> Transcript:
    """The words that were said before the facilitator's closing phrase, where there is one."""
    if recording.closing_at is None:
        return transcript
    end = recording.seconds
    said = (word for word in transcript.words if (word.start + word.end) / 2 < end)
    return replace(transcript, words=tuple(replace(word, end=min(word.end, end)) for word in said))


def transcribe_all(unfolding: Unfolding, again: bool = False) -> None:
    """Have everything transcribed that has no words and is not being worked on by this run of the program."""
    for recording in unfolding.session.recordings:
        wordless = recording.transcript is None or again
        has_audio = recording.saved is not None and not (recording.deleted or recording.audio_forgotten)
        if has_audio and wordless and recording.asked_at is None:
            unfolding.add(ev.TranscriptionRequested(recording.number))


def pick_up(unfolding: Unfolding, repaired: Sequence[ev.RecordingSaved | ev.RecordingFailed]) -> None:
    """What the crash left undone: a recording to close, audio to delete, words to ask for."""
    for report in repaired:
        if isinstance(report, ev.RecordingSaved):
            saved(unfolding, report)
        else:
            failed(unfolding, report)
    recording = unfolding.session.open_recording
    if recording is not None:
        failed(unfolding, ev.RecordingFailed(recording.number, "no-answer"))
    for recording in unfolding.session.recordings:
        if recording.deleted:
            unfolding.add(ev.RecordingDeleted(recording.number))  # Decided, but perhaps not done.
    transcribe_all(unfolding)


def forget_audio(unfolding: Unfolding, number: int) -> None:
    """Only audio whose words are known goes: of all else it is the only copy."""
    recording = _known(unfolding.session, number)
    if recording is not None and recording.saved is not None and recording.text and not recording.deleted:
        unfolding.add(ev.AudioForgotten(number))


def ask_to_delete(unfolding: Unfolding, number: int | None) -> None:
    """Which recording goes is settled now; that it goes, when it is confirmed. Nobody is cut short for another one."""
    session = unfolding.session
    running = session.open_recording
    if running is not None and running.stopped_at is None and number not in (None, running.number):
        return
    number = _this_recording(session) if number is None else number
    if number is None or number not in [one.number for one in session.recordings if not one.deleted]:
        unfolding.answer("say.nothing_to_delete")
        return
    stop(unfolding)
    unfolding.hush()
    unfolding.add(ev.ConfirmationAsked("delete", number))
    unfolding.answer("say.confirm_delete")


def _this_recording(session: Session) -> int | None:
    """What "this one" means: what runs, else the latest take of what was recorded last, unless another group has its
    turn by now."""
    if session.open_recording is not None:
        return session.open_recording.number
    if not session.recordings:
        return None
    last = session.recordings[-1]
    of_its_turn = session.turn in (None, (last.request.group, last.request.question))
    if not (of_its_turn or last.request.purpose == "kernel" or session.closed_at is not None):
        return None
    # Arguments are different people, not takes of one.
    takes = (last,) if last.request.purpose == "argument" else session.recordings
    kept = [one.number for one in takes if one.subject == last.subject and not one.deleted]
    return kept[-1] if kept else None


def delete(unfolding: Unfolding, number: int) -> None:
    unfolding.add(ev.RecordingDeleted(number))
    unfolding.answer("say.deleted")


def _thank(unfolding: Unfolding, recording: Recording, *, cut_short: bool) -> None:
    """No thanks between two takes: the next has already been announced."""
    session, request = unfolding.session, recording.request
    if session.announced is not None:
        return
    if request.purpose == "summary" and session.turn == (request.group, request.question):
        unfolding.add(ev.TurnEnded(request.group))
    if session.confirming is not None:
        return  # We are waiting for the answer to a question of ours.
    spoken = request.purpose in ("summary", "answer")
    text = "say.recording_cut_short" if cut_short else "say.thanks" if spoken else ""
    audience: ev.Audience = "facilitator" if cut_short else "room"
    unfolding.say(unfolding.words.text(text) if text else "", tone="stop", audience=audience)


def _say_why_not(unfolding: Unfolding) -> None:
    unfolding.answer("say.nobody_recorded" if unfolding.session.nobody_recorded else "say.turn_not_recorded")


def _known(session: Session, number: int) -> Recording | None:
    return session.recordings[number] if 0 <= number < len(session.recordings) else None


def _last_summary(session: Session) -> Recording | None:
    if session.item is None:
        return None
    summaries = [
        recording
        for recording in session.recordings
        if recording.request.purpose == "summary" and recording.request.item == session.item.id
    ]
    return summaries[-1] if summaries else None


def _same_place(request: ev.RecordingStarted, item: str, announced: ev.RecordingAnnounced) -> bool:
    return (request.item, request.purpose, request.group, request.question) == (
        item,
        announced.purpose,
        announced.group,
        announced.question,
    )


def _planned(session: Session, purpose: ev.Purpose) -> Seconds:
    item, discussion = session.item, session.discussion
    if purpose == "summary" and isinstance(discussion, Discussion):
        return discussion.summary
    if purpose == "answer" and isinstance(item, Question):
        return item.summary or ARGUMENT
    return KERNEL if purpose == "kernel" else ARGUMENT


def _file(number: int, item: str, announced: ev.RecordingAnnounced, take: int) -> str:
    """A name that a person can read in a file list, and that sorts in the order of recording."""
    parts = [f"{number + 1:03d}", item]
    if announced.group:
        parts.append(f"g{announced.group}")
    if announced.purpose in ("argument", "kernel"):
        parts.append(announced.purpose)
    parts.append(f"take{take}")
    return f"audio/{'-'.join(parts)}.wav"
