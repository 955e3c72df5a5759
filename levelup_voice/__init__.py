"""A voice that leads a group session: reads aloud, keeps time, records and transcribes, takes notes. Runs offline.

People command, the clock ticks, devices report: all of it comes in by one door, the *inbox*.
`decide(session, incoming, now, words)` answers with *events*, facts in the past tense, and does nothing else.
The runner stamps each event with the one clock and appends it to the *journal*, the only truth.
The *session* is what the journal adds up to (`apply`, folded); notes, view and what may be asked for are functions
of it. Events that ask for something (`SpeechRequested`, `RecordingStarted`, …) are carried out by a *device*, which
answers with exactly one report.

     people speak, press a key, click         the clock
                    │ Command                     │ Tick
                    ▼                             ▼
                 ┌───────────────────────────────────┐
                 │               inbox               │ ◄──────────── reports ──────────────┐
                 └─────────────────┬─────────────────┘   SpeechFinished, RecordingSaved,   │
                                   ▼                     TranscriptReady, …Failed          │
                 ┌───────────────────────────────────┐                                     │
                 │        decide     the rules       │ ◄───────── session ────────┐        │
                 └─────────────────┬─────────────────┘                            │        │
                                   │ events, stamped by the one clock             │        │
                                   ▼                                              │        │
                 ┌───────────────────────────────────┐                     ┌──────┴─────┐  │
                 │        journal    the truth       │ ──────────────────► │   apply    │  │
                 └─────────────────┬─────────────────┘                     └──────┬─────┘  │
                                   │ requests                                     ▼        │
                                   ▼                                 functions of the session:
                 ┌───────────────────────────────────┐               notes ─► the session folder
                 │ speaker   recorder   transcriber  │               view  ─► terminal, pages
                 └─────────────────┬─────────────────┘                                     │
                                   └──────────── every end is reported ────────────────────┘

The rooms:

    session/     the meeting itself: pure rules; no input or output, reads no clock
    audio/       ears and mouth; the only place that knows sounddevice, vosk and pyttsx3
    files/       memory: content, journal, session folder, WAV, notes as files
    rehearsal/   a simulated room, and a clock that jumps
    terminal/    keys and screen
    web/         pages: the screen for the room, the remote, the review
    clock.py     the one clock, and the inbox of a live session
    runner.py    the loop; the protocols of the devices
    cli/         the commands; wires everything, decides nothing
    errors.py    what can stop a session from starting

What to listen for is a function of the session as well (`session.listening`): after each step the listener is told
which commands make sense now, and puts the ones it hears in the inbox. Which microphone and which loudspeaker are used
is chosen like anything else (`DeviceChosen`, by name); what there is to choose from is reported.

Two functions to know: `session.decide.decide` (all the rules) and `session.fold.apply` (no rules). Resuming after a
crash is: read the journal, fold it, send in `Resume`.
"""

__version__ = "0.1.0"
