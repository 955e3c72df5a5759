"""Plans to test with: a small one with every kind of item, one whose blocks speak, and the one we ship."""

from dataclasses import replace

from levelup_voice.files.content import load_plan
from levelup_voice.session.plan import (
    Block,
    Card,
    Closing,
    Cue,
    Discussion,
    GroupQuestion,
    Harvest,
    Link,
    Places,
    Question,
    SessionPlan,
    Shown,
    Statement,
)

QUESTIONS = (
    GroupQuestion(id="q1", text="Wat gaat goed?"),
    GroupQuestion(id="q2", text="Wat kan beter?"),
    GroupQuestion(id="q3", text="Wie doet mee?"),
    GroupQuestion(id="q4", text="Wat is de eerste stap?"),
    GroupQuestion(id="q5", text="…", open=True),
)

SMALL = SessionPlan(
    id="klein",
    title="Samen sterk",
    language="nl",
    participants=26,
    places=Places(agree="de ramen", disagree="de deur"),
    blocks=(
        Block(
            id="begin",
            title="Begin",
            duration=900.0,
            items=(
                Card(id="welkom", seconds=60.0, spoken="Welkom. Mogen we straks opnemen?", asks_consent=True),
                Question(id="open", seconds=120.0, spoken="Waar denk jij aan?", summary=50.0),
                Card(
                    id="uitleg",
                    seconds=90.0,
                    shown=Shown(title="Uitleg", links=(Link(title="Meer", url="https://example.org"),)),
                    optional=True,
                ),
            ),
        ),
        Block(
            id="gesprek",
            title="In gesprek",
            duration=1200.0,
            items=(
                Statement(id="s1", text="Ouders weten het beter."),
                Statement(id="s2", text="School begint thuis.", think=8.0, walk=20.0),
                Discussion(id="praten", questions=QUESTIONS, talk=360.0, spoken="Praat met elkaar."),
                Harvest(id="oogst", discussion="praten", spoken="We gaan oogsten."),
            ),
        ),
        Block(
            id="einde",
            title="Einde",
            duration=300.0,
            minimum=180.0,
            items=(
                Card(id="werkt", seconds=60.0, spoken="Dit werkt."),
                Question(id="mee", seconds=90.0, spoken="Wat neem je mee?", summary=60.0),
                Closing(id="dank", seconds=30.0, spoken="Dank jullie wel."),
            ),
        ),
    ),
)
"""Every kind of item. 26 people make seven groups."""

ALOUD = replace(
    SMALL,
    id="hardop",
    blocks=tuple(replace(block, cue_style="spoken") for block in SMALL.blocks),
)
"""The same, with the cues of the blocks spoken too."""

OWN_CUES = SessionPlan(
    id="eigen",
    title="Eigen tijdseinen",
    language="nl",
    blocks=(
        Block(
            id="een",
            title="Een",
            duration=600.0,
            items=(
                Card(id="a", seconds=500.0, spoken="Dit is a."),
                Question(id="b", seconds=100.0, spoken="Wat is b?", summary=400.0),
            ),
            cues=(
                Cue(remaining=200.0, text="Nog even.", style="spoken"),
                Cue(remaining=90.0, style="screen"),
                Cue(remaining=45.0, style="spoken"),
            ),
        ),
        Block(id="twee", title="Twee", duration=120.0, items=(Closing(id="c", seconds=60.0),), cue_style="none"),
    ),
)
"""Cues of its own: in their own words, on the screen, in seconds; and a block without any."""

LEVEL_UP = load_plan("level-up")
"""The session that the program comes with."""
