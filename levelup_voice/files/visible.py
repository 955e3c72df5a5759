"""What people said or wrote, made safe to put in a file that others open: nothing invisible, nothing that acts."""

import unicodedata
from urllib.parse import quote, urlsplit

from levelup_voice.session.document import Audio

_JOINERS = "\u200c\u200d"
"""Scripts and emoji are written with them; they move nothing."""


def visible(text: str) -> str:
    """One line of visible characters: no terminal escapes, no characters that turn a line around, no line ends."""
    if not text.isprintable():  # What is printable has none of them, and is nearly every text.
        text = "".join(character if _is_visible(character) else " " for character in text)
    return " ".join(text.split())


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each as one line. YAML's folded texts, and what a person types, end each with a line
    end; in between there are none."""
    return [line for part in text.splitlines() if (line := visible(part))]


def href(audio: Audio) -> str:
    """A link, relative to the session folder, that begins to play at the right moment, and stops there too."""
    # ".." would be harmless to a browser and still lead out of the folder.
    steps = [quote(step, safe="") for step in audio.file.split("/") if step not in ("", ".", "..")]
    until = "" if audio.end is None else f",{audio.end:.1f}"
    return f"{'/'.join(steps)}#t={audio.start:.1f}{until}"


def safe_url(url: str) -> str:
    """The address if following it can do nothing but open it; empty otherwise."""
    url = visible(url)
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return ""
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]") if scheme in ("http", "https", "mailto") else ""


def _is_visible(character: str) -> bool:
    category = unicodedata.category(character)
    return not category.startswith(("C", "Zl", "Zp")) or character in _JOINERS
