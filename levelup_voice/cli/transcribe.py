"""`transcribe`: the words of recordings that have none yet, with the best model there is now."""

import contextlib
import json
import sys
from pathlib import Path

import click

from levelup_voice.audio.transcriber import Transcriber
from levelup_voice.clock import LiveInbox
from levelup_voice.errors import SetupError
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.folder import SessionFolder, find_session, open_session, sessions_folder
from levelup_voice.runner import Runner
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.incoming import SetAside, Transcribe
from levelup_voice.session.state import Session

from .moment import now_in
from .resume import repaired
from .silence import Silence
from .wiring import model_for, recogniser_of


def transcribe(words: Catalogue, name: str, folder: Path | None, as_json: bool, again: bool) -> None:
    """Transcribe what has no words; with `again` also what has, the earlier words staying in the journal."""
    path = find_session(folder or sessions_folder(), name)
    found = open_session(path)
    model = model_for(found.session.plan.language)
    if model is None:
        raise SetupError("no speech model", "no_model")
    spoken = load_catalogue(found.session.plan.language)
    with contextlib.closing(SessionFolder(path, spoken, lambda problem: click.echo(problem, err=True))) as store:
        found = store.take_up()
        inbox = LiveInbox(now_in(found))
        transcriber = Transcriber(inbox.put, recogniser_of(model), store.audio)
        with contextlib.closing(transcriber):
            runner = Runner(
                found.session,
                spoken,
                inbox=inbox,
                store=store,
                speaker=Silence(),
                recorder=Silence(),
                transcriber=transcriber,
                show=lambda view: None,
            )
            runner.take(SetAside(found.last_at))
            for report in repaired(found):  # The program may have been killed while the session was closing.
                runner.take(report)
            runner.take(Transcribe(again))
            while any(recording.awaits_transcript for recording in runner.session.recordings):
                runner.step()
    _tell(words, store, found.session, runner.session, as_json)


def _tell(words: Catalogue, store: SessionFolder, before: Session, after: Session, as_json: bool) -> None:
    done = [
        new.number
        for old, new in zip(before.recordings, after.recordings, strict=True)
        if new.transcript is not None and new.transcript is not old.transcript
    ]
    failed = [recording.number for recording in after.recordings if recording.transcription_problem]
    if as_json:
        click.echo(json.dumps({"session": str(store.path.resolve()), "transcribed": done, "failed": failed}))
    else:
        click.echo(words.text("cli.transcribed", count=len(done), failed=len(failed)))
        click.echo(words.text("cli.notes_at", path=store.notes))
    if failed:
        sys.exit(1)
