"""Everything that can stop a session from starting, or a journal from being read.

LevelupError
├── ContentError    a file under content/ (or somebody's own session) says something we cannot run
├── SetupError      this computer is not ready: a voice, a device, a model or a folder is missing
├── JournalError    a journal is damaged beyond its last line
└── DiskError       the journal cannot be written: nothing is safe from now on, so nothing goes on

Trouble *during* a session is not an exception: a device reports it as an event (`SpeechFailed`,
`RecordingFailed`, …) and the session goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class LevelupError(Exception):
    """Base of all errors we raise on purpose; the command line prints its message, without a traceback."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file that a person wrote."""

    file: str
    line: int
    """Counted from 1; 0 when the problem has no line."""
    place: str
    """Where in the document: `blocks[1].items[3].seconds`."""
    expected: str
    found: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.place}: expected {self.expected}, found {self.found}"


MOST_PROBLEMS = 100
"""That are told of one file; whoever has mended those will see the others."""


class ContentError(LevelupError):
    """Everything that is wrong in the files of one session, all at once; of very much, the first part."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems[:MOST_PROBLEMS])
        if len(problems) > MOST_PROBLEMS:
            last = problems[MOST_PROBLEMS]
            self.problems += (Problem(last.file, last.line, "the file", f"at most {MOST_PROBLEMS} mistakes", "more"),)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SetupError(LevelupError):
    """Something this computer needs is missing, or somebody named something that is not there.

    The command line says it in the facilitator's own language where the catalogue has a sentence `setup.<key>`, filled
    in with `values`; the message is for everybody else.
    """

    def __init__(self, message: str, key: str = "", **values: object) -> None:
        super().__init__(message)
        self.key = key
        self.values = values


class JournalError(LevelupError):
    """A journal line other than a torn last one cannot be read."""


class DiskError(LevelupError):
    """What happens can no longer be written down. All that was written before is safe."""

    def __init__(self, path: object, problem: str) -> None:
        super().__init__(f"{path} cannot be written: {problem}")
        self.path = path
        self.problem = problem
