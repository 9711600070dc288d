"""The portal in a real Chromium: keys, refresh in place, phone width, dark and light, an honest word when it fails."""

import re
from datetime import timedelta
from typing import Any

from playwright.async_api import Browser, Page, expect
from sqlalchemy import text
from tests.edge.chromium import BROWSER, SCHEMES, AdasBrowser, Scheme
from tests.edge.edge_desk import asked_for
from tests.edge.portal_seed import a_row
from tests.edge.walk import PAGES

from crossdock.edge.user_changes import add_user
from crossdock.model.flow import Flow
from crossdock.model.people import Actor, Face, Role
from crossdock.model.state import OrderState
from crossdock.store import orders
from crossdock.store.database import Database

pytestmark = BROWSER


async def _page(browser: AdasBrowser, address: str, *, width: int = 1280, scheme: Scheme = "light") -> Page:
    page = await browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    await page.wait_for_function("window.htmx !== undefined")
    assert complaints == []
    return page


async def _refresh(page: Page) -> None:
    """What the page does by itself every four seconds."""
    await page.evaluate("htmx.trigger('#live', 'every')")


async def _focused(page: Page) -> Any:
    return await page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id")


async def test_everything_can_be_done_with_keys(browser: AdasBrowser, portal: str) -> None:
    page = await _page(browser, f"{portal}/orders")

    await page.keyboard.press("/")
    assert await _focused(page) == "q"
    await page.keyboard.type("102")
    await expect(page.locator("[data-row]")).to_have_count(5)
    assert page.url.endswith("?q=102")
    await page.keyboard.press("Escape")
    for key, name in (("j", "#1024"), ("j", "#1023"), ("k", "#1024"), ("k", "#1024")):
        await page.keyboard.press(key)
        assert await _focused(page) == name
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("#1024")
    await page.keyboard.press("Escape")
    await expect(page.locator("[data-row]")).to_have_count(11)


async def test_a_refresh_brings_what_is_new_and_moves_neither_focus_nor_view(
    browser: AdasBrowser, portal: str, database: Database
) -> None:
    page = await _page(browser, f"{portal}/orders", width=390)
    await page.locator("[data-row]", has_text="#1016").focus()
    before = await page.evaluate("scrollY")

    async with database.begin() as tx:
        await orders.remember(tx, a_row(1015, OrderState.SHIPPED, timedelta(days=2)))
    await _refresh(page)
    await expect(page.locator("tr", has_text="#1015").locator(".chip")).to_have_text("Shipped")

    assert await _focused(page) == "#1016"
    assert await page.evaluate("scrollY") == before > 0


async def test_the_refresh_goes_on_from_a_search_not_from_the_whole_list(
    browser: AdasBrowser, portal: str, database: Database
) -> None:
    page = await _page(browser, f"{portal}/orders")
    await page.get_by_role("searchbox").fill("1020")
    await expect(page.locator("[data-row]")).to_have_count(1)

    async with database.begin() as tx:
        await orders.remember(tx, a_row(1020, OrderState.SHIPPED, timedelta(hours=3)))
    await _refresh(page)
    await expect(page.locator(".chip")).to_have_text("Shipped")

    assert await page.locator("[data-row]").count() == 1


async def test_what_was_opened_stays_open(browser: AdasBrowser, portal: str, database: Database) -> None:
    page = await _page(browser, f"{portal}/orders/acme/1020")
    await page.locator("summary").first.click()

    async with database.begin() as tx:
        await orders.remember(tx, a_row(1020, OrderState.SHIPPED, timedelta(hours=3)))
    await _refresh(page)
    await expect(page.locator(".head .chip")).to_have_text("Shipped")

    assert await page.locator("details[open]").count() == 1


async def test_look_again_works_from_the_page(browser: AdasBrowser, portal: str, database: Database) -> None:
    page = await _page(browser, f"{portal}/orders/acme/1022")

    await page.get_by_role("button", name="Look again").click()
    await page.wait_for_url(re.compile(r"/orders/acme/1022$"))

    assert {key for _, _, key in await asked_for(database)} == {"gid://shopify/Order/1022"}


async def test_a_page_that_is_no_longer_renewed_says_so_until_it_is(browser: AdasBrowser, portal: str) -> None:
    page = await _page(browser, f"{portal}/orders")
    notice = page.get_by_role("alert")

    await page.route("**/*", lambda route: route.abort())
    await _refresh(page)
    await expect(notice).to_contain_text("Crossdock does not answer. What you see is as of")
    await page.unroute("**/*")
    await _refresh(page)
    await expect(notice).to_be_hidden()

    await page.route("**/*", lambda route: route.fulfill(status=503, body="<div id='live'>trouble</div>"))
    await _refresh(page)
    await expect(notice).to_be_visible()
    await expect(page.locator("[data-row]")).to_have_count(11)


