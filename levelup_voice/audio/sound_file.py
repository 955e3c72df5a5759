"""Reading what a speech engine wrote to a file: WAV, or on macOS AIFF whatever the file is called.

The container is told by its first bytes. A reader of our own for AIFF because Python dropped its `aifc` in 3.13 and a
library with a codec for everything is much to carry for forty lines.
"""

import array
import io
import sys
import wave
from dataclasses import dataclass
from pathlib import Path


class SoundFileError(Exception):
    """This is not a sound file, or one of a kind that no speech engine of ours writes."""


@dataclass(frozen=True, slots=True)
class RecordedSound:
    """16 bits, mono, little-endian."""

    rate: int
    pcm: bytes

    @property
    def seconds(self) -> float:
        return len(self.pcm) / 2 / self.rate


def read_sound_file(path: Path) -> RecordedSound:
    """The sound in a WAV or AIFF file of 16 bits; channels are averaged. Raises SoundFileError, OSError."""
    content = path.read_bytes()
    if content[:4] == b"RIFF":
        return _read_wav(content)
    if content[:4] == b"FORM" and content[8:12] in (b"AIFF", b"AIFC"):
        return _read_aiff(content)
    raise SoundFileError(f"neither WAV nor AIFF: {content[:12]!r}")


def _read_wav(content: bytes) -> RecordedSound:
    try:
        with wave.open(io.BytesIO(content)) as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            pcm = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise SoundFileError(f"a damaged WAV file: {error}") from error
    return RecordedSound(rate, _mono(pcm, channels, width * 8, big_endian=False))


def _read_aiff(content: bytes) -> RecordedSound:
    chunks = _chunks(content)
    try:
        common, sound = chunks[b"COMM"], chunks[b"SSND"]
    except KeyError as error:
        raise SoundFileError(f"an AIFF file without its {error} chunk") from error
    if len(common) < 18 or len(sound) < 8:
        raise SoundFileError("an AIFF file with a chunk cut short")
    channels, bits = int.from_bytes(common[0:2], "big"), int.from_bytes(common[6:8], "big")
    coding = common[18:22] or b"NONE"
    if coding not in (b"NONE", b"twos", b"sowt"):
        raise SoundFileError(f"an AIFF file coded as {coding!r}")
    start = 8 + int.from_bytes(sound[0:4], "big")
    pcm = _mono(sound[start:], channels, bits, big_endian=coding != b"sowt")
    return RecordedSound(round(_extended(common[8:18])), pcm)


def _chunks(content: bytes) -> dict[bytes, bytes]:
    """The chunks of an IFF file by name, each padded to an even length there; one cut short holds what is left."""
    found, at = {}, 12
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "big")
        found[content[at : at + 4]] = content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    return found


def _extended(ten: bytes) -> float:
    """An 80-bit floating-point number, as AIFF writes its sample rate."""
    exponent, mantissa = int.from_bytes(ten[:2], "big"), int.from_bytes(ten[2:], "big")
    return float(mantissa) * 2.0 ** (exponent - 16383 - 63)


def _mono(pcm: bytes, channels: int, bits: int, *, big_endian: bool) -> bytes:
    if bits != 16 or channels < 1:
        raise SoundFileError(f"{channels} channels of {bits} bits; expected 16 bits")
    samples = array.array("h", pcm[: len(pcm) // (2 * channels) * (2 * channels)])
    if big_endian == (sys.byteorder == "little"):
        samples.byteswap()
    if channels > 1:
        frames = zip(*(samples[channel::channels] for channel in range(channels)), strict=True)
        samples = array.array("h", (sum(frame) // channels for frame in frames))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()
