"""A virtual room for tests: a microphone to speak into and a loudspeaker to listen to, as devices of this machine.

Each device is a PulseAudio daemon of its own with one null sink (on a shared server, losing a device would only move
the stream to the other one) and appears to PortAudio through an ALSA configuration that replaces the system's:
`virtmic` (in), `virtspk` (out), `virtloop` (in: what the loudspeaker plays) and `default` (both). A room may have a
second microphone, `virtother`, on the server of the first: there a stream that loses the one is given the other.
PortAudio reads its configuration when it starts, so the code under test runs in a child process with `environment`.
Needs the packages pulseaudio, pulseaudio-utils and libasound2-plugins; no root, and nothing outside a temporary folder
is touched.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

RATE = 48000

NOISE_DBFS = -70.0
"""A real microphone is never exactly silent; one that is, counts as broken."""

Which: TypeAlias = Literal["mic", "spk"]
Source: TypeAlias = Literal["first", "second"]
"""Of two microphones."""

EAR_SECONDS = 0.01
"""How much an ear asks for at a time, and so how long before its moment a null sink makes each sound: asking for 5 or
20 ms moved every onset by as much."""


class Device:
    """One private PulseAudio daemon with one null sink."""

    def __init__(self, root: Path, name: Which) -> None:
        self.name = name
        self._home = root / name
        self._home.mkdir()
        self.socket = self._home / "s"  # A socket's path has at most 108 bytes.
        (self._home / "client.conf").write_text("autospawn = no\nenable-shm = no\n")
        self.environment = {
            **dict.fromkeys(
                ("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "PULSE_RUNTIME_PATH", "PULSE_STATE_PATH"),
                str(self._home),
            ),
            "PULSE_SERVER": f"unix:{self.socket}",
            "PULSE_COOKIE": str(self._home / "cookie"),
            "PULSE_CLIENTCONFIG": str(self._home / "client.conf"),
        }
        self._daemon: subprocess.Popen[bytes] | None = None

    def start(self, timeout: float = 10.0) -> None:
        self.socket.unlink(missing_ok=True)
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("PULSE_")}
        with (self._home / "log").open("ab") as log:
            self._daemon = subprocess.Popen(
                [
                    *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"),
                    # Before others where the account may have it so, as on any desktop; elsewhere it does without.
                    *("--high-priority=yes", "--realtime=no", "--disable-shm=yes", "--log-target=stderr"),
                    *("-L", f"module-native-protocol-unix socket={self.socket} auth-anonymous=1 auth-cookie-enabled=0"),
                    *("-L", " ".join(["module-null-sink", *_sink(self.name)])),
                ],
                env=inherited | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + timeout
        while not (self.socket.exists() and self._answers()):
            if self._daemon.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError("pulseaudio did not start:\n" + (self._home / "log").read_text())
            time.sleep(0.01)

    def stop(self) -> None:
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon.wait()
            self._daemon = None

    def signal(self, number: signal.Signals) -> None:
        assert self._daemon is not None
        self._daemon.send_signal(number)

    def load(self, module: str, *arguments: str) -> str:
        """Its number."""
        with self.client("pactl", "load-module", module, *arguments) as asked:
            assert asked.stdout is not None
            number = asked.stdout.read().decode().strip()
        assert number, f"{module} was refused"
        return number

    def unload(self, number: str) -> None:
        with self.client("pactl", "unload-module", number) as asked:
            assert asked.wait() == 0

    def client(self, program: str, *arguments: str, stdin: int | None = None) -> subprocess.Popen[bytes]:
        """One of PulseAudio's programs, connected to this device."""
        return subprocess.Popen(
            [program, *arguments],
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL if stdin is None else stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _answers(self) -> bool:
        with self.client("pactl", "info") as asked:
            return asked.wait() == 0


class Noise:
    """Quiet noise on a device until it is stopped or the device goes."""

    def __init__(self, device: Device, sink: str) -> None:
        level = 32768 * 10 ** (NOISE_DBFS / 20)
        self._second = np.random.default_rng(1).normal(0, level, RATE).astype("<i2").tobytes()
        raw = ("--raw", "--format=s16le", f"--rate={RATE}", "--channels=1", "--latency-msec=100")
        self._player = device.client("pacat", f"--device={sink}", *raw, stdin=subprocess.PIPE)
        self._thread = threading.Thread(target=self._feed, name="noise of the room", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._player.kill()
        self._thread.join()
        for pipe in (self._player.stdin, self._player.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._player.wait()

    def _feed(self) -> None:
        assert self._player.stdin is not None
        with contextlib.suppress(OSError):
            while True:
                self._player.stdin.write(self._second)


class Leak:
    """The loudspeaker reaches the microphone, so many dB softer, until it is stopped or a device goes."""

    def __init__(self, loudspeaker: Device, microphone: Device, below: float) -> None:
        raw = ("--raw", "--format=s16le", f"--rate={RATE}", "--channels=1", "--latency-msec=20")
        self._ear = loudspeaker.client("parec", f"--device={loudspeaker.name}.monitor", *raw)
        self._mouth = microphone.client("pacat", f"--device={microphone.name}", *raw, stdin=subprocess.PIPE)
        self._gain = 10 ** (below / 20)
        self._thread = threading.Thread(target=self._carry, name="air between loudspeaker and microphone", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        for program in (self._ear, self._mouth):
            program.kill()
        self._thread.join()
        for pipe in (self._ear.stdout, self._mouth.stdin, self._mouth.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._ear.wait()
        self._mouth.wait()

    def _carry(self) -> None:
        assert self._ear.stdout is not None
        assert self._mouth.stdin is not None
        with contextlib.suppress(OSError):
            while block := self._ear.stdout.read(RATE // 50 * 2):
                loud = np.frombuffer(block[: len(block) // 2 * 2], "<i2")
                if loud.any():  # What a busy computer was late with is made up for in the silence.
                    self._mouth.stdin.write((loud * self._gain).astype("<i2").tobytes())
                    self._mouth.stdin.flush()


class Ear:
    """What a device plays, and when: a recording of it whose first sample has a moment on `time.monotonic`."""

    def __init__(self, device: Device, heard_after: float = 0.0) -> None:
        """`heard_after`: seconds from the moment a sample is there to the moment it counts as heard."""
        raw = ("--raw", "--format=s16le", f"--rate={RATE}", "--channels=1", f"--latency-msec={EAR_SECONDS * 1000:.0f}")
        self._heard_after = heard_after
        self._recorder = device.client("parec", f"--device={device.name}.monitor", *raw)
        self._heard = bytearray()
        self._began_at = float("inf")
        self._thread = threading.Thread(target=self._listen, name="ear", daemon=True)
        self._thread.start()
        while not self._heard:  # Until it hears, if only silence, a sound could be missed.
            if self._recorder.poll() is not None:
                raise RuntimeError("the virtual loudspeaker cannot be heard")
            time.sleep(0.005)

    @property
    def samples(self) -> NDArray[np.int16]:
        """All that was heard so far: mono, 48 kHz."""
        whole = len(self._heard) // 2 * 2
        return np.frombuffer(bytes(self._heard[:whole]), dtype="<i2")

    @property
    def began_at(self) -> float:
        """The moment of the first sample.

        A block arrives late, never early: so the earliest of all blocks, counted back, comes nearest.
        """
        return self._began_at + self._heard_after

    def onsets(self, threshold: int = 300, quiet: float = 0.2) -> list[float]:
        """The moments at which sound began after at least `quiet` seconds below the threshold."""
        loud = np.flatnonzero(np.abs(self.samples.astype(np.int32)) > threshold)
        if not len(loud):
            return []
        first = np.concatenate(([True], np.diff(loud) > quiet * RATE))
        return [self.began_at + float(at) / RATE for at in loud[first]]

    def last_sound(self, threshold: int = 300) -> float:
        """The moment of the last sample above the threshold."""
        loud = np.flatnonzero(np.abs(self.samples.astype(np.int32)) > threshold)
        return self.began_at + float(loud[-1]) / RATE

    def close(self) -> None:
        self._recorder.kill()
        self._thread.join()
        assert self._recorder.stdout is not None
        self._recorder.stdout.close()
        self._recorder.wait()

    def _listen(self) -> None:
        assert self._recorder.stdout is not None
        while block := os.read(self._recorder.stdout.fileno(), 65536):
            arrived_at = time.monotonic()
            self._heard += block
            self._began_at = min(self._began_at, arrived_at - len(self._heard) / 2 / RATE)


class VirtualRoom:
    """The microphone, the loudspeaker and the room between them. Use it as a context manager.

    With `second` there are two microphones on one server, which also says what it does (`pactl`); the second one has a
    loudspeaker of its own, as a headset has.
    """

    def __init__(self, *, second: bool = False) -> None:
        self._second = second

    def __enter__(self) -> "VirtualRoom":
        self.folder = Path(tempfile.mkdtemp(prefix="room-"))
        self._devices: dict[Which, Device] = {}
        self._noises: list[Noise] = []
        self._sources: dict[Source, str] = {}
        try:
            self._devices = {"mic": Device(self.folder, "mic"), "spk": Device(self.folder, "spk")}
            self.plug("mic")
            self.plug("spk")
            if self._second:
                self._devices["mic"].load("module-null-sink", *_sink("other"))
                self._noises.append(Noise(self._devices["mic"], "other"))
                self.bring("first")
                self.bring("second")
            self.environment = self._configure()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for which in self._devices:
            self.unplug(which)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start Python with these arguments, in this room; its input and output are ours to use."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            env={**os.environ, **self.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def say(self, wav: Path, into: Source = "first") -> None:
        """Speak a sound file into the microphone, and wait until it has been said."""
        sink = "mic" if into == "first" else "other"
        with self._devices["mic"].client("paplay", f"--device={sink}", str(wav)) as speaking:
            speaking.wait()

    @contextlib.contextmanager
    def listening(self) -> Iterator[Ear]:
        """An ear at the loudspeaker; what it heard stays readable afterwards."""
        ear = Ear(self._devices["spk"], EAR_SECONDS)
        try:
            yield ear
        finally:
            ear.close()

    @contextlib.contextmanager
    def leaking(self, below: float) -> Iterator[None]:
        """What the loudspeaker plays reaches the microphone, so many dB softer (negative)."""
        leak = Leak(self._devices["spk"], self._devices["mic"], below)
        try:
            yield
        finally:
            leak.stop()

    def unplug(self, which: Which) -> None:
        """Pull the device out: its streams end."""
        self._devices[which].stop()
        while which == "mic" and self._noises:
            self._noises.pop().stop()

    def plug(self, which: Which) -> None:
        """Put it back, under the same name."""
        self._devices[which].start()
        if which == "mic":
            self._noises.append(Noise(self._devices["mic"], "mic"))

    def take(self, source: Source) -> None:
        """Pull out one of two microphones: the server gives its streams something else to hear, without a word."""
        self._devices["mic"].unload(self._sources.pop(source))

    def bring(self, source: Source) -> None:
        """Put it back."""
        master = {"first": "mic", "second": "other"}[source]
        named = (f"source_name={source}", f"master={master}.monitor", "channels=2")
        self._sources[source] = self._devices["mic"].load("module-remap-source", *named)

    def plug_new(self, name: str) -> None:
        """Another device, which was not there when the program started: it leads to the second microphone."""
        with (self.folder / "asound.conf").open("a") as file:
            file.write(f"pcm.{name} {self._other()}\n")

    def _other(self) -> str:
        server = f'type pulse server "unix:{self._devices["mic"].socket}"'
        return f'{{ type asym playback.pcm {{ {server} device "other" }} capture.pcm {{ {server} device "second" }} }}'

    def mute(self, which: Which) -> None:
        """Nothing but exact zeros from now on, as from a wireless microphone that is switched off."""
        self._suspend(which, "1")

    def unmute(self, which: Which) -> None:
        self._suspend(which, "0")

    def _suspend(self, which: Which, muted: str) -> None:
        with self._devices[which].client("pactl", "set-source-mute", f"{which}.monitor", muted) as asked:
            assert asked.wait() == 0

    def freeze(self, which: Which) -> None:
        """Hang the driver: its streams stay open and nothing happens any more."""
        self._devices[which].signal(signal.SIGSTOP)

    def thaw(self, which: Which) -> None:
        self._devices[which].signal(signal.SIGCONT)

    def _configure(self) -> dict[str, str]:
        def pcm(which: Which, source: str) -> str:
            return f'{{ type pulse server "unix:{self._devices[which].socket}" device "{source}" }}'

        loudspeaker, loop = pcm("spk", "spk"), pcm("spk", "spk.monitor")
        microphone = pcm("mic", "first" if self._second else "mic.monitor")
        chosen = f'{{ type pulse server "unix:{self._devices["mic"].socket}" }}' if self._second else microphone
        file = self.folder / "asound.conf"
        file.write_text(
            f"pcm.virtmic {{ type asym capture.pcm {microphone} }}\n"
            + (f"pcm.virtother {self._other()}\n" if self._second else "")
            + f"pcm.virtspk {{ type asym playback.pcm {loudspeaker} }}\n"
            f"pcm.virtloop {{ type asym capture.pcm {loop} }}\n"
            f"pcm.!default {{ type asym playback.pcm {loudspeaker} capture.pcm {chosen} }}\n"
            f'ctl.!default {{ type pulse server "unix:{self._devices["spk"].socket}" }}\n'
        )
        # PULSE_LATENCY_MSEC must stay unset: it makes streams with large blocks silent.
        server = self._devices["mic" if self._second else "spk"].environment
        return {
            "ALSA_CONFIG_PATH": str(file),
            "PULSE_SERVER": server["PULSE_SERVER"],
            "PULSE_CLIENTCONFIG": server["PULSE_CLIENTCONFIG"],
        }


def _sink(name: str) -> tuple[str, ...]:
    # Without norewinds the sink renders up to two seconds ahead.
    return f"sink_name={name}", f"rate={RATE}", "channels=2", "norewinds=1"
