"""`python -m models.recipe.listening MODEL < SOUND`: takes down what it hears (16 kHz, mono, 16 bits), and prints how
many megabytes the process held at most: the model and what vosk needs, and nothing of ours."""

import sys
from pathlib import Path

import vosk

RATE = 16000
"""As in sound.py, whose libraries would be counted too."""

if __name__ == "__main__":
    vosk.SetLogLevel(-1)
    recogniser = vosk.KaldiRecognizer(vosk.Model(model_path=sys.argv[1]), RATE)
    while piece := sys.stdin.buffer.read(RATE // 5):
        recogniser.AcceptWaveform(piece)
    recogniser.FinalResult()
    status = Path("/proc/self/status").read_text().split()
    sys.stdout.write(f"{int(status[status.index('VmHWM:') + 1]) * 1024 / 1e6:.1f}\n")
