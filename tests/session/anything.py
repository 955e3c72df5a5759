"""What anybody may ask for and any device may say, drawn at random: mostly sensible, sometimes not."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.allowed import Kind
from tests.session.room import transcript

_groups = st.integers(0, 9)
_recordings = st.integers(-1, 12)
_names = st.sampled_from(["", "USB", "ingebouwd", "nonsense"])
_minutes = st.sampled_from([-900.0, -120.0, -60.0, 30.0, 60.0, 120.0, 300.0, 5000.0])

_VALUES: Mapping[Kind, st.SearchStrategy[Any]] = {
    do.Continue: st.builds(do.Continue, st.booleans()),
    do.AddTime: st.builds(do.AddTime, _minutes),
    do.MakeRoom: st.builds(do.MakeRoom, st.sampled_from(["shift", "shrink"])),
    do.StartedEarlier: st.builds(do.StartedEarlier, _minutes),
    do.SetParticipants: st.builds(do.SetParticipants, st.sampled_from([-1, 0, 1, 4, 9, 26, 27, 1000])),
    do.GiveTally: st.builds(do.GiveTally, st.none() | st.integers(-1, 30), st.none() | st.integers(-1, 30)),
    do.TakeTurn: st.builds(do.TakeTurn, _groups),
    do.SwapQuestion: st.builds(do.SwapQuestion, _groups, st.sampled_from(["q1", "q5", "vraag-1", "nonsense"])),
    do.DeleteRecording: st.builds(do.DeleteRecording, st.none() | _recordings),
    do.ChooseMicrophone: st.builds(do.ChooseMicrophone, _names, st.sampled_from(["", "group", "facilitator"])),
    do.ChooseLoudspeaker: st.builds(do.ChooseLoudspeaker, _names),
    do.Refuse: st.builds(do.Refuse, st.sampled_from([None, 0, 1, 2, 3, 4, 5])),
}


def of_kind(kind: Kind) -> st.SearchStrategy[do.Command]:
    return _VALUES.get(kind, st.builds(kind))


reports: st.SearchStrategy[ev.Report] = st.one_of(
    st.builds(ev.SpeechFinished, st.integers(-1, 300), st.booleans()),
    st.builds(ev.SpeechFailed, st.integers(-1, 300), st.just("hung")),
    st.builds(ev.RecordingSaved, recording=_recordings, seconds=st.just(5.0), interrupted=st.booleans()),
    st.builds(ev.RecordingFailed, _recordings, st.just("unplugged")),
    st.builds(ev.TranscriptReady, _recordings, st.just(transcript("dank", "je"))),
    st.builds(ev.TranscriptionFailed, _recordings, st.just("no model")),
    st.builds(ev.LevelNoticed, _recordings, st.sampled_from(["silent", "clipping", "quiet"])),
    st.builds(ev.DeviceLost, st.sampled_from(["microphone", "voice"]), st.just("gone")),
    st.builds(ev.DeviceLost, st.just("disk"), st.sampled_from(["low", "slow", "full", "of a later version"])),
    st.builds(ev.DeviceFound, st.sampled_from(["microphone", "voice", "disk"])),
    st.builds(
        ev.DevicesListed,
        device=st.sampled_from(["microphone", "loudspeaker"]),
        which=st.sampled_from(["", "group"]),
        names=st.lists(_names, max_size=3).map(tuple),
        used=_names,
    ),
    st.builds(ev.ListeningChanged, st.booleans()),
)
"""True or not, in time or late, once or twice."""
