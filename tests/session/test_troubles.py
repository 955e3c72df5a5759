"""Trouble with devices: shown always, said where somebody has to act on it, once, and never in the way."""

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.incoming import ForgetAudio, Incoming, Tick
from levelup_voice.session.view import view
from tests.session.room import WORDS, Room, recorded, texts

GONE = WORDS.text("say.microphone_lost")
LOW, FULL = WORDS.text("say.disk_low"), WORDS.text("say.disk_full")


def recording() -> Room:
    room = Room().until("open")
    room.take(do.Record())
    return recorded(room)


def lasting(room: Room) -> list[tuple[str, str, str]]:
    return [(one.device, one.which, one.problem) for one in room.session.troubles if one.over_at is None]


def test_a_microphone_that_goes_while_it_records_is_said_at_once() -> None:
    room = recording()
    assert GONE in texts(room.take(ev.DeviceLost("microphone", "hangs")))
    assert room.session.situation == "recording"


def test_the_other_microphone_is_only_shown_while_one_records() -> None:
    room = recording()
    assert texts(room.take(ev.DeviceLost("microphone", "hangs", "facilitator"))) == []
    assert lasting(room) == [("microphone", "facilitator", "hangs")]
    assert GONE in texts(room.take(ev.DeviceLost("microphone", "stopped", "group")))


def test_each_of_two_microphones_comes_back_for_itself() -> None:
    room = recording()
    room.take(ev.DeviceLost("microphone", "hangs", "facilitator"))
    room.take(ev.DeviceLost("microphone", "stopped", "group"))
    room.take(ev.DeviceFound("microphone", "group"))
    assert lasting(room) == [("microphone", "facilitator", "hangs")]
    assert room.take(ev.DeviceFound("microphone", "group")) == ()


def test_what_is_lost_already_is_no_news() -> None:
    room = recording()
    room.take(ev.DeviceLost("microphone", "hangs"))
    assert room.take(ev.DeviceLost("microphone", "missing")) == ()


def listening() -> Room:
    room = Room()
    room.take(ev.ListeningChanged(True, name="spelleider"))
    return room


def test_who_leads_by_voice_is_told_what_to_lead_by_when_the_microphone_goes_and_when_it_is_back() -> None:
    for room in (listening(), listening().until("uitleg")):
        room.hear()
        assert texts(room.take(ev.DeviceLost("microphone", "stopped"))) == [WORDS.text("say.microphone_lost_commands")]
        assert not view(room.session, room.now, WORDS).listens
        room.hear()
        assert texts(room.take(ev.DeviceFound("microphone"))) == [WORDS.text("say.listening_again")]
        assert view(room.session, room.now, WORDS).listens


def test_the_groups_microphone_takes_no_commands() -> None:
    room = listening().until("uitleg")
    room.hear()
    lost = texts(room.take(ev.DeviceLost("microphone", "stopped", "group")))
    assert lost == [WORDS.text("say.microphone_lost")]
    assert room.session.listens


def listed(*names: str, which: do.Whose = "", device: ev.Choosable = "microphone") -> ev.DevicesListed:
    return ev.DevicesListed(device=device, which=which, names=names)


def test_a_microphone_that_another_took_the_place_of_is_said_as_such() -> None:
    room = recording()
    assert texts(room.take(ev.DeviceLost("microphone", "rerouted"))) == [WORDS.text("say.microphone_rerouted")]
    room.take(ev.DeviceFound("microphone"))
    assert view(room.session, room.now, WORDS).troubles == (("microphone", "rerouted"),)
    assert view(room.session, room.now + 31.0, WORDS).troubles == ()


@pytest.mark.parametrize("recorded", [True, False])
def test_another_microphone_is_chosen_by_its_name_also_while_one_records(recorded: bool) -> None:
    room = recording() if recorded else Room().until("welkom")
    room.take(listed("ingebouwd", "USB"))
    assert room.take(do.ChooseMicrophone("USB")) == (ev.DeviceChosen("microphone", "USB"),)
    (choice,) = view(room.session, room.now, WORDS).choices
    assert (choice.used, choice.names) == ("USB", ("ingebouwd", "USB"))
    assert room.take(do.ChooseMicrophone("")) == (ev.DeviceChosen("microphone", ""),)
    assert room.take(do.ChooseMicrophone("Jabra")) == ()
    assert room.take(do.ChooseMicrophone("USB", "group")) == ()
    assert room.take(do.ChooseLoudspeaker("USB")) == ()


