"""The files derived from a session, kept up to date by a thread of their own, so that the session never waits for them.

Nothing in them is needed: the journal is the truth. Trouble with them is told, never raised.
"""

import re
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from levelup_voice.session import events as ev
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.document import Document
from levelup_voice.session.fold import apply
from levelup_voice.session.notes import notes
from levelup_voice.session.prose import sentences
from levelup_voice.session.sentences import Sentences
from levelup_voice.session.state import Recording, Session
from levelup_voice.session.wording_of_notes import listen_word

from .disk import replace_file
from .exports import times_csv, transcript_json, transcript_name
from .notes_html import html
from .notes_markdown import markdown
from .own_files import OwnFiles
from .visible import paragraphs

EVERY = 1.0
"""Seconds from one writing to the next while the session runs: the recorder needs the disk too."""

SHORTEST_TRACE = 3
"""Fewer words in a row than this could be anybody's."""

_BETWEEN = r"(?:<[^>]*>|&#?\w+;|[^\w<])*"
"""Two words: spaces, punctuation, marks and markup."""


class Derived:
    """notes.md, notes.html, notes-to-share.md, times.csv and transcripts/ in the folder of one session.

    `on_problem` is told, in the facilitator's words and on the thread of this class, what went wrong. Thread-safe.
    """

    def __init__(
        self,
        folder: Path,
        words: Catalogue,
        on_problem: Callable[[str], None],
        *,
        every: float = EVERY,
    ) -> None:
        self._folder = folder
        self._words = words
        self._on_problem = on_problem
        self._every = every
        self._files = OwnFiles(folder)
        self._rendered = _Rendered(words)
        self._written: dict[str, bytes] = {}
        self._told = ""

        self._changed = threading.Condition()
        self._session: Session | None = None
        self._forgotten: set[int] = set()
        self._traces: list[str] = []
        """What deleted recordings said: to be found in files that a person changed."""
        self._asked = self._done = self._hurry = 0
        """Writings asked for, done, and not to be waited with."""
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="derived files", daemon=True)
        self._thread.start()

    def refresh(self, session: Session) -> None:
        """The session has changed. Returns at once; only the latest session is written."""
        with self._changed:
            self._session = session
            self._asked += 1
            self._changed.notify_all()

    def forget(self, recording: int) -> None:
        """Every word of a recording goes from these files, now; also if the session known here still has it."""
        with self._changed:
            session = self._session
            self._forgotten.add(recording)
            if session is not None and recording < len(session.recordings):
                self._traces += self._rendered.traces(session.recordings[recording])
            self._asked += 1
            self._hurry = self._asked
            self._changed.notify_all()

    def flush(self) -> None:
        """Returns when everything asked for so far has been written, or has failed and was told."""
        with self._changed:
            self._hurry = wanted = self._asked
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._done >= wanted or not self._thread.is_alive())

    def close(self) -> None:
        """Write the files as they should be and stop. Harmless when done twice."""
        with self._changed:
            self._closing = True
            # Once more: what went wrong before, as on a full disk, may go well now.
            self._asked += 1
            self._changed.notify_all()
        self._thread.join()

    def path(self, name: str) -> Path:
        """Where one of these files is: under another name, where a person changed ours. After `close`."""
        return self._files.path(name)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._asked > self._done or self._closing)
                if self._asked == self._done:
                    return
                session, asked = self._session, self._asked
                forgotten, traces = frozenset(self._forgotten), tuple(self._traces)
            written = False
            try:
                written = session is not None and self._write(_without(session, forgotten), traces)
            finally:
                with self._changed:
                    if written:
                        del self._traces[: len(traces)]
                    self._done = asked
                    self._changed.notify_all()
            with self._changed:
                self._changed.wait_for(lambda: self._done < self._hurry or self._closing, timeout=self._every)

    def _write(self, session: Session, traces: tuple[str, ...]) -> bool:
        """Whether it all went well."""
        try:
            for recording in session.recordings:
                if recording.deleted:
                    self._files.remove(transcript_name(recording))
            contents = self._rendered.files(session)
            changed = {name: data for name, data in contents.items() if self._written.get(name) != data}
            found_changed = self._files.put(changed)
            self._told = ""
            for kept in found_changed:
                self._tell("notes.problem_kept", file=kept.file, fresh=kept.fresh)
            self._written = contents
            if traces:
                self._erase(traces)
        except OSError as error:
            self._tell("notes.problem_write", reason=error.strerror or type(error).__name__)
            return False
        return True

    def _erase(self, traces: tuple[str, ...]) -> None:
        """Consent outranks a person's own version of the notes: what was deleted goes from it as far as it is found."""
        gap = self._words.text("notes.gap")
        for file in self._files.kept():
            text = file.read_bytes().decode(errors="surrogateescape")
            erased = text
            for trace in traces:
                erased = re.sub(trace, lambda _: gap, erased, flags=re.IGNORECASE)
            if erased != text:
                replace_file(file, erased.encode(errors="surrogateescape"))
            self._tell("notes.problem_words_kept", file=file.name)

    def _tell(self, key: str, **values: object) -> None:
        """Not the same again and again: a full disk stays full."""
        problem = self._words.text(key, **values)
        if problem != self._told:
            self._told = problem
            self._on_problem(problem)


class _Rendered:
    """The contents of all files; what has not changed since the last time is not written out again."""

    def __init__(self, words: Catalogue) -> None:
        self._words = words
        self._sentences = Sentences(words)
        self._documents: dict[str, tuple[Document, bytes]] = {}
        self._transcripts: dict[int, tuple[Recording, bytes]] = {}

    def files(self, session: Session) -> dict[str, bytes]:
        """By name, relative to the session folder."""
        full = notes(session, self._words, sentences=self._sentences)
        shared = notes(session, self._words, shared=True, sentences=self._sentences)
        return {
            "notes.md": self._document("notes.md", full, markdown),
            "notes.html": self._document("notes.html", full, html),
            "notes-to-share.md": self._document("notes-to-share.md", shared, markdown),
            "times.csv": times_csv(session).encode(),
            **{transcript_name(one): self._transcript(one) for one in session.recordings if one.transcript is not None},
        }

    def traces(self, recording: Recording) -> list[str]:
        """Patterns that find what was said in any of the files, however it was set and marked."""
        said, places = paragraphs(recording.correction or ""), list[str]()
        if recording.transcript is not None:
            for sentence in sentences(recording.transcript, self._sentences.spelling):
                said.append(" ".join(word.text for word in sentence.words))
                said.append(" ".join(word.text for word in sentence.words if not word.doubtful))
                places += [re.escape(listen_word(self._words, word)) for word in sentence.words if word.doubtful]
        words = [re.findall(r"\w+", text) for text in said]
        return [_BETWEEN.join(each) for each in words if len(each) >= SHORTEST_TRACE] + places

    def _document(self, name: str, document: Document, render: Callable[[Document], str]) -> bytes:
        before = self._documents.get(name)
        if before is None or before[0] != document:
            self._documents[name] = before = document, render(document).encode()
        return before[1]

    def _transcript(self, recording: Recording) -> bytes:
        before = self._transcripts.get(recording.number)
        if before is None or before[0] != recording:
            self._transcripts[recording.number] = before = recording, transcript_json(recording).encode()
        return before[1]


def _without(session: Session, recordings: Iterable[int]) -> Session:
    """The session after the deletion of these recordings, whether it knows of it already or not."""
    for number in recordings:
        if number < len(session.recordings):
            session = apply(session, ev.Entry(0.0, ev.RecordingDeleted(number)))
    return session