async def test_a_person_logs_in_looks_again_and_logs_out(chromium: Browser, portal: str, database: Database) -> None:
    async with database.begin() as tx:
        by = Actor("root", Face.COMMAND_LINE)
        await add_user(tx, by, "Grace Hopper", "grace@acme.test", Role.OPERATOR, "correct horse battery")
    page = await chromium.new_page()

    await page.goto(f"{portal}/orders/acme/1022")
    await page.get_by_label("E-mail").fill("grace@acme.test")
    await page.get_by_label("Password").fill("wrong horse battery")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("do not go together")
    await page.get_by_label("Password").fill("correct horse battery")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("#1022")
    await page.get_by_role("button", name="Look again").click()
    await expect(page.locator(".timeline")).to_contain_text("grace@acme.test asked")
    await page.get_by_role("link", name="Grace Hopper").click()
    await page.get_by_role("button", name="Log out").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    await page.goto(portal)

    assert page.url.endswith("/login?next=%2F")


async def test_a_page_whose_session_ended_leads_to_the_login_and_back(
    browser: AdasBrowser, portal: str, database: Database
) -> None:
    page = await _page(browser, f"{portal}/holds")
    async with database.begin() as tx:
        await tx.execute(text("DELETE FROM sessions"))

    await page.evaluate("htmx.trigger('#live', 'every')")
    await page.wait_for_url(re.compile(r"/login\?next=%2Fholds$"))


async def test_what_htmx_sends_by_itself_carries_the_sessions_token(
    browser: AdasBrowser, portal: str, database: Database
) -> None:
    page = await _page(browser, f"{portal}/account")

    async with page.expect_response("**/look-again") as answered:
        await page.evaluate(
            """() => {
              const button = document.createElement("button");
              button.setAttribute("hx-post", "/look-again");
              button.setAttribute("hx-vals", '{"connection": "acme", "order_id": "gid://shopify/Order/1022"}');
              button.setAttribute("hx-swap", "none");
              document.querySelector("main").append(button);
              htmx.process(button);
              button.click();
            }"""
        )

    assert (await (await answered.value).all_headers())["location"] == "/"
    of_orders = {Flow.ORDERS, Flow.FULFILLMENTS, Flow.RETURNS, Flow.MONEY}
    assert {flow for _, flow, _ in await asked_for(database)} == of_orders


async def test_every_field_of_a_form_has_a_name_that_is_read_out(browser: AdasBrowser, portal: str) -> None:
    page = await browser.new_page()
    stranger = await browser.chromium.new_page()

    nameless = {}
    for at, addresses in ((page, PAGES), (stranger, ("/login",))):
        for address in addresses:
            await at.goto(f"{portal}{address}")
            nameless[address] = await at.evaluate(
                "[...document.querySelectorAll('input:not([type=hidden]), select, button')]"
                ".filter((field) => !(field.labels?.length || field.ariaLabel || field.textContent.trim()))"
                ".map((field) => field.outerHTML)"
            )

    assert {address: found for address, found in nameless.items() if found} == {}


# Every visible text against the nearest background behind it, by the formula of WCAG 2.
_FAINTEST = """() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const over = ([r, g, b, a = 1], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a)];
  const light = (rgb) => rgb.map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    const colors = [];
    for (let at = element; at; at = at.parentElement) colors.push(channels(getComputedStyle(at).backgroundColor));
    return colors.reverse().reduce((below, color) => over(color, below), [255, 255, 255]);
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest(".unseen, .skip")) continue;
    let opacity = 1;
    for (let at = element; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    const ground = behind(element);
    const [r, g, b, a = 1] = channels(getComputedStyle(element).color);
    const [one, two] = [light(over([r, g, b, a * opacity], ground)), light(ground)].sort((x, y) => y - x);
    const contrast = (one + 0.05) / (two + 0.05);
    if (contrast < 4.5) faint.push(`${element.className || element.tagName}: ${contrast.toFixed(2)}`);
  }
  return faint;
}"""


async def test_every_text_has_enough_contrast_in_both_schemes(browser: AdasBrowser, portal: str) -> None:
    page = await browser.new_page(viewport={"width": 1280, "height": 800})

    faint = {}
    for address in PAGES:
        await page.goto(f"{portal}{address}")
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            faint[scheme, address] = await page.evaluate(_FAINTEST)

    assert {where: found for where, found in faint.items() if found} == {}


async def test_the_dark_scheme_is_dark_and_the_light_one_light(browser: AdasBrowser, portal: str) -> None:
    page = await browser.new_page(reduced_motion="reduce")
    await page.goto(portal)

    brightness = {}
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        color: str = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        brightness[scheme] = sum(int(channel) for channel in re.findall(r"\d+", color)) / (3 * 255)

    assert brightness["dark"] < 0.2
    assert brightness["light"] > 0.8


async def test_no_page_scrolls_sideways_on_a_phone_or_a_desk(browser: AdasBrowser, portal: str) -> None:
    page = await browser.new_page()

    wide = []
    for width in (390, 1280):
        await page.set_viewport_size({"width": width, "height": 800})
        for address in PAGES:
            await page.goto(f"{portal}{address}")
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append((width, address))

    assert wide == []
