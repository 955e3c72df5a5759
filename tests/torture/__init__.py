"""Torture: the program is killed, starved and lied to, and must lose nothing. The long form is `make torture`."""
