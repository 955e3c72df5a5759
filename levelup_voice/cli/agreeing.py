"""A question at the terminal that is answered with yes or no, in the facilitator's language."""

import click

from levelup_voice.session.catalogue import Catalogue


def agreed(words: Catalogue, question: str, *, default: bool) -> bool:
    """Asks until the answer is one, by its letter or its word; Enter gives the default. English is understood too."""
    yes, no = words.text("keys.letter.confirm"), words.text("keys.letter.decline")
    offered = f"{yes.upper()}/{no}" if default else f"{yes}/{no.upper()}"
    meant = {"": default, "y": True, "yes": True, "n": False, "no": False, yes: True, no: False}
    meant |= {words.text("command.Confirm"): True, words.text("command.Decline"): False}
    while True:
        answer = click.prompt(f"{question} [{offered}]", default="", show_default=False, err=True).strip().casefold()
        if answer in meant:
            return meant[answer]
