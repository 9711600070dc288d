"""The pages of the catalog: what is linked, what may be linked to what and why, lists of links, shared codes."""

import base64
import html
import re
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from tests.edge.edge_desk import Person, a_person, a_token
from tests.edge.stock_seed import (
    ACME,
    AT_THE_BACKEND,
    BLUE,
    LAMP,
    MUG,
    PLATE,
    RED,
    FakeOutside,
    a_shelf,
    linked,
    stocked,
    variant,
)

from crossdock.model.deed import Deed
from crossdock.model.ledger import Trust
from crossdock.model.names import ShopDomain
from crossdock.model.people import Role, Scope
from crossdock.store import audit, stock_ledger
from crossdock.store.database import Database

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
UNCHANGED = {"1": "MUG", "2": "LAMP", "3": "BOWL"}


def _said(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


@pytest.fixture
def outside(app: FastAPI) -> FakeOutside:
    fake = FakeOutside(stock=AT_THE_BACKEND)
    app.state.desk = replace(app.state.desk, both_sides=fake)
    return fake


@pytest.fixture(autouse=True)
async def _shelf(database: Database, acme: ShopDomain, outside: FakeOutside) -> None:
    await a_shelf(database)


async def test_what_there_is_to_do_comes_first_with_what_it_may_be(web: httpx.AsyncClient) -> None:
    page = _said(await web.get("/catalog"))

    assert "Linked 3 Unlinked 2 Ambiguous 1" in page
    assert "4711 90 of 100 MUG_BLUE is spelled like SKU mug-blue but for case and dashes." in page
    assert "4712 80 of 100 Its title, “Large stoneware plate”, is alike: large, plate, stoneware." in page


async def test_linked_variants_are_found_by_words(web: httpx.AsyncClient) -> None:
    everything = _said(await web.get("/catalog?show=linked"))
    found = _said(await web.get("/catalog?show=linked&q=brass"))

    assert all(title in everything for title in ("Enamel mug", "Brass lamp", "Oak bowl"))
    assert ("Brass lamp" in found, "Oak bowl" in found) == (True, False)


async def test_what_an_ambiguous_variant_may_be_says_whose_it_is_already(web: httpx.AsyncClient) -> None:
    page = _said(await web.get("/catalog?show=ambiguous"))

    assert "MUG 100 of 100 It has the same SKU, MUG-01. It is linked to 1 already." in page


async def test_a_backend_that_does_not_answer_hides_no_variant(web: httpx.AsyncClient, outside: FakeOutside) -> None:
    outside.silent = "The backend of acme does not answer."

    page = _said(await web.get("/catalog?show=unlinked"))

    assert "There are no suggestions now: The backend of acme does not answer." in page
    assert "Stoneware plate, large" in page


async def test_what_is_ticked_is_linked_together(web: httpx.AsyncClient, ada: Person, database: Database) -> None:
    pairs = [f"acme {variant(BLUE)} 4711", f"acme {variant(PLATE)} 4712"]

    answer = await web.post("/catalog/confirm", data=ada.form | {"pair": pairs}, headers=OURS)

    async with database.begin() as tx:
        _, entries = await audit.read(tx)
    assert (answer.status_code, await linked(database)) == (303, UNCHANGED | {"4": "4711", "6": "4712"})
    assert [(one.deed, one.after) for one in entries] == [
        (Deed.VARIANT_LINKED, {"item": "4712"}),
        (Deed.VARIANT_LINKED, {"item": "4711"}),
    ]


async def test_a_pair_that_cannot_be_linked_keeps_no_other_from_it(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    pairs = [f"acme {variant(RED)} MUG", f"acme {variant(PLATE)} 4712"]

    answer = await web.post("/catalog/confirm", data=ada.form | {"pair": pairs}, headers=OURS)

    assert (answer.status_code, "Item MUG is linked to gid://shopify/ProductVariant/1 already" in _said(answer)) == (
        422,
        True,
    )
    assert await linked(database) == UNCHANGED | {"6": "4712"}


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"variant": variant(PLATE), "item": "NONE"}, "The backend has no item NONE."),
        ({"variant": "999", "item": "4712"}, "Variant gid://shopify/ProductVariant/999 is unknown."),
        ({"variant": variant(PLATE), "item": "LAMP"}, "Item LAMP is linked to gid://shopify/ProductVariant/2 already."),
        ({"variant": str(MUG), "item": "4711"}, "“Enamel mug” is linked to MUG."),
    ],
)
async def test_a_link_that_cannot_be_is_refused_with_a_sentence(
    web: httpx.AsyncClient, ada: Person, database: Database, form: dict[str, str], why: str
) -> None:
    answer = await web.post("/catalog/link", data=ada.form | {"connection": "acme"} | form, headers=OURS)

    assert (answer.status_code, why in _said(answer)) == (422, True)
    assert await linked(database) == UNCHANGED


