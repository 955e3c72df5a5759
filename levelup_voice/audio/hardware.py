"""What there is to hear and to speak with on this computer, and what of it is used.

PortAudio does not see what is plugged in while it runs. So a worker, in which it starts anew, is asked now and then
what there is; and when a device that is lost to us is there for the worker, our own PortAudio starts anew as well.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from levelup_voice.errors import SetupError
from levelup_voice.session import events as ev
from levelup_voice.session.commands import Whose

from .devices import Device, Kind, SoundError, chosen_from, list_devices, names_of
from .worker import Worker, WorkerError

NOTICE_SECONDS = 1.0
LOOK_SECONDS = 60.0
HURRY_SECONDS = 5.0
"""While a device is missing: somebody may be looking for another one. A look costs a quarter of a second of work."""

PATIENCE = 4
"""So many times longer before each next start of our own PortAudio, for a device that does not work all the same."""

ANSWER_SECONDS = 10.0


class Used(Protocol):
    """A microphone or a loudspeaker that is in use."""

    @property
    def name(self) -> str: ...
    @property
    def is_missing(self) -> bool:
        """It could not be opened the last time."""

    def choose(self, name: str) -> None: ...
    def seek(self) -> None:
        """Open it once PortAudio has started anew."""


class Hardware:
    """Device of the runner: uses the devices that are chosen, and reports DevicesListed when there are others.

    `microphones` are those in use by whose they are: one for `""`, or one for the group and one for the facilitator.
    `may_disturb` tells whether every stream may stop for a moment.
    """

    def __init__(
        self,
        report: Callable[[ev.Report], None],
        microphones: Mapping[Whose, Used],
        loudspeaker: Used,
        may_disturb: Callable[[], bool],
    ) -> None:
        self._report = report
        self._used: dict[tuple[ev.Choosable, Whose], Used] = {
            ("microphone", which): microphone for which, microphone in microphones.items()
        }
        self._used["loudspeaker", ""] = loudspeaker
        self._may_disturb = may_disturb
        self._told: dict[tuple[ev.Choosable, Whose], tuple[str, ...]] = {}
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._look, name="sound devices", daemon=True)

    def start(self) -> None:
        """Report what there is now, and from now on what changes."""
        with contextlib.suppress(SoundError, SetupError):
            self._tell(list_devices())
        self._thread.start()

    def use(self, chosen: ev.DeviceChosen) -> None:
        """From now on use this one. Returns at once."""
        used = self._used.get((chosen.device, chosen.which))
        if used is not None:
            used.choose(chosen.name)

    def close(self) -> None:
        self._closing.set()

    def _look(self) -> None:
        """At once when something is missing, and then more often than otherwise."""
        looked_at = sought_at = time.monotonic()
        missing, patience = False, HURRY_SECONDS
        while not self._closing.wait(NOTICE_SECONDS):
            before, missing, now = missing, bool(self._missing), time.monotonic()
            if not missing:
                sought_at, patience = now, HURRY_SECONDS
            if before == missing and now - looked_at < (HURRY_SECONDS if missing else LOOK_SECONDS):
                continue
            looked_at = now
            with contextlib.suppress(WorkerError, OSError, LookupError, TypeError):
                present = _present()
                self._tell(present)
                if missing and now - sought_at >= patience and self._seek(present):
                    sought_at, patience = now, patience * PATIENCE

    @property
    def _missing(self) -> list[tuple[Kind, Used]]:
        return [(_kind(device), used) for (device, _), used in self._used.items() if used.is_missing]

    def _tell(self, present: Sequence[Device]) -> None:
        for (device, which), used in self._used.items():
            kind = _kind(device)
            names = names_of(present, kind)
            # What a stream of ours holds may not be there for others.
            if used.name and not used.is_missing and chosen_from(present, used.name, kind) is None:
                names = (*names, used.name)
            if self._told.get((device, which)) != names:
                self._told[device, which] = names
                self._report(ev.DevicesListed(device=device, which=which, names=names, used=used.name))

    def _seek(self, present: Sequence[Device]) -> bool:
        """Whether something that is missing was found by the worker, and our PortAudio starts anew for it."""
        found = [used for kind, used in self._missing if chosen_from(present, used.name, kind) is not None]
        if not found or not self._may_disturb():
            return False
        for used in found:
            used.seek()
        return True


def _kind(device: ev.Choosable) -> Kind:
    return "input" if device == "microphone" else "output"


def _present() -> tuple[Device, ...]:
    """Raises WorkerError, and others where the worker answers nonsense."""
    worker = Worker("levelup_voice.audio.list_worker")
    try:
        answer, _ = worker.ask({}, timeout=ANSWER_SECONDS)
        return tuple(Device(**device) for device in answer["devices"])
    finally:
        worker.kill()
