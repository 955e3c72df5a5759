"""Whoever stops the program half-way is told how to go on."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from levelup_voice.session.catalogue import Catalogue


@contextlib.contextmanager
def resumable(words: Catalogue, path: Path) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        click.echo(words.text("cli.stopped", path=path), err=True)
        sys.exit(130)