def test_of_two_microphones_each_is_chosen_for_itself_and_so_is_the_loudspeaker() -> None:
    room = Room().until("welkom")
    for which in ("group", "facilitator"):
        room.take(listed("USB", "Headset", which=which))
    room.take(listed("HDMI", device="loudspeaker"))
    assert room.take(do.ChooseMicrophone("Headset", "facilitator"))
    assert room.take(do.ChooseLoudspeaker("HDMI"))
    used = {(one.device, one.which): one.used for one in view(room.session, room.now, WORDS).choices}
    assert used == {
        ("microphone", "group"): "",
        ("microphone", "facilitator"): "Headset",
        ("loudspeaker", ""): "HDMI",
    }


def test_what_is_used_can_be_seen_also_when_it_has_gone() -> None:
    room = Room().until("welkom")
    room.take(listed("USB"))
    room.take(do.ChooseMicrophone("USB"))
    room.take(ev.DevicesListed(device="microphone", names=("ingebouwd",), used="USB"))
    room.take(ev.DeviceLost("microphone", "stopped"))
    (choice,) = view(room.session, room.now, WORDS).choices
    assert (choice.names, choice.is_lost) == (("ingebouwd", "USB"), True)


def test_where_nothing_is_known_of_devices_none_can_be_chosen() -> None:
    room = Room().until("welkom")
    assert "ChooseMicrophone" not in view(room.session, room.now, WORDS).commands
    assert room.take(do.ChooseMicrophone("")) == ()
    room.take(listed("USB"))
    assert room.take(listed("USB")) == ()
    assert "ChooseMicrophone" in view(room.session, room.now, WORDS).commands


def test_groups_that_talk_are_not_interrupted_for_a_microphone() -> None:
    room = Room().until("praten", "talking")
    assert texts(room.take(ev.DeviceLost("microphone", "hangs"))) == []


def test_exact_silence_is_said_while_recording_and_noise_is_not() -> None:
    room = recording()
    silent = WORDS.text("say.microphone_silent")
    assert texts(room.take(ev.LevelNoticed(0, "quiet"))) == []
    assert texts(room.take(ev.LevelNoticed(0, "silent"))) == [silent]
    assert room.take(ev.LevelNoticed(0, "silent")) == ()


def test_a_disk_that_fills_up_is_said_once_and_not_into_a_recording() -> None:
    room = recording()
    assert texts(room.take(ev.DeviceLost("disk", "low"))) == []
    said = texts(room.take(do.Next())) + texts(room.saved()) + texts(room.hear())
    assert said.count(LOW) == 1
    room.take(ev.DeviceFound("disk"))
    assert LOW not in texts(room.take(ev.DeviceLost("disk", "low")))


def test_a_trouble_that_this_version_does_not_know_is_shown_and_not_said() -> None:
    room = Room().until("welkom")
    assert texts(room.take(ev.DeviceLost("disk", "melting"))) == []
    assert view(room.session, room.now, WORDS).troubles == (("disk", "melting"),)
    room.take(do.Next())


def test_a_full_disk_ends_the_recording_and_the_session_goes_on_without() -> None:
    room = recording()
    room.take(ev.DeviceLost("disk", "low"))
    assert ev.RecordingStopped(0) in room.take(ev.DeviceLost("disk", "full"))
    assert lasting(room) == [("disk", "", "full")]
    said = texts(room.saved()) + texts(room.hear())
    assert FULL in said
    room.take(do.Record())
    room.settle()
    assert len(room.session.recordings) == 1
    room.take(ev.DeviceFound("disk"))
    room.take(do.Record())
    room.settle()
    assert len(room.session.recordings) == 2


