"""`python -m models.recipe.shard FOLDER FILE SEED UTTERANCES COPIES`: one shard, in a process that may crash alone."""

import sys
from pathlib import Path

from .corpus import write_shard

if __name__ == "__main__":
    folder, path, *numbers = sys.argv[1:]
    write_shard(Path(folder), Path(path), *(int(number) for number in numbers))
