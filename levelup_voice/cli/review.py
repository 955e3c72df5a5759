"""The sessions on this computer, for the review: read as they are, written by one program at a time."""

import contextlib
import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click
import platformdirs

from levelup_voice.clock import LiveInbox
from levelup_voice.errors import LevelupError, SetupError
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.export import export
from levelup_voice.files.folder import Found, SessionFolder, find_sessions, inside, open_session
from levelup_voice.files.peaks import peaks
from levelup_voice.runner import Runner
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.incoming import Review, SetAside
from levelup_voice.session.state import Session
from levelup_voice.web.review import Listed, ReviewSite, Stale

from .browsing import open_address, read_kept, write_kept
from .moment import now_in
from .silence import Silence

KEPT = ".review.json"


def review(words: Catalogue, parent: Path, path: Path | None, browser: bool) -> None:
    """Serve the review until somebody stops it, one session or the list of all first."""
    shelf = Shelf(parent, lambda problem: click.echo(words.text("cli.files_problem", problem=problem), err=True))
    with contextlib.closing(shelf), contextlib.closing(open_review(words, shelf)) as site:
        address = site.address(shelf.id_of(path) if path is not None else "")
        click.echo(words.text("cli.review_at", address=address))
        if browser:
            open_address(address)
        if path is not None:
            shelf.session(shelf.id_of(path))  # Read while the browser starts.
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


def open_review(words: Catalogue, shelf: "Shelf") -> ReviewSite:
    """The pages, at the address of last time where that is free: what is open in a browser finds them again."""
    kept = Path(platformdirs.user_cache_dir("levelup-voice", appauthor=False)) / KEPT
    port, tokens = read_kept(kept)
    site = ReviewSite(shelf, words, tokens=tokens, port=port)
    write_kept(kept, port, site.port, site.tokens)
    return site


class Shelf:
    """The `Library` of the review. A session's lock is taken at the first change, and kept until `close`."""

    def __init__(self, parent: Path, on_problem: Callable[[str], None]) -> None:
        self._parent = parent
        self._on_problem = on_problem
        self._lock = threading.RLock()
        self._read: dict[Path, tuple[tuple[int, int], Found]] = {}
        self._runners: dict[Path, tuple[SessionFolder, Runner]] = {}

    def id_of(self, path: Path) -> str:
        return hashlib.sha256(path.name.encode()).hexdigest()[:16]

    def listed(self) -> list[Listed]:
        with self._lock:
            return [self._listed(path) for path in find_sessions(self._parent)]

    def session(self, session_id: str) -> Session | None:
        with self._lock:
            path = self._path(session_id)
            return None if path is None else self._readable(path)

    def change(self, session_id: str, asked: Sequence[Review], versions: Mapping[int, int]) -> Session:
        with self._lock:
            path = self._path(session_id)
            if path is None:
                raise SetupError(session_id)
            runner = self._runner(path)
            recordings = runner.session.recordings
            if any(len(recordings[number].corrections) != version for number, version in versions.items()):
                raise Stale(runner.session)
            for one in asked:
                runner.take(one)
            return runner.session

    def audio(self, session_id: str, recording: int) -> Path | None:
        with self._lock:
            path, session = self._path(session_id), self.session(session_id)
            if path is None or session is None or session.recordings[recording].saved is None:
                return None
            file = inside(path, session.recordings[recording].request.file)
            return file if file.is_file() else None

    def peaks(self, session_id: str, recording: int) -> Sequence[int]:
        path, session, file = self._path(session_id), self.session(session_id), self.audio(session_id, recording)
        if path is None or session is None or file is None:
            return []
        try:
            return peaks(path, file.relative_to(path).as_posix(), session.recordings[recording].seconds)
        except FileNotFoundError:  # It was deleted just now.
            return []

    def catalogue(self, session: Session) -> Catalogue:
        return load_catalogue(session.plan.language)

    def export(self, session: Session, form: str) -> bytes:
        return export(session, self.catalogue(session), form)

    def close(self) -> None:
        with self._lock:
            for store, _ in self._runners.values():
                store.close()
            self._runners.clear()

    def _listed(self, path: Path) -> Listed:
        return Listed(self.id_of(path), path.name, self._readable(path))

    def _readable(self, path: Path) -> Session | None:
        """None: its journal cannot be read, or is in a language that we have no words for."""
        try:
            session = self._session(path)
            self.catalogue(session)
        except (LevelupError, OSError):
            return None
        return session

    def _path(self, session_id: str) -> Path | None:
        return next((path for path in find_sessions(self._parent) if self.id_of(path) == session_id), None)

    def _session(self, path: Path) -> Session:
        if path in self._runners:
            return self._runners[path][1].session
        return self._found(path).session

    def _found(self, path: Path) -> Found:
        """Read anew only when its journal has changed."""
        stat = (path / "journal.jsonl").stat()
        state = (stat.st_size, stat.st_mtime_ns)
        if path not in self._read or self._read[path][0] != state:
            self._read[path] = state, open_session(path)
        return self._read[path][1]

    def _runner(self, path: Path) -> Runner:
        if path not in self._runners:
            spoken = load_catalogue(self._found(path).session.plan.language)
            store = SessionFolder(path, spoken, self._on_problem)
            try:
                runner = _taken_up(store, spoken)
            except LevelupError:
                store.close()
                raise
            self._runners[path] = store, runner
        return self._runners[path][1]


def _taken_up(store: SessionFolder, spoken: Catalogue) -> Runner:
    found = store.take_up()
    runner = Runner(
        found.session,
        spoken,
        inbox=LiveInbox(now_in(found)),
        store=store,
        speaker=Silence(),
        recorder=Silence(),
        transcriber=Silence(),
        show=lambda view: None,
    )
    runner.take(SetAside(found.last_at))
    return runner
