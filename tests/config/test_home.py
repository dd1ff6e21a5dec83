"""Reading ``dragoman.toml``: what cannot be meant is refused with the file and the setting at fault."""

from pathlib import Path

import pytest

from dragoman.config.home import create, load, parse_setting
from dragoman.foundation.errors import ConfigurationError

_REFUSED = {
    "no table of TOML": ("this is no TOML", "cannot be read"),
    "bytes that are no text": ("name = '\udcff'", "cannot be read"),
    "a setting that nobody knows": ("[bus]\naddress = 'redis://here'", "there is no setting “bus.address”"),
    "a word where a number is wanted": ("[server]\nthreads = 'four'", "must be of the kind int"),
    "yes or no where a number is wanted": ("[server]\nthreads = true", "must be of the kind int"),
    "a word that is none of the choices": ("[mail]\nbackend = 'pigeon'", "must be one of console, file, smtp"),
    "a bus without a scheme": ("[bus]\nurl = 'localhost:6379'", "must begin with one of redis://"),
    "a replica of nothing": ("[database]\nreplica = 'postgresql://there/paper'", "needs “database.url”"),
    "a store without an address": ("[media]\nstorage = 's3'\nbucket = 'pictures'", "needs “media.bucket”"),
    "no language": ("[publication]\nlanguages = []", "needs at least one language"),
    "no tag of a language": ("[publication]\nlanguages = ['english!']", "is not the tag of a language"),
}


@pytest.mark.parametrize(("text", "says"), _REFUSED.values(), ids=_REFUSED)
def test_what_cannot_be_meant_is_refused(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "dragoman.toml").write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(ConfigurationError, match=says):
        load(tmp_path)


def test_a_folder_without_a_publication_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Make one with: dragoman init"):
        load(tmp_path)


@pytest.mark.parametrize(
    "text", ["bus.url", "bus.address=redis://here", "limits.enabled=perhaps", "server.threads=four"]
)
def test_a_setting_of_the_command_line_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="--set"):
        parse_setting(text)


def test_a_home_is_not_made_where_one_is(tmp_path: Path) -> None:
    create(tmp_path, {"publication.name": "The Paper"})
    with pytest.raises(ConfigurationError, match="nothing was changed"):
        create(tmp_path, {"publication.name": "Another Paper"})
    assert load(tmp_path).name == "The Paper"
