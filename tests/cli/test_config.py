"""What is set can be kept as a file, compared, applied as a whole, and given to another connection."""

from pathlib import Path

from tests.cli.terminal import SECRET, Terminal, add_location

from shopify_standin.testing import RunningStandin


def _set_up(terminal: Terminal, shop: RunningStandin) -> None:
    terminal.read("warehouse", "add", "MAIN", "Main warehouse")
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain)


def test_an_export_holds_no_secret_and_applied_again_changes_nothing(
    terminal: Terminal, shop: RunningStandin, tmp_path: Path
) -> None:
    _set_up(terminal, shop)
    file = tmp_path / "crossdock.toml"

    file.write_text(terminal.read("config", "export"))

    assert SECRET not in file.read_text()
    assert shop.token not in file.read_text()
    assert terminal.read("config", "diff", str(file)) == "Nothing would change.\n"
    assert terminal.read("config", "apply", str(file)) == "It was like that already.\n"


def test_a_file_is_applied_whole_and_written_down(terminal: Terminal, shop: RunningStandin, tmp_path: Path) -> None:
    _set_up(terminal, shop)
    file = tmp_path / "crossdock.toml"
    said = terminal.read("config", "export").replace('"inventory.buffer" = "0"', '"inventory.buffer" = "3"')
    file.write_text(said.replace(', "returns"]', "]"))

    shown = terminal.data_of("config", "diff", str(file))
    unasked = terminal.refusal("config", "apply", str(file))
    terminal.read("config", "apply", str(file), "--yes")

    assert shown[-1] == "standin: inventory.buffer: 0 → 3"
    assert "--yes" in unasked
    assert terminal.data_of("rules", "standin")["inventory"]["buffer"] == 3
    assert "returns" not in terminal.data_of("connections")[0]["flows"]
    assert {"rules changed", "flows changed"} <= {entry["deed"] for entry in terminal.data_of("audit")}


def test_a_file_of_which_one_part_cannot_be_changes_nothing(
    terminal: Terminal, shop: RunningStandin, tmp_path: Path
) -> None:
    _set_up(terminal, shop)
    file = tmp_path / "crossdock.toml"
    said = terminal.read("config", "export").replace('"inventory.buffer" = "0"', '"inventory.buffer" = "3"')
    file.write_text(said.replace("[alerts]", '[alerts."Held"]\ntopic = "holds"\nchannel = "nobody"'))

    refusal = terminal.refusal("config", "apply", str(file), "--yes")

    assert "There is no channel nobody." in refusal
    assert terminal.data_of("rules", "standin")["inventory"]["buffer"] == 0


def test_another_connection_gets_the_same_set_up(terminal: Terminal, shop: RunningStandin, tmp_path: Path) -> None:
    _set_up(terminal, shop)
    terminal.read("rules", "standin", "--set", "inventory.buffer=4")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text("[note]\nfrom = 'note'\n")
    terminal.read("mappings", "save", "standin", str(mapping))
    add_location(shop, "Annex")  # with two, nothing is mapped by itself
    terminal.read("connect", shop.shop_domain, "--name", "copy")

    terminal.read("config", "clone", "standin", "copy", "--yes")

    copy, standin = terminal.data_of("connections")
    assert copy["rules"]["inventory"]["buffer"] == 4
    assert copy["warehouses"] == standin["warehouses"]
    assert terminal.data_of("mappings", "show", "copy") == terminal.data_of("mappings", "show", "standin")
    assert terminal.data_of("mappings", "show", "copy")["note"]["from"] == "note"