async def test_a_wrong_link_is_replaced_where_a_person_says_so(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    form = ada.form | {"connection": "acme", "variant": str(MUG), "item": "4711", "replace": "true"}

    await web.post("/catalog/link", data=form, headers=OURS)

    async with database.begin() as tx:
        _, [entry] = await audit.read(tx)
    assert (await linked(database), entry.before) == (UNCHANGED | {"1": "4711"}, {"item": "MUG"})


async def test_what_is_ticked_is_unlinked_once_a_person_is_sure(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    form = ada.form | {"chosen": [f"acme {variant(MUG)}", f"acme {variant(LAMP)}"]}

    unsure = await web.post("/catalog/unlink", data=form, headers=OURS)
    before = await linked(database)
    sure = await web.post("/catalog/unlink", data=form | {"sure": "true"}, headers=OURS)

    async with database.begin() as tx:
        _, entries = await audit.read(tx)
    assert (unsure.status_code, before, sure.status_code) == (422, UNCHANGED, 303)
    assert await linked(database) == {"3": "BOWL"}
    assert [(one.deed, one.before) for one in entries] == [
        (Deed.VARIANT_UNLINKED, {"item": "LAMP"}),
        (Deed.VARIANT_UNLINKED, {"item": "MUG"}),
    ]
    page = _said(await web.get("/catalog?show=taken_off"))
    assert (await web.get("/holds")).text.count("took it off item") == 0
    assert "Linked 1 Unlinked 2 Ambiguous 1 Unlinked by hand 2" in page
    assert "took it off item MUG. was MUG" in page


async def test_unlinking_is_undone_in_bulk(web: httpx.AsyncClient, ada: Person, database: Database) -> None:
    chosen = {"chosen": [f"acme {variant(MUG)}", f"acme {variant(LAMP)}"], "sure": "true"}
    await web.post("/catalog/unlink", data=ada.form | chosen, headers=OURS)

    pairs = {"pair": [f"acme {variant(MUG)} MUG", f"acme {variant(LAMP)} LAMP"], "show": "taken_off"}
    await web.post("/catalog/confirm", data=ada.form | pairs, headers=OURS)

    assert await linked(database) == UNCHANGED
    assert "Unlinked by hand 0" in _said(await web.get("/catalog?show=taken_off"))


async def test_a_level_of_what_was_unlinked_is_read_before_it_is_written_again(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    chosen = {"chosen": f"acme {variant(MUG)}", "sure": "true"}
    await web.post("/catalog/unlink", data=ada.form | chosen, headers=OURS)

    async with database.begin() as tx:
        [account] = (await stock_ledger.of_items(tx, ACME, [stocked(MUG)])).values()
    assert account.ledger.trust is Trust.DOUBTED


async def test_a_program_unlinks_and_lets_match_again(stranger: httpx.AsyncClient, database: Database) -> None:
    operate = await a_token(database, Scope.OPERATE)
    these = {"variants": [str(MUG), str(PLATE)]}

    gone = await stranger.post("/api/catalog/acme/unlink", json=these, headers=operate)
    listed = await stranger.get("/api/catalog?show=taken_off", headers=operate)
    free = await stranger.post("/api/catalog/acme/match", json=these, headers=operate)

    assert gone.json()["unlinked"] == [{"connection": "acme", "variant": variant(MUG), "item": "MUG"}]
    assert [one["was"] for one in listed.json()["variants"]] == ["MUG"]
    assert free.json()["to_be_matched"] == [variant(MUG)]
    assert await linked(database) == {"2": "LAMP", "3": "BOWL"}


async def _import(
    web: httpx.AsyncClient, ada: Person, rows: str, *, only_check: bool = False, encoded: str = "utf-8"
) -> httpx.Response:
    form = ada.form | {"connection": "acme"} | ({"only_check": "true"} if only_check else {})
    file = {"file": ("links.csv", rows.encode(encoded), "text/csv")}
    return await web.post("/catalog/import", data=form, files=file, headers=OURS)


LIST = f"sku,item\nmug-blue,4711\nLAMP-01,LAMP\nmug-green,4712\nMUG-01,4712\n{''}"


async def test_good_rows_of_a_list_are_linked_and_bad_ones_told_by_line(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    answer = await _import(web, ada, LIST)

    said = _said(answer)
    [encoded] = re.findall(r"base64,([^\"]*)\"", answer.text)
    assert "1 row was linked, 1 was so already, 2 are bad" in said
    assert "4 mug-green 4712 No variant with SKU mug-green is known." in said
    assert "5 MUG-01 4712 2 variants have SKU MUG-01." in said
    assert base64.b64decode(encoded).decode().splitlines()[0] == "variant,sku,item,problem"
    assert await linked(database) == UNCHANGED | {"4": "4711"}


async def test_a_list_may_be_checked_before_it_is_imported(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    answer = await _import(web, ada, LIST, only_check=True)

    assert "1 row could be linked" in _said(answer)
    assert await linked(database) == UNCHANGED


async def test_two_variants_may_change_places(web: httpx.AsyncClient, ada: Person, database: Database) -> None:
    await _import(web, ada, f"variant,item\n{MUG},LAMP\n{variant(LAMP)},MUG\n")

    assert await linked(database) == UNCHANGED | {"1": "LAMP", "2": "MUG"}


@pytest.mark.parametrize(
    ("rows", "encoded", "why"),
    [
        ("name,code\na,b\n", "utf-8", "The first line has to name the columns"),
        ('sku,item\n"a,b\n', "utf-8", "This is no CSV file"),
        ("sku,item\nmüg,1\n", "latin-1", "The file is not UTF-8 text."),
        ("", "utf-8", "The first line has to name the columns"),
    ],
)
async def test_what_is_no_list_is_refused(
    web: httpx.AsyncClient, ada: Person, rows: str, encoded: str, why: str
) -> None:
    answer = await _import(web, ada, rows, encoded=encoded)

    assert (answer.status_code, why in _said(answer)) == (422, True)


async def test_codes_that_several_variants_carry_are_listed(web: httpx.AsyncClient) -> None:
    page = _said(await web.get("/catalog/duplicates"))

    assert "SKU MUG-01 2 variants of acme" in page
    assert "barcode" not in page.replace("barcodes", "").replace("barcode 4006381333931", "")


async def test_of_very_many_shared_codes_some_are_shown_and_the_rest_is_counted(
    web: httpx.AsyncClient, database: Database
) -> None:
    async with database.begin() as tx:
        await tx.execute(
            text(
                """INSERT INTO variants (connection, variant, inventory_item, title, sku, barcode, words)
                   SELECT 'acme', 'many' || i, 'many' || i, 'Bead', 'NONE', '40' || i / 2, 'bead'
                     FROM generate_series(0, 399) AS i"""
            )
        )

    page = _said(await web.get("/catalog/duplicates"))

    assert "SKU NONE 400 variants of acme" in page
    assert page.count("Bead") == 50 + 2 * 100
    assert "… and 350 more." in page
    assert "… and 100 more codes, of 2 SKUs and 200 barcodes in all" in page


async def test_a_viewer_is_offered_no_link(stranger: httpx.AsyncClient, database: Database) -> None:
    viewer = await a_person(database, Role.VIEWER)
    viewer.sit_down(stranger)

    page = await stranger.get("/catalog?show=unlinked")

    assert ('method="post"' in page.text, "4711" in page.text) == (False, True)


async def test_a_program_does_the_same(stranger: httpx.AsyncClient, database: Database) -> None:
    operate = await a_token(database, Scope.OPERATE)

    page = (await stranger.get("/api/catalog?show=unlinked&limit=1", headers=operate)).json()
    rest = await stranger.get("/api/catalog", params={"show": "unlinked", "after": page["after"]}, headers=operate)
    maybe = (await stranger.get("/api/catalog/acme/suggestions", headers=operate)).json()["variants"]
    shared = (await stranger.get("/api/catalog/duplicates", headers=operate)).json()["shared"]
    new = {"variant": str(PLATE), "item": "4712"}
    link = await stranger.post("/api/catalog/acme/links", json=new, headers=operate)
    done = await stranger.post("/api/catalog/acme/import", json={"csv": LIST}, headers=operate)
    wrong = await stranger.post("/api/catalog/acme/links", json=new | {"item": "NONE"}, headers=operate)

    assert [one["seen"]["title"] for one in page["variants"]] == ["Enamel mug, blue"]
    assert [one["seen"]["title"] for one in rest.json()["variants"]] == ["Stoneware plate, large"]
    assert [one["suggestions"][0]["item"]["code"] for one in maybe] == ["4711", "4712"]
    assert [(one["kind"], one["code"], one["many"]) for one in shared] == [("SKU", "MUG-01", 2)]
    assert link.status_code == 200
    assert (done.json()["linked"], [one["row"]["line"] for one in done.json()["bad"]]) == (1, [4, 5])
    assert (wrong.status_code, wrong.json()["error"].startswith("The backend has no item NONE.")) == (422, True)
    assert await linked(database) == UNCHANGED | {"4": "4711", "6": "4712"}
