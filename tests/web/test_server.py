"""The place where pages are served."""

import contextlib
import socket

from levelup_voice.web.server import HOST, bound_socket


def test_each_answer_is_sent_at_once() -> None:
    """asyncio sets TCP_NODELAY only on what is named TCP; else a page waits 40 ms for each answer but the first."""
    with contextlib.closing(bound_socket()) as place:
        assert place.proto == socket.IPPROTO_TCP


def test_the_port_of_last_time_is_taken_where_it_is_free() -> None:
    with contextlib.closing(bound_socket()) as place:
        place.listen()
        port = place.getsockname()[1]
        with contextlib.closing(bound_socket(port)) as other:
            assert other.getsockname() == (HOST, other.getsockname()[1])
            assert other.getsockname()[1] != port
    with contextlib.closing(bound_socket(port)) as again:
        assert again.getsockname()[1] == port
