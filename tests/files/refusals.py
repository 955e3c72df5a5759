"""What is refused is refused in words: in every language, with all its places filled in."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from levelup_voice.errors import SetupError
from levelup_voice.files.catalogue import languages, load_catalogue


@contextmanager
def refused(key: str) -> Iterator[pytest.ExceptionInfo[SetupError]]:
    """What is in this block ends with the SetupError that is said with `setup.<key>`."""
    with pytest.raises(SetupError) as caught:
        yield caught
    assert caught.value.key == key, caught.value
    for language in languages():
        assert load_catalogue(language).text(f"setup.{key}", **caught.value.values)
