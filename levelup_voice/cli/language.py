"""Which language the command line speaks: the facilitator's, whatever the language of the session."""

import locale
import os
import sys

from levelup_voice.files.catalogue import languages, load_catalogue
from levelup_voice.session.catalogue import Catalogue

FIRST = "nl"
"""Dutch first: the program's own language where nothing tells another."""


def interface_words() -> Catalogue:
    """The catalogue of $LEVELUP_VOICE_LANGUAGE, else of the computer's language, else Dutch."""
    asked = os.environ.get("LEVELUP_VOICE_LANGUAGE", "")
    described = asked or os.environ.get("LC_ALL") or os.environ.get("LANG") or _of_the_system()
    language = described[:2].lower()
    return load_catalogue(language if language in languages() else FIRST)


def _of_the_system() -> str:
    """Where no variable tells it; elsewhere Python would make one up."""
    return locale.getlocale()[0] or "" if sys.platform in ("win32", "darwin") else ""
