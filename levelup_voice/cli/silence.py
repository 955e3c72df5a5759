"""Devices of a session that nobody holds any more: nothing is said, recorded or transcribed."""

from levelup_voice.session import events as ev


class Silence:
    """Stands in the place of each device that is not needed."""

    def speak(self, request: ev.SpeechRequested) -> None:
        pass

    def drop(self, utterance: int) -> None:
        pass

    def start(self, request: ev.RecordingStarted, late: float = 0.0) -> None:
        pass

    def stop(self, recording: int = 0) -> None:
        pass

    def begin(self, recording: int) -> None:
        pass

    def transcribe(self, recording: int) -> None:
        pass

    def forget(self, recording: int) -> None:
        pass
