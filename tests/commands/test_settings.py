"""Preferences are read, changed and written; a broken file costs a warning."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.commands.settings import Settings, config_file, read_settings, write_settings
from nepishell.core.errors import NepishellError


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    wanted = Settings(theme="none", keys="vi", toolbar=False, aliases={"l": 'list | where a="b"'})
    write_settings(tmp_path / "new" / "config.toml", wanted)
    assert read_settings(tmp_path / "new" / "config.toml") == (wanted, [])


@given(line=st.text(st.characters(codec="ascii"), min_size=1).filter(lambda text: text != "none"))
def test_any_alias_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, line: str
) -> None:
    path = tmp_path_factory.mktemp("config") / "config.toml"
    write_settings(path, Settings(aliases={"x": line}))
    assert read_settings(path)[0].aliases == {"x": line}


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "config.toml") == (Settings(), [])


@pytest.mark.parametrize("text", ["theme = ", "\x00", "= 3"])
def test_a_broken_file_costs_a_warning(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.toml").write_text(text)
    settings, warnings = read_settings(tmp_path / "config.toml")
    assert (settings, len(warnings)) == (Settings(), 1)


def test_a_broken_line_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('theme = "pink"\nkeys = "vi"\naliases = 3\n')
    settings, warnings = read_settings(tmp_path / "config.toml")
    assert settings == Settings(keys="vi")
    assert len(warnings) == 2


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("them", "none", "no option 'them'; did you mean 'theme'"),
        ("theme", "colour-blin", "did you mean 'colour-blind'"),
        ("toolbar", "maybe", "'maybe' is not one of true, false"),
        ("alias.9", "list", "'9' is not an alias"),
    ],
)
def test_what_makes_no_sense_is_refused(name: str, value: str, message: str) -> None:
    with pytest.raises(NepishellError, match=message):
        Settings().with_option(name, value)


def test_an_alias_stands_for_the_first_word_only_and_once() -> None:
    settings = Settings(aliases={"list": "list | head 3", "p": "exec h1 ping"})
    assert settings.expand("p -c 1 p") == "exec h1 ping -c 1 p"
    assert settings.expand("list") == "list | head 3"
    assert settings.expand("get p") == "get p"


def test_an_alias_is_taken_away_by_none() -> None:
    assert Settings(aliases={"l": "list"}).with_option("alias.l", "none") == Settings()


def test_the_file_is_where_xdg_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert config_file() == tmp_path / "nepishell" / "config.toml"
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    assert config_file() == Path.home() / ".config" / "nepishell" / "config.toml"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (b'theme = "none"\nkeys = vi\n', 2, "invalid value; nepishell starts as if"),
        (b'theme = "none"\n[aliases\n', 2, "expected ']' at the end of a table declaration"),
        (b'theme = "none', 1, "; nepishell starts as if it were not there"),
        (b'theme = "none"\n# gr\xfc\xdfe\n', 2, "this is no text in UTF-8"),
        (b'keys = "vi"\n\ntheme = "pink"\n', 3, "theme: 'pink' is not one of default,"),
        (b'them = "none"\n', 1, "no option 'them'; did you mean 'theme'?"),
        (b'keys = "vi"\naliases = 3\n', 2, "aliases is a table"),
        (b'keys = "vi"\n[aliases]\nll = "list"\n"1x" = "list"\n', 4, "'1x' is not an alias"),
        (b'[keys]\nvi = true\n', 1, "keys: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, text: bytes, line: int, message: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(text)
    _, (warning,) = read_settings(path)
    assert warning.startswith(f"{path}:{line}: ")
    assert message in warning


def test_what_is_right_beside_what_is_wrong_is_used(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('keys = "vi"\ntheme = "pink"\n')
    settings, warnings = read_settings(path)
    assert (settings.keys, settings.theme, len(warnings)) == ("vi", "default", 1)
