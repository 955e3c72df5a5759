"""What comes from elsewhere stays in the folder it is put in, and traps are refused before anything is written."""

import os
import stat
import struct
import zipfile
from pathlib import Path
from random import Random

import pytest

from levelup_voice.files.archive import Limits, bring

from .refusals import refused

MODEL = {"am/final.mdl": b"numbers" * 1000, "conf/model.conf": b"--beam=10\n", "graph/words.txt": b"<eps> 0\n"}


def zipped(path: Path, files: dict[str, bytes], top: str = "", method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(f"{top}{name}", content)
    return path


def with_entry(path: Path, name: str, mode: int = stat.S_IFREG | 0o644, content: bytes = b"x") -> Path:
    """A model with one entry more, whose name is written as it is."""
    zipped(path, MODEL)
    entry = zipfile.ZipInfo("placeholder")
    entry.filename = entry.orig_filename = name
    entry.external_attr = mode << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(entry, content)
    return path


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def brought(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def everything(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


@pytest.mark.parametrize("top", ["", "vosk-model-small-nl-0.22/"])
def test_a_zip_is_unpacked_without_the_folder_around_it(tmp_path: Path, top: str) -> None:
    name = bring(zipped(tmp_path / "vosk-model-small-nl-0.22.zip", MODEL, top), tmp_path / "new")
    assert name == "vosk-model-small-nl-0.22"
    assert brought(tmp_path / "new") == MODEL


@pytest.mark.parametrize("top", ["", "vosk-model-small-nl-0.22"])
def test_a_folder_is_copied_without_the_folder_around_it(tmp_path: Path, top: str) -> None:
    written(tmp_path / "vosk-model-small-nl-0.22" / top, MODEL)
    assert bring(tmp_path / "vosk-model-small-nl-0.22", tmp_path / "new") == "vosk-model-small-nl-0.22"
    assert brought(tmp_path / "new") == MODEL


def test_only_one_folder_around_it_is_taken_away(tmp_path: Path) -> None:
    bring(zipped(tmp_path / "model.zip", MODEL, "outer/inner/"), tmp_path / "new")
    assert set(brought(tmp_path / "new")) == {f"inner/{name}" for name in MODEL}


def test_what_a_computer_left_in_a_folder_stays_behind(tmp_path: Path) -> None:
    litter = {"__MACOSX/model/._am": b"", "._model": b"", ".DS_Store": b"", "model/graph/._words.txt": b""}
    model = {f"model/{name}": content for name, content in MODEL.items()}
    assert bring(zipped(tmp_path / "a.zip", model | litter), tmp_path / "zip") == "model"
    assert bring(written(tmp_path / "folder", model | litter), tmp_path / "new") == "model"
    assert brought(tmp_path / "zip") == brought(tmp_path / "new") == MODEL


def test_files_get_no_rights_from_where_they_come(tmp_path: Path) -> None:
    bring(with_entry(tmp_path / "a.zip", "run.sh", stat.S_IFREG | stat.S_ISUID | 0o777), tmp_path / "new")
    assert not (tmp_path / "new" / "run.sh").stat().st_mode & (stat.S_ISUID | stat.S_IXUSR)


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "am/../../evil",
        "/evil",
        "//server/share/evil",
        "C:/evil",
        "am/C:evil",
        "..\\evil",
        "am\\..\\..\\evil",
        "am/./evil",
        "am//evil",
        "am/evil\nname",
        "am/evil\0.mdl",
        "am/\u202elive",
        "am/evil.",
        "..",
        "../evil/",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    source = with_entry(tmp_path / "a.zip", name)
    (tmp_path / "deep").mkdir()
    before = everything(tmp_path)
    with refused("archive_refused.name"):
        bring(source, tmp_path / "deep" / "new")
    assert everything(tmp_path) == before


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_only_plain_files_come_out_of_a_zip(tmp_path: Path, kind: int) -> None:
    source = with_entry(tmp_path / "a.zip", "am/link", kind | 0o777, b"/etc/passwd")
    with refused("archive_refused.kind"):
        bring(source, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(os.name == "nt", reason="links and pipes are made otherwise there")
@pytest.mark.parametrize("target", ["/etc/passwd", "/etc", "am/final.mdl", "am", ""])
def test_only_plain_files_come_out_of_a_folder(tmp_path: Path, target: str) -> None:
    source = written(tmp_path / "model", MODEL)
    if target:
        (source / "graph" / "link").symlink_to(target)
    else:
        os.mkfifo(source / "graph" / "pipe")
    with refused("archive_refused.kind"):
        bring(source, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_zip_that_grows_beyond_measure_is_refused(tmp_path: Path) -> None:
    source = zipped(tmp_path / "bomb.zip", {**MODEL, "am/zeros": bytes(20_000_000)})
    assert source.stat().st_size < 50_000
    with refused("archive_refused.size"):
        bring(source, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_zip_whose_entries_share_their_bytes_is_refused(tmp_path: Path) -> None:
    """Many names for one large file: the zip is small, and what comes out is not."""
    source = zipped(tmp_path / "bomb.zip", {"a": os.urandom(1000) * 20})
    with zipfile.ZipFile(source, "a") as archive:
        (first,) = archive.infolist()
        for number in range(200):
            again = zipfile.ZipInfo(f"am/{number}")
            again.header_offset, again.CRC, again.compress_type = first.header_offset, first.CRC, first.compress_type
            again.compress_size, again.file_size = first.compress_size, first.file_size
            archive.filelist.append(again)
            archive.NameToInfo[again.filename] = again
        archive._didModify = True  # type: ignore[attr-defined]
    with refused("archive_refused.size"):
        bring(source, tmp_path / "new")


@pytest.mark.parametrize("said", [5_000, 70_000])
def test_a_zip_that_lies_about_a_size_is_refused(tmp_path: Path, said: int) -> None:
    """In both places where it says so."""
    source = zipped(tmp_path / "liar.zip", {"am/noise": Random(3).randbytes(60_001), **MODEL})
    size, lie = struct.pack("<I", 60_001), struct.pack("<I", said)
    content = source.read_bytes()
    assert content.count(size) == 2
    source.write_bytes(content.replace(size, lie))
    with refused("archive_broken"):
        bring(source, tmp_path / "new")
    assert sum(len(content) for content in brought(tmp_path / "new").values()) <= 60_001


@pytest.mark.parametrize("as_zip", [True, False])
def test_too_many_files_are_refused(tmp_path: Path, as_zip: bool) -> None:
    files = {f"am/{number}": b"x" for number in range(30)}
    source = zipped(tmp_path / "a.zip", files) if as_zip else written(tmp_path / "model", files)
    with refused("archive_refused.count"):
        bring(source, tmp_path / "new", Limits(files=29))
    assert not (tmp_path / "new").exists()
    bring(source, tmp_path / "new", Limits(files=30))


@pytest.mark.parametrize("as_zip", [True, False])
def test_too_much_is_refused(tmp_path: Path, as_zip: bool) -> None:
    source = zipped(tmp_path / "a.zip", MODEL) if as_zip else written(tmp_path / "model", MODEL)
    total = sum(map(len, MODEL.values()))
    with refused("archive_refused.size"):
        bring(source, tmp_path / "new", Limits(bytes=total - 1, ratio=1000))
    bring(source, tmp_path / "new", Limits(bytes=total, ratio=1000))


def test_what_would_fill_the_disk_is_refused(tmp_path: Path) -> None:
    with refused("no_room"):
        bring(zipped(tmp_path / "a.zip", MODEL), tmp_path / "new", Limits(reserve=10**18))
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("again", ["am/final.mdl", "AM/Final.MDL"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(tmp_path: Path, again: str) -> None:
    """Also where only some file systems take them for one."""
    with refused("archive_refused.twice"):
        bring(with_entry(tmp_path / "a.zip", again), tmp_path / "new")


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_that_is_packed_in_an_unusual_way_is_refused_unopened(tmp_path: Path, method: int) -> None:
    """Such a file may ask for gigabytes of memory before it gives a byte."""
    with refused("archive_refused.method"):
        bring(zipped(tmp_path / "model.zip", MODEL, method=method), tmp_path / "in")
    assert not (tmp_path / "in").exists()


@pytest.mark.parametrize("name", ["\x1b[2J\x1b]0;x\x07.mdl", "x\t" * 2500], ids=["escapes", "long"])
def test_what_a_zip_calls_its_files_is_told_visibly_and_in_short(tmp_path: Path, name: str) -> None:
    with refused("archive_refused.name") as caught:
        bring(with_entry(tmp_path / "model.zip", name), tmp_path / "in")
    assert caught.value.values["entry"].isprintable()  # type: ignore[attr-defined]
    assert len(str(caught.value.values["entry"])) <= 100


def test_a_locked_zip_is_refused(tmp_path: Path) -> None:
    source = zipped(tmp_path / "a.zip", {"am/final.mdl": b"x"}, method=zipfile.ZIP_STORED)
    content = bytearray(source.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    source.write_bytes(content)
    with refused("archive_refused.locked"):
        bring(source, tmp_path / "new")


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "model.zip"
    page.write_text("<html>Log in to the school's network</html>")
    with refused("archive_broken"):
        bring(page, tmp_path / "new")


def test_a_zip_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    source = zipped(tmp_path / "a.zip", MODEL)
    source.write_bytes(source.read_bytes()[:-30])
    with refused("archive_broken"):
        bring(source, tmp_path / "new")


def test_a_file_that_was_damaged_on_its_way_is_noticed(tmp_path: Path) -> None:
    source = zipped(tmp_path / "a.zip", {"am/final.mdl": bytes(range(256)) * 100}, method=zipfile.ZIP_STORED)
    content = bytearray(source.read_bytes())
    content[5000] ^= 1
    source.write_bytes(content)
    with refused("archive_broken"):
        bring(source, tmp_path / "new")


def test_a_zip_within_a_zip_is_a_file_like_any_other(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"../evil": b"x"}).read_bytes()
    bring(zipped(tmp_path / "a.zip", {**MODEL, "am/inner.zip": inner}), tmp_path / "new")
    assert brought(tmp_path / "new") == {**MODEL, "am/inner.zip": inner}
