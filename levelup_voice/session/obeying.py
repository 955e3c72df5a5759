"""What people ask for, and what is made of it: each command, by hand or by voice.

What a command means depends on where the session stands; whether it may be given now, `allowed` says.
"""

from . import commands as do
from . import events as ev
from . import extra_time, recordings, steps, troubles
from .allowed import allowed
from .groups import group_sizes
from .incoming import Spoken
from .plan import MOST_PEOPLE, Harvest, Statement
from .unfolding import Unfolding
from .wording import counting_off, listed, phrases_to_say, tally


def obey_voice(unfolding: Unfolding, spoken: Spoken) -> None:
    """The same as by hand, answered with a sound in the same breath. Who asks for silence gets silence, and so does who
    asks for what cannot be: the twelfth of seven groups."""
    command = spoken.command
    if type(command) not in allowed(unfolding.session):
        return
    if isinstance(command, do.Hush):
        obey(unfolding, command)
        return
    unfolding.asked_aloud(unfolding.now - spoken.ago)
    obey(unfolding, command)
    unfolding.acknowledge()


def obey(unfolding: Unfolding, command: do.Command) -> None:
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
    recordings.announce_again(unfolding)


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
