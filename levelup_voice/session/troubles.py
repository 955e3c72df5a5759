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
    unfolding.add(report)
    match report.device:
        case "microphone":
            _lose_microphone(unfolding, report)
        case "disk" if report.problem == "full":
            recording = session.open_recording
            if recording is not None and recording.stopped_at is None:
                unfolding.add(ev.RecordingStopped(recording.number))
        case _:
            pass


def found(unfolding: Unfolding, report: ev.DeviceFound) -> None:
    if _lasting(unfolding.session, report.device, report.which) is not None:
        unfolding.add(report)


def list_devices(unfolding: Unfolding, report: ev.DevicesListed) -> None:
    if unfolding.session.devices.get((report.device, report.which)) != report:
        unfolding.add(report)


def choose(unfolding: Unfolding, chosen: ev.DeviceChosen) -> None:
    """Use another device; also the same once more, which is opened anew."""
    listed = unfolding.session.devices.get((chosen.device, chosen.which))
    if listed is not None and chosen.name in ("", *listed.names):
        unfolding.add(chosen)


def warn(unfolding: Unfolding) -> None:
    """Say of a disk that fills up, and of a disk that is full, that it is so: each once, when nobody is disturbed."""
    session = unfolding.session
    lasting = [trouble for trouble in session.troubles if trouble.device == "disk" and trouble.over_at is None]
    if not lasting or session.situation in _NOT_NOW or session.announced is not None:
        return
    key = f"say.disk_{lasting[-1].problem}"
    if not any(said.text == unfolding.words.text(key) for said in session.said):
        unfolding.warn(key)


def _lose_microphone(unfolding: Unfolding, report: ev.DeviceLost) -> None:
    session = unfolding.session
    recording = session.open_recording
    suffers = recording is not None and report.which in ("", recording.request.microphone)
    if suffers or (session.situation not in _NOT_NOW and session.announced is None):
        unfolding.warn("say.microphone_rerouted" if report.problem == "rerouted" else "say.microphone_lost")


def _lasting(session: Session, device: ev.Device, which: str) -> Trouble | None:
    for trouble in session.troubles:
        if (trouble.device, trouble.which, trouble.over_at) == (device, which, None):
            return trouble
    return None
