"""The sound devices of this computer, and the rules for touching PortAudio, which microphone and loudspeaker share.

PortAudio freezes its list of devices when it starts, renumbers them when it starts anew and takes every open stream
down with it. So a device is known by its name, looked up right before it is opened; every stream is opened and closed
here; and PortAudio starts anew only while no stream is open: `refresh` when that is so, `renew` when all who have one
have closed it for a moment.
"""

import contextlib
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias, TypeVar

from levelup_voice.errors import SetupError

from .stderr import without_stderr

Kind: TypeAlias = Literal["input", "output"]

LOCK_SECONDS = 5.0
"""Opening takes milliseconds; who waits longer waits for a driver that hangs."""

RENEWAL_SECONDS = 2.0
"""For all streams to be closed; one that hangs is not waited for any longer."""

HOST_APIS = ("Windows WASAPI", "Core Audio", "ALSA", "Windows DirectSound", "MME")
"""Where a name stands in several: WASAPI converts rates itself, MME cuts names off at 31 characters."""

NUMBER = re.compile(r" \(hw:\d+,\d+\)$")
"""ALSA's place of a card, which changes with the order of plugging in."""

_portaudio = threading.RLock()
_streams: set[int] = set()
_renewal = threading.Event()


class SoundError(Exception):
    """A device cannot be used now: it is gone, busy, forbidden or hangs."""


@dataclass(frozen=True, slots=True)
class Device:
    name: str
    host_api: str
    inputs: int
    """Channels; 0: it is no microphone."""
    outputs: int
    default: bool
    """The computer's choice when nobody chose, for hearing or for speaking."""


class Stream(Protocol):
    def abort(self) -> None: ...
    def close(self) -> None: ...


S = TypeVar("S", bound=Stream)


def sounddevice() -> Any:
    """The sounddevice package, which starts PortAudio when first imported. Raises SetupError when that is missing."""
    with contextlib.nullcontext() if "sounddevice" in sys.modules else _quiet():
        try:
            import sounddevice as package
        except OSError as error:
            raise SetupError("PortAudio is missing", "no_portaudio") from error
    return package


def list_devices() -> tuple[Device, ...]:
    """All devices, as PortAudio knew them when it last started (see `refresh`)."""
    return tuple(device for _, device in _numbered())


def find_device(name: str, kind: Kind) -> int | None:
    """PortAudio's present number of the device called `name` (`""`: the default one), or None when there is none.

    The exact name wins, then the name without ALSA's card number, then part of a name, upper or lower case.
    """
    numbered = _numbered()
    able = {number: device for number, device in numbered if _is_able(device, kind)}
    if not name:
        default = sounddevice().default.device[kind]
        return default if default in able else None
    found = chosen_from(list(able.values()), name, kind)
    return next((number for number, device in able.items() if device is found), None)


def chosen_from(devices: Sequence[Device], name: str, kind: Kind) -> Device | None:
    """The same, from a list of devices."""
    able = _able(devices, kind)
    if not name:
        return next((device for device in able if device.default), None)
    wanted = NUMBER.sub("", name)
    for same in (
        lambda device: device.name == name,
        lambda device: NUMBER.sub("", device.name) == wanted,
        lambda device: wanted.casefold() in device.name.casefold(),
    ):
        for device in able:
            if same(device):
                return device
    return None


def names_of(devices: Sequence[Device], kind: Kind) -> tuple[str, ...]:
    """The names to choose from: each device once, though several host APIs have it, and without its place."""
    able = _able(devices, kind)
    return tuple(dict.fromkeys(NUMBER.sub("", one.name) for one in able if one.host_api == able[0].host_api))


def rate_settings(device: int) -> Any:
    """What a stream on this device needs so that its rate is converted: WASAPI does so only when told to, and names the
    wrong error otherwise."""
    if sys.platform == "win32":
        package = sounddevice()
        found = package.query_devices(device)
        if package.query_hostapis(found["hostapi"])["name"] == "Windows WASAPI":
            return package.WasapiSettings(auto_convert=True)
    return None


def open_stream(make: Callable[[], S]) -> S:
    """Open a stream by calling `make`; it counts as open until `close_stream`. Raises SoundError."""
    package = sounddevice()
    with _alone(), _quiet():
        try:
            stream = make()
        except (package.PortAudioError, ValueError) as error:
            raise SoundError(str(error)) from error
        _streams.add(id(stream))
        return stream


def close_stream(stream: Stream, timeout: float = 1.0) -> bool:
    """Stop a stream at once and close it. False: the driver hangs; it closes in the background if it ever does.

    Closing a device that was pulled out may never return on some systems, so it happens in a thread to throw away.
    """
    closing = threading.Thread(target=_close, args=(stream,), name="closing a stream", daemon=True)
    closing.start()
    closing.join(timeout)
    return not closing.is_alive()


def refresh() -> bool:
    """Start PortAudio anew, so that it sees what was plugged in. False, and nothing done, while a stream is open.

    Raises SoundError.
    """
    package = sounddevice()
    with _alone(), _quiet():
        if _streams:
            return False
        with contextlib.suppress(package.PortAudioError):  # The last attempt may have failed halfway.
            package._terminate()
        try:
            package._initialize()
        except package.PortAudioError as error:
            raise SoundError(str(error)) from error
        return True


def renew() -> bool:
    """Have all streams closed for a moment and start PortAudio anew. False: a stream was not closed in time.

    Who has a stream looks at `is_renewing`. Raises SoundError.
    """
    _renewal.set()
    try:
        limit = time.monotonic() + RENEWAL_SECONDS
        while not refresh():
            if time.monotonic() > limit:
                return False
            time.sleep(0.02)
        return True
    finally:
        _renewal.clear()


def is_renewing() -> bool:
    """Streams are to be closed now, and opened again afterwards."""
    return _renewal.is_set()


def _able(devices: Sequence[Device], kind: Kind) -> list[Device]:
    """The microphones, or the loudspeakers; those of the best host API first."""
    able = [one for one in devices if _is_able(one, kind)]
    return sorted(able, key=lambda one: HOST_APIS.index(one.host_api) if one.host_api in HOST_APIS else len(HOST_APIS))


def _is_able(device: Device, kind: Kind) -> bool:
    return bool(device.inputs if kind == "input" else device.outputs)


def _numbered() -> list[tuple[int, Device]]:
    package = sounddevice()
    with _alone():
        host_apis = [api["name"] for api in package.query_hostapis()]
        defaults = set(package.default.device)
        return [
            (
                found["index"],
                Device(
                    name=found["name"],
                    host_api=host_apis[found["hostapi"]],
                    inputs=found["max_input_channels"],
                    outputs=found["max_output_channels"],
                    default=found["index"] in defaults,
                ),
            )
            for found in package.query_devices()
        ]


def _close(stream: Stream) -> None:
    package = sounddevice()
    with contextlib.suppress(package.PortAudioError):
        stream.abort()  # What hangs, hangs here: not under the lock, which the other devices need.
    with _portaudio:
        with contextlib.suppress(package.PortAudioError):
            stream.close()
        _streams.discard(id(stream))


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """PortAudio's lists are not made for two threads at once."""
    if not _portaudio.acquire(timeout=LOCK_SECONDS):
        raise SoundError("a sound device hangs while it is opened or closed")
    try:
        yield
    finally:
        _portaudio.release()


def _quiet() -> contextlib.AbstractContextManager[None]:
    """ALSA and JACK write pages about devices that are not there, at every start and every attempt to open."""
    return without_stderr() if sys.platform == "linux" else contextlib.nullcontext()
