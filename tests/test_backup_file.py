"""The file of a backup: it gets its name when it is whole, on any file system."""

import errno
import stat

import pytest

from clavet.backups import making


def test_a_file_system_without_hard_links(tmp_path, monkeypatch):
    def refused(*_arguments):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(making.os, "link", refused)
    path = tmp_path / "clavet.tar"
    with making.appearing(path) as file:
        file.write(b"whole")
    assert path.read_bytes() == b"whole" and stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError), making.appearing(path) as file:
        file.write(b"another")
    assert path.read_bytes() == b"whole" and list(tmp_path.iterdir()) == [path]
