"""Hostile input for whatever the program reads: inputs that grow where they reach code that none reached before.

    parsers.py    what is read, by which part of the program, and what must hold of whatever comes of it
    sessions.py   the same for journals, pages.py for requests
    bounds.py     what no input may cause: more than its share of time or memory, a step outside its folder, a program
    mutation.py   inputs as trees, changed without losing their form
    guided.py     one parser under atheris (libFuzzer), in a process of its own
    hunt.py       that for a while, and what was learnt is kept
    interfaces.py schemathesis against the pages, over real HTTP
    corpus.py     in corpus/ as few inputs as reach all that was reached; in failed/, by name, those that once failed
    replay.py     all that is kept, tried again: the quick form, for every day

atheris, because it puts its counters in the bytecode of Python 3.11 to 3.13: on the computer where this was decided
inputs took 1.4 to 2.7 times as long with it, and 3 to 7 times with `sys.settrace`; `sys.monitoring` is not in Python
3.11. It is in a dependency group of its own, `torture`: only guided.py needs it.
"""
