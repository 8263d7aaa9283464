"""Reading a bundle that nobody vouches for."""

import hashlib
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from nepishell.journal.bundle import MANIFEST, RUN, Bundle, BundleError

Alter = Callable[[zipfile.ZipFile], None]


def make(path: Path, files: dict[str, bytes], alter: Alter = lambda packed: None) -> Path:
    """A bundle of *files* as it should be; *alter* adds what should not be there."""
    files = {RUN: b"{}", **files}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
        sums = "".join(f"{hashlib.sha256(d).hexdigest()}  {n}\n" for n, d in files.items())
        packed.writestr(MANIFEST, sums)
        alter(packed)
    return path


def test_what_was_bundled_is_unpacked_for_its_owner_alone(tmp_path: Path) -> None:
    path = make(tmp_path / "b.zip", {"traces/a b/rtt.csv": b"rtt\n1\n", "empty": b""})
    target = tmp_path / "out"
    told: list[tuple[int, int]] = []
    with Bundle(path) as bundle:
        bundle.unpack(target, lambda done, total: told.append((done, total)))
    assert (target / "traces/a b/rtt.csv").read_bytes() == b"rtt\n1\n"
    assert stat.S_IMODE((target / RUN).stat().st_mode) == 0o600
    assert told[-1][0] == told[-1][1]


def link(packed: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("traces/link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed.writestr(info, "/etc/passwd")


def bomb(packed: zipfile.ZipFile) -> None:
    with packed.open("traces/bomb", "w") as member:
        for _ in range(80):
            member.write(bytes(1 << 20))


def odd_packing(packed: zipfile.ZipFile) -> None:
    packed.writestr("traces/x", b"x", compress_type=zipfile.ZIP_LZMA)


@pytest.mark.parametrize(
    ("alter", "problem"),
    [
        (lambda z: z.writestr("../up", b""), "leads elsewhere"),
        (lambda z: z.writestr("traces/../../up", b""), "leads elsewhere"),
        (lambda z: z.writestr("/etc/cron.d/x", b""), "leads elsewhere"),
        (lambda z: z.writestr("traces//x", b""), "leads elsewhere"),
        (lambda z: z.writestr("a\\..\\b", b""), "no name"),
        (lambda z: z.writestr("c:evil", b""), "no name"),
        (lambda z: z.writestr("\x1b]0;title\x07", b""), "no name"),
        (lambda z: z.writestr("x" * 2000, b""), "no name"),
        (lambda z: z.writestr("RUN.json", b""), "is there twice"),
        (lambda z: z.writestr("run.json/inside", b""), "a file and a folder"),
        (lambda z: z.writestr("unlisted", b""), "differ: 'unlisted'"),
        (link, "no plain file"),
        (bomb, "would become"),
        (odd_packing, "packed in a way"),
    ],
)
def test_what_could_do_harm_is_refused_before_anything_is_written(
    tmp_path: Path, alter: Alter, problem: str
) -> None:
    path = make(tmp_path / "b.zip", {}, alter)
    with pytest.raises(BundleError, match=problem) as refused:
        Bundle(path)
    assert "\x1b" not in str(refused.value)
    assert list(tmp_path.iterdir()) == [path]


def test_an_encrypted_bundle_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "b.zip", {"secret": b"x"})
    data = bytearray(path.read_bytes())
    # the flag of the first entry in the list of contents (APPNOTE 4.3.12)
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(BundleError, match="encrypted"):
        Bundle(path)


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(data)
    with pytest.raises(BundleError, match="not a zip file"):
        Bundle(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"none\.zip: cannot be read: no such file"):
        Bundle(tmp_path / "none.zip")


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("photo.jpg", b"x")
    with pytest.raises(BundleError, match="not a bundle of a run"):
        Bundle(path)


def test_a_manifest_of_nonsense_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(RUN, b"{}")
        packed.writestr(MANIFEST, b"no checksum\n")
    with pytest.raises(BundleError, match="no checksum"):
        Bundle(path)


def test_a_file_that_was_exchanged_is_found(tmp_path: Path) -> None:
    path, other = tmp_path / "b.zip", tmp_path / "other.zip"
    make(path, {"rtt.csv": b"20ms\n"})
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info).replace(b"20ms", b"10ms"))
    with Bundle(other) as bundle, pytest.raises(BundleError, match=r"rtt\.csv is not what"):
        bundle.verify()


def test_a_damaged_file_is_found(tmp_path: Path) -> None:
    path = make(tmp_path / "b.zip", {"rtt.csv": bytes(range(256)) * 40})
    data = bytearray(path.read_bytes())
    at = data.index(b"rtt.csv") + 40
    data[at : at + 8] = bytes(8)
    path.write_bytes(data)
    with Bundle(path) as bundle, pytest.raises(BundleError, match=r"damaged|not what"):
        bundle.verify()


def test_a_text_that_is_too_long_or_no_text_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "b.zip", {"a": b"\xff", "long": b"x" * 100})
    with Bundle(path) as bundle:
        assert bundle.text("none") == ""
        with pytest.raises(BundleError, match="UTF-8"):
            bundle.text("a")
        with pytest.raises(BundleError, match="larger"):
            bundle.text("long", most=10)
