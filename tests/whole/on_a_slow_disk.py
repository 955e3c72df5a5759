"""The program on a disk that takes three seconds to note that a recording has begun, for two syncs of that recording,
and for one of the journal beside it."""

from contextlib import ExitStack

from levelup_voice.__main__ import main
from levelup_voice.files.disk import watched_by
from tests.slow_disk import SlowDisk

if __name__ == "__main__":
    with ExitStack() as slow:
        slow.enter_context(watched_by(SlowDisk("journal.jsonl", 3.0, 1, written=b'"RecordingStarted"')))
        slow.enter_context(watched_by(SlowDisk(".part", 3.0, 2)))
        slow.enter_context(watched_by(SlowDisk("journal.jsonl", 3.0, 1, after=".part")))
        main()
