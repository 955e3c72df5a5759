"""The commands: each module wires its own world together and decides nothing."""
