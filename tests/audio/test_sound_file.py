import array
import struct
import sys
import wave
from pathlib import Path

import pytest

from levelup_voice.audio.sound_file import SoundFileError, read_sound_file

SAMPLES = (0, 1, -1, 300, -32768, 32767)


def aiff(samples: tuple[int, ...], *, rate: int = 22050, channels: int = 1, coding: bytes = b"") -> bytes:
    """A sound file as macOS writes it; the rate as the 80-bit number of the format."""
    exponent = rate.bit_length() - 1
    extended = struct.pack(">HQ", 16383 + exponent, rate << (63 - exponent))
    common = struct.pack(">hIh", channels, len(samples) // channels, 16) + extended
    if coding:
        common += coding + b"\0\0"
    pcm = struct.pack((">" if coding != b"sowt" else "<") + f"{len(samples)}h", *samples)
    chunks = b"".join(
        name + struct.pack(">I", len(body)) + body + b"\0" * (len(body) % 2)
        for name, body in ((b"FVER", b"odd"), (b"COMM", common), (b"SSND", bytes(8) + pcm))
    )
    return b"FORM" + struct.pack(">I", len(chunks) + 4) + (b"AIFC" if coding else b"AIFF") + chunks


def samples_of(pcm: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(pcm) // 2}h", pcm)


@pytest.mark.parametrize("coding", [b"", b"NONE", b"twos", b"sowt"])
def test_what_macos_writes_is_read_whatever_the_file_is_called(tmp_path: Path, coding: bytes) -> None:
    file = tmp_path / "speech.wav"
    file.write_bytes(aiff(SAMPLES, coding=coding))
    sound = read_sound_file(file)
    assert (sound.rate, samples_of(sound.pcm)) == (22050, SAMPLES)


def test_wav_is_read_and_two_channels_become_one(tmp_path: Path) -> None:
    file = tmp_path / "speech.aiff"
    stereo = array.array("h", (100, 300, -100, -300))
    if sys.byteorder == "big":
        stereo.byteswap()
    with wave.open(str(file), "wb") as written:
        written.setnchannels(2)
        written.setsampwidth(2)
        written.setframerate(16000)
        written.writeframes(stereo.tobytes())
    sound = read_sound_file(file)
    assert (sound.rate, samples_of(sound.pcm)) == (16000, (200, -200))
    assert sound.seconds == 2 / 16000


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"ID3 music",
        aiff(SAMPLES)[:20],
        aiff(SAMPLES, coding=b"fl32"),
        aiff(SAMPLES).replace(b"COMM", b"XXXX"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "speech.wav"
    file.write_bytes(content)
    with pytest.raises(SoundFileError):
        read_sound_file(file)
