"""The recorder: keeps what a microphone hears between the request to start and the request to stop.

It has no thread and no file of its own. Whoever pumps a microphone calls `accept` and thereby does the writing; the
deciding thread only says start and stop. Time is the moment that chunks carry, so a rehearsal, which feeds it from
one thread with a clock that jumps, gets the same recordings each time.
"""

import errno
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Protocol, TypeAlias

from levelup_voice.session import events as ev

from .chunks import FRAME, RATE, Chunk
from .levels import Finding, Level, Meter, Watch, level

Problem: TypeAlias = Literal["no-microphone", "no-sound", "disk-full", "cannot-write"]
"""no-microphone: there was none at the start. no-sound: not one frame came. In the last two, what was written before
the trouble stays on the disk and is reported as saved, with the problem."""

GAP_SECONDS = 0.3
"""Less than this between two chunks is no loss but the jitter of their moments."""

REACH_SECONDS = 10.0
"""How much of what each microphone heard last is remembered, in memory alone: a recording begins when its tone has
been heard, also where a slow disk has held up the decision for so long."""

LINGER_SECONDS = 0.5
"""How long a stop waits for audio still on its way: a microphone with large buffers delivers 0.1 to 0.3 s late, and a
slow disk holds up what was delivered, for as long as it takes."""


class Sink(Protocol):
    """A file being written. Both raise OSError; `finish` is called once, also after a failed write."""

    def write(self, pcm: bytes, /) -> None: ...
    def finish(self) -> object: ...


