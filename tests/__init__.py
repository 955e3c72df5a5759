import signal

# A shell lets what it starts in the background ignore Ctrl+C, and whatever that starts as well: the programs that are
# tested are to heed it.
signal.signal(signal.SIGINT, signal.default_int_handler)
