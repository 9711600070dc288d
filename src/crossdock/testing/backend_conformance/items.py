# ruff: noqa: D102 (a test's name is its sentence)
"""Finding items and warehouses."""

from dataclasses import replace

import pytest

from crossdock.model.names import Barcode, ItemCode, Sku
from crossdock.ports.backend import Backend, ItemSearch, Warehouse
from crossdock.testing.backend_conformance.chapter import Chapter
from crossdock.testing.builders import MAIN, an_item
from crossdock.testing.floor import Floor


class Items(Chapter):
    """What the hub asks to tie variants to items, and locations to warehouses."""

    async def test_warehouses_are_listed(self, backend: Backend) -> None:
        assert Warehouse(MAIN, "Main") in await backend.warehouses()

    async def test_items_are_found_by_sku_and_by_barcode(self, backend: Backend) -> None:
        found = await backend.find_items([Sku("LAMP"), Sku("NONE")], [Barcode("4006381333931")])

        assert {item.code for item in found} == {"MUG", "LAMP"}

    async def test_items_are_found_once_though_sku_and_barcode_both_match(self, backend: Backend) -> None:
        found = await backend.find_items([Sku("MUG")], [Barcode("4006381333931")])

        assert [item.code for item in found] == ["MUG"]

    async def test_a_sku_in_another_case_is_another_sku(self, backend: Backend, floor: Floor) -> None:
        await floor.add_item(an_item("SMALL", sku="mug"))

        assert [item.code for item in await backend.find_items([Sku("mug")], [])] == ["SMALL"]
        assert [item.code for item in await backend.find_items([Sku("MUG")], [])] == ["MUG"]
        assert list(await backend.find_items([Sku("Mug")], [])) == []

    async def test_items_that_share_a_sku_are_all_found(self, backend: Backend, floor: Floor) -> None:
        await floor.add_item(an_item("MUG-B", sku="MUG"))

        assert {item.code for item in await backend.find_items([Sku("MUG")], [])} == {"MUG", "MUG-B"}

    async def test_nothing_asked_for_finds_nothing(self, backend: Backend) -> None:
        assert list(await backend.find_items([], [])) == []

    async def test_a_person_who_has_to_choose_is_shown_items_by_words_of_their_titles(
        self, backend: Backend, floor: Floor
    ) -> None:
        if not isinstance(backend, ItemSearch):
            pytest.skip("this backend cannot be searched by a person")
        await floor.add_item(replace(an_item("BLUE"), title="Enamel mug, blue"))
        await floor.add_item(replace(an_item("RED"), title="Enamel mug (red)"))

        assert [item.code for item in await backend.items_like(["mug", "(red)", "enamel"], 9)][:2] == ["RED", "BLUE"]
        assert [item.code for item in await backend.items_like(["mug", "(red)", "enamel"], 1)] == ["RED"]
        assert list(await backend.items_like(["nowhere"], 9)) == []
        assert list(await backend.items_like([], 9)) == []

    async def test_items_are_shown_by_their_codes(self, backend: Backend) -> None:
        if not isinstance(backend, ItemSearch):
            pytest.skip("this backend cannot be searched by a person")

        assert [item.code for item in await backend.items([ItemCode("LAMP"), ItemCode("NONE")])] == ["LAMP"]
