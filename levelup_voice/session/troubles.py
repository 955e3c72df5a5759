"""The rules of trouble with devices: shown always, said aloud where somebody has to act on it, once."""

from . import events as ev
from .state import Session, Trouble
from .unfolding import Unfolding

_NOT_NOW = ("ready", "recording", "talking", "thinking", "confirming", "closed")
"""Warnings wait for a better moment than these; before the session they are on the screen."""


def lost(unfolding: Unfolding, report: ev.DeviceLost) -> None:
    """A recording that misses its microphone is lost already: there we may speak."""
    session = unfolding.session
    before = _lasting(session, report.device, report.which)
    if before is not None and (report.device != "disk" or before.problem == report.problem):
        return
    listened = session.listens
    unfolding.add(report)
    match report.device:
        case "microphone":
            _lose_microphone(unfolding, report, commands=listened and not unfolding.session.listens)
        case "disk" if report.problem == "full":
            recording = session.open_recording
            if recording is not None and recording.stopped_at is None:
                unfolding.add(ev.RecordingStopped(recording.number))
        case _:
            pass


def found(unfolding: Unfolding, report: ev.DeviceFound) -> None:
    trouble = _lasting(unfolding.session, report.device, report.which)
    if trouble is None:
        return
    listened = unfolding.session.listens
    unfolding.add(report)
    lost = unfolding.words.text("say.microphone_lost_commands")
    was_told = any(said.text == lost and said.at >= trouble.at for said in unfolding.session.said)
    if was_told and unfolding.session.listens and not listened and _may_warn(unfolding.session, commands=True):
        unfolding.warn("say.listening_again")


def list_devices(unfolding: Unfolding, report: ev.DevicesListed) -> None:
    if unfolding.session.devices.get((report.device, report.which)) != report:
        unfolding.add(report)


def choose(unfolding: Unfolding, chosen: ev.DeviceChosen) -> None:
    """Use another device; also the same once more, which is opened anew."""
    listed = unfolding.session.devices.get((chosen.device, chosen.which))
    if listed is not None and chosen.name in ("", *listed.names):
        unfolding.add(chosen)


def warn(unfolding: Unfolding) -> None:
    """Say of a disk that fills up, is full or is slow, that it is so: each once, when nobody is disturbed."""
    session = unfolding.session
    lasting = [trouble for trouble in session.troubles if trouble.device == "disk" and trouble.over_at is None]
    if not lasting or not _may_warn(session):
        return
    key = f"say.disk_{lasting[-1].problem}"
    if key in unfolding.words.texts and not any(said.text == unfolding.words.text(key) for said in session.said):
        unfolding.warn(key)


def _lose_microphone(unfolding: Unfolding, report: ev.DeviceLost, *, commands: bool) -> None:
    """`commands`: nobody hears commands any more, so whoever leads by voice must know what to lead by, also before the
    session."""
    session = unfolding.session
    recording = session.open_recording
    suffers = recording is not None and report.which in ("", recording.request.microphone)
    if not suffers and not _may_warn(session, commands=commands):
        return
    if report.problem == "rerouted":
        unfolding.warn("say.microphone_rerouted")
    else:
        unfolding.warn("say.microphone_lost_commands" if commands else "say.microphone_lost")


def _may_warn(session: Session, *, commands: bool = False) -> bool:
    is_quiet = session.situation not in _NOT_NOW or (commands and session.situation == "ready")
    return is_quiet and session.announced is None


def _lasting(session: Session, device: ev.Device, which: str) -> Trouble | None:
    for trouble in session.troubles:
        if (trouble.device, trouble.which, trouble.over_at) == (device, which, None):
            return trouble
    return None