def test_a_recording_that_was_cut_short_is_kept_said_and_transcribed() -> None:
    room = recording()
    events = room.take(ev.RecordingSaved(recording=0, seconds=7.0, problem="disk-full"))
    assert ev.TranscriptionRequested(0) in events
    assert texts(events) == [WORDS.text("say.recording_cut_short")]


def test_what_could_not_be_said_is_shown_until_something_is() -> None:
    room = Room()
    room.take(do.Start())
    spoken = room.session.speaking[0]
    room.take(ev.SpeechFailed(spoken.number, "the loudspeaker went"))
    shown = view(room.session, room.now, WORDS).unheard
    assert shown == room.session.said[-1].text
    room.obey(do.Repeat())
    assert view(room.session, room.now, WORDS).unheard == ""


def unheard(room: Room) -> tuple[str, float | None]:
    """What the projector shows because our voice could not say it, and for how long."""
    shown = view(room.session, room.now, WORDS)
    return shown.unheard_by_room, shown.unheard_for


def mute(room: Room, *incoming: Incoming) -> Room:
    """Each comes in, and nothing that is to be said can be."""
    for one in (*incoming, Tick()):
        room.take(one)
        while room.session.speaking:
            room.take(ev.SpeechFailed(room.session.speaking[0].number, "missing"))
    return room


def test_what_all_were_to_hear_stands_on_the_projector_until_the_next_step() -> None:
    room = mute(Room(), do.Start())
    assert unheard(room) == ("Welkom. Mogen we straks opnemen?", None)
    room.wait(600.0)
    assert unheard(room) == ("Welkom. Mogen we straks opnemen?", None)
    mute(room, do.TimeLeft())
    assert unheard(room) == ("Welkom. Mogen we straks opnemen?", None)
    room.obey(do.Next())
    assert unheard(room) == ("", None)


def test_answers_to_the_facilitator_and_troubles_never_stand_on_the_projector() -> None:
    room = Room().until("welkom")
    asked = (do.TimeLeft(), do.AddTime(60.0), do.Help(), do.Refuse(2), do.Finish(), do.Decline())
    mute(room, *asked, ev.DeviceLost("microphone", "hangs"))
    assert len([said for said in room.session.said if said.failed]) == len(asked) + 1
    assert view(room.session, room.now, WORDS).unheard
    assert unheard(room) == ("", None)


def test_what_stands_on_the_projector_anyway_stands_there_once() -> None:
    room = Room().until("s1")
    mute(room, do.Repeat())
    assert unheard(room) == ("", None)
    mute(room, do.Next())
    assert unheard(room) == (WORDS.text("say.choose_now"), None)


def test_a_time_that_could_not_be_told_is_shown_as_long_as_it_is_true() -> None:
    room = Room().until("praten", "talking")
    while not any(said.is_cue for said in room.session.said):
        room.wait(1.0)
    mute(room)
    cue = room.session.said[-1].text
    left = unheard(room)[1]
    assert unheard(room)[0] == cue
    assert left is not None
    room.now += left
    assert unheard(room) == ("", None)


@pytest.mark.parametrize("number", [-1, 1, 7])
def test_audio_is_forgotten_only_where_there_are_words(number: int) -> None:
    room = recording()
    room.take(do.Next())
    room.saved()
    assert room.take(ForgetAudio((0, number))) == ()
    room.transcribed("een", "woord")
    assert room.take(ForgetAudio((0, number))) == (ev.AudioForgotten(0),)
    assert room.session.recordings[0].text == "een woord"


def test_what_was_wrong_with_a_device_ends_with_the_program_that_saw_it() -> None:
    """The next one reports anew what still is, and finds nothing that was mended meanwhile."""
    room = Room().until("open")
    for lost in (ev.DeviceLost("disk", "full"), ev.DeviceLost("microphone", "hangs")):
        room.take(lost)
    room.crash()
    assert lasting(room) == []
    room.settle()
    room.obey(do.Continue())
    room.take(do.Record())
    recorded(room)
    assert room.session.situation == "recording"
    assert GONE in texts(room.take(ev.DeviceLost("microphone", "hangs")))