class Recorder:
    """Device of the runner: each `start` is answered by exactly one RecordingSaved or RecordingFailed.

    Several recordings may run, also from one microphone. `open_writer` gets the file (relative to the session folder)
    and the sample rate; `tap` gets the number and the mono PCM16 of all that is kept, and only queues it; `clock` is
    the one that chunks' moments are on. With `linger` 0, `stop` itself closes a recording: for who feeds
    chunks in time.
    """

    def __init__(
        self,
        report: Callable[[ev.Report], None],
        open_writer: Callable[[str, int], Sink],
        tap: Callable[[int, bytes], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        linger: float = LINGER_SECONDS,
    ) -> None:
        self._report = report
        self._open_writer = open_writer
        self._tap = tap
        self._clock = clock
        self._linger = linger
        self._lock = threading.Lock()
        self._running: dict[int, _Running] = {}
        self._lost: set[ev.Microphone] = set()
        self._levels: dict[ev.Microphone, Level] = {}
        self._heard: dict[ev.Microphone, deque[Chunk]] = {}

    @property
    def levels(self) -> Mapping[ev.Microphone, Level]:
        """The level of the last chunk of each microphone that works: for the meter."""
        with self._lock:
            return dict(self._levels)

    @property
    def is_recording(self) -> bool:
        with self._lock:
            return bool(self._running)

    def start(self, request: ev.RecordingStarted, late: float = 0.0) -> None:
        """Keep what `request.microphone` hears from now on, and what it heard in the `late` seconds before."""
        since = self._clock() - max(0.0, late)
        with self._lock:
            lost = request.microphone in self._lost
            if not lost:
                self._running[request.recording] = _Running(
                    request.recording,
                    request.microphone,
                    since,
                    [chunk for chunk in self._heard.get(request.microphone, ()) if chunk.end > since],
                    lambda: self._open_writer(request.file, request.rate),
                    self._tap,
                )
        if lost:
            self._report(ev.RecordingFailed(request.recording, "no-microphone"))

    def stop(self, recording: int) -> None:
        """Keep what was heard until now, and close the file. Nothing happens for one that does not run."""
        with self._lock:
            running = self._running.get(recording)
        if running is None or running.until is not None:
            return
        running.until = self._clock()
        if self._linger:
            self._wait_for(running)
        else:
            self._end(running)

    def accept(self, chunk: Chunk, microphone: ev.Microphone) -> None:
        """Take what a microphone heard: mono PCM16 at 16 kHz, in the order of its moments. Any thread, one for each."""
        heard = level(chunk.pcm)
        with self._lock:
            self._levels[microphone] = heard
            latest = self._heard.setdefault(microphone, deque())
            latest.append(chunk)
            while latest[0].moment < chunk.end - REACH_SECONDS - chunk.seconds / 2:
                latest.popleft()
            running = [one for one in self._running.values() if one.microphone == microphone]
        for one in running:
            for finding in one.take(chunk):
                self._report(ev.LevelNoticed(one.recording, finding))
            if one.over:
                self._end(one)

    def microphone_lost(self, microphone: ev.Microphone) -> None:
        """It is gone: a recording that runs waits for its return, a new one fails at once."""
        with self._lock:
            self._lost.add(microphone)
            self._levels.pop(microphone, None)
            self._heard.pop(microphone, None)

    def microphone_found(self, microphone: ev.Microphone) -> None:
        """It is there again: what was missed shows as a gap, because chunks carry their moments."""
        with self._lock:
            self._lost.discard(microphone)

    def close(self) -> None:
        """Finish all that runs, and report it."""
        with self._lock:
            running = list(self._running.values())
        for one in running:
            if one.until is None:
                one.until = self._clock()
            self._end(one)

    def _wait_for(self, running: "_Running") -> None:
        """End it once no more audio comes."""
        late = threading.Timer(self._linger, self._end_unless_behind, (running, running.takes))
        late.daemon = True
        late.start()

    def _end_unless_behind(self, running: "_Running", takes: int) -> None:
        with self._lock:
            ended = self._running.get(running.recording) is not running
        if ended:
            return
        if running.is_taking or running.takes > takes:
            self._wait_for(running)
        else:
            self._end(running)

    def _end(self, running: "_Running") -> None:
        with self._lock:
            if self._running.get(running.recording) is not running:
                return
            del self._running[running.recording]
        self._report(running.finish())


class _Running:
    """One recording under way. `take` and `finish` may come from different threads, hence the lock."""

    def __init__(
        self,
        recording: int,
        microphone: ev.Microphone,
        since: float,
        heard_before: Sequence[Chunk],
        open_sink: Callable[[], Sink],
        tap: Callable[[int, bytes], None],
    ) -> None:
        self.recording = recording
        self.microphone = microphone
        self.until: float | None = None
        self.takes = 0
        """Chunks taken so far."""
        self.is_taking = False
        self._since = since
        self._heard_before = heard_before
        self._heard_until = since
        self._open_sink = open_sink
        self._tap = tap
        self._lock = threading.Lock()
        self._sink: Sink | None = None
        self._problem: Problem | None = None
        self._done = False
        self._frames = 0
        self._gaps: list[tuple[float, float]] = []
        self._meter = Meter()
        self._watch = Watch()

    @property
    def over(self) -> bool:
        """Nothing that comes can still belong to it."""
        return self._problem is not None or (self.until is not None and self._heard_until >= self.until)

    def take(self, chunk: Chunk) -> list[Finding]:
        """Keep what of a chunk belongs to the recording; what is noticed in it for the first time."""
        self.is_taking = True
        with self._lock:
            findings = [found for one in (*self._before(), chunk) for found in self._take(one)]
        self.takes += 1
        self.is_taking = False
        return findings

    def finish(self) -> ev.RecordingSaved | ev.RecordingFailed:
        with self._lock:
            for chunk in self._before():
                self._take(chunk)
            self._done = True
            if self.until is not None:
                self._note_gap(self.until)
            self._close()
            return self._outcome()

    def _before(self) -> Sequence[Chunk]:
        """What was heard before it was begun, once."""
        before, self._heard_before = self._heard_before, ()
        return before

    def _take(self, chunk: Chunk) -> list[Finding]:
        pcm = b"" if self._done else self._part_of(chunk)
        return self._keep(pcm) if pcm and self._problem is None else []

    def _part_of(self, chunk: Chunk) -> bytes:
        """The frames between start and stop. What is missing before them is noted."""
        end = chunk.end if self.until is None else min(chunk.end, self.until)
        self._note_gap(min(chunk.moment, end))
        self._heard_until = max(self._heard_until, chunk.end)
        first = max(0, round((self._since - chunk.moment) * RATE))
        last = max(first, round((end - chunk.moment) * RATE))
        return chunk.pcm[first * FRAME : last * FRAME]

    def _note_gap(self, moment: float) -> None:
        if (missing := moment - self._heard_until) > GAP_SECONDS:
            self._gaps.append((round(self._frames / RATE, 3), round(missing, 3)))
            self._heard_until = moment

    def _keep(self, pcm: bytes) -> list[Finding]:
        try:
            if self._sink is None:
                self._sink = self._open_sink()
            self._sink.write(pcm)
        except OSError as error:
            self._problem = "disk-full" if error.errno == errno.ENOSPC else "cannot-write"
            return []
        self._frames += len(pcm) // FRAME
        self._meter.add(pcm)
        self._tap(self.recording, pcm)
        return self._watch.hear(pcm)

    def _close(self) -> None:
        try:
            if self._sink is not None:
                self._sink.finish()
        except OSError:
            self._problem = self._problem or "cannot-write"

    def _outcome(self) -> ev.RecordingSaved | ev.RecordingFailed:
        if not self._frames:
            return ev.RecordingFailed(self.recording, self._problem or "no-sound")
        total = self._meter.level
        return ev.RecordingSaved(
            recording=self.recording,
            seconds=round(self._frames / RATE, 3),
            peak_dbfs=total.peak_dbfs,
            rms_dbfs=total.rms_dbfs,
            gaps=tuple(self._gaps),
            problem=self._problem or "",
        )
