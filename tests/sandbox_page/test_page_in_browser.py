"""The page in a real browser, with a real Bolt app behind it."""

from datetime import UTC, datetime
from functools import partial

import pytest
from playwright.async_api import FilePayload, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox_page.world import REQUEST_BLOCKS, World

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000003000000010100000000339b2919"
    "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)
"""Three black pixels in a row."""

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one browser for all of them


async def send_request(world: World, app: AsyncWebClient) -> str:
    """Have the app ask Ana for a status; returns the id of their conversation."""
    opened = await app.conversations_open(users=world.ana.id)
    channel = str(opened["channel"]["id"])
    await app.chat_postMessage(channel=channel, text="Apollo is due", blocks=REQUEST_BLOCKS)
    return channel


async def open_form(world: World, app: AsyncWebClient, page: Page) -> None:
    channel = await send_request(world, app)
    await page.goto(world.address(world.ana, f"c/{channel}"))
    await page.get_by_role("button", name="Give status").click()
    await expect(page.get_by_role("dialog", name="Status report")).to_be_visible()


async def test_a_visitor_finds_a_person_and_becomes_them(world: World, page: Page) -> None:
    await page.goto(world.sandbox.url)

    await page.get_by_label("Find a person").fill("sponsor")

    await expect(page.get_by_role("link", name="Ana Silva")).to_be_hidden()
    await page.get_by_role("link", name="Omar Haddad").click()
    await expect(page).to_have_title("#its-council (Omar Haddad) · Slack sandbox")


async def test_ana_answers_and_her_request_is_edited_live(
    world: World, app_client: AsyncWebClient, page: Page
) -> None:
    await open_form(world, app_client, page)
    await page.get_by_label("Health").select_option("red")
    await page.get_by_label("Done").fill("Tests")
    await page.get_by_role("button", name="Send report").click()

    await expect(page.get_by_text("Please write a few words more.")).to_be_visible()
    await expect(page.get_by_label("Done")).to_have_value("Tests")
    await expect(page.get_by_label("Done")).to_be_focused()

    await page.get_by_label("Done").fill("Tests written and passing")
    await page.get_by_role("button", name="Send report").click()

    await expect(page.get_by_role("dialog")).to_have_count(0)
    log = page.get_by_role("log", name="Messages")
    await expect(log).to_contain_text("Answered: red, Tests written and passing")
    await expect(log).to_contain_text("(edited)")
    await expect(page.get_by_role("button", name="Give status")).to_have_count(0)


async def test_a_required_field_is_asked_for_before_anything_is_sent(
    world: World, app_client: AsyncWebClient, page: Page
) -> None:
    await open_form(world, app_client, page)
    await page.get_by_label("Done").fill("Quite a lot of things")

    await page.get_by_role("button", name="Send report").click()

    await expect(page.get_by_text("Please complete this required field.")).to_be_visible()
    await expect(page.get_by_label("Health")).to_be_focused()


async def test_a_pushed_view_leads_back_to_what_was_typed(
    world: World, app_client: AsyncWebClient, page: Page
) -> None:
    await open_form(world, app_client, page)
    await page.get_by_label("Done").fill("Half a sentence")
    await page.get_by_role("button", name="Dimensions").click()
    await expect(page.get_by_role("dialog", name="Dimensions")).to_be_visible()

    await page.keyboard.press("Escape")

    await expect(page.get_by_role("dialog", name="Status report")).to_be_visible()
    await expect(page.get_by_label("Done")).to_have_value("Half a sentence")
    await page.get_by_role("button", name="Close").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_an_updated_view_keeps_what_was_typed(
    world: World, app_client: AsyncWebClient, page: Page
) -> None:
    await open_form(world, app_client, page)
    await page.get_by_label("Done").fill("Half a sentence")
    view = world.sandbox.workspace.top_view(world.ana.id)
    assert view is not None
    title = {"type": "plain_text", "text": "Changed"}

    await app_client.views_update(view_id=view.id, view=view.payload | {"title": title})

    await expect(page.get_by_role("dialog", name="Changed")).to_be_visible()
    await expect(page.get_by_label("Done")).to_have_value("Half a sentence")


async def test_a_chosen_file_goes_to_the_app_with_the_sheet(
    world: World, app_client: AsyncWebClient, page: Page
) -> None:
    await open_form(world, app_client, page)
    workspace = world.sandbox.workspace
    view = workspace.top_view(world.ana.id)
    assert view is not None
    chooser = {"type": "file_input", "action_id": "v", "filetypes": ["ics"]}
    label = {"type": "plain_text", "text": "Calendar"}
    more = {"type": "input", "block_id": "file", "label": label, "element": chooser}
    await app_client.views_update(
        view_id=view.id, view=view.payload | {"blocks": [*view.payload["blocks"], more]}
    )
    await page.get_by_label("Health").select_option("red")
    await page.get_by_label("Done").fill("Quite a lot of things")
    send = page.get_by_role("button", name="Send report")
    await send.click()
    await expect(page.get_by_text("Please complete this required field.")).to_be_visible()

    content = "BEGIN:VCALENDAR\r\nSUMMARY:Räte\r\n".encode()
    file = FilePayload(name="board.ics", mimeType="text/calendar", buffer=content)
    await page.get_by_label("Calendar").set_input_files(file)
    await send.click()

    await expect(page.get_by_role("dialog")).to_have_count(0)
    (given,) = workspace.files.values()
    assert (given.name, given.content, given.user) == ("board.ics", content, world.ana.id)


async def test_what_is_typed_right_before_sending_is_told_with_the_sheet_only(
    world: World, app_client: AsyncWebClient, page: Page
) -> None:
    await open_form(world, app_client, page)
    view = world.sandbox.workspace.top_view(world.ana.id)
    assert view is not None
    health, done, more = view.payload["blocks"]
    typed = {"trigger_actions_on": ["on_character_entered"]}
    done = done | {
        "dispatch_action": True,
        "element": done["element"] | {"dispatch_action_config": typed},
    }
    title = {"type": "plain_text", "text": "Watched"}
    watched = view.payload | {"title": title, "blocks": [health, done, more]}
    await app_client.views_update(view_id=view.id, view=watched)
    await expect(page.get_by_role("dialog", name="Watched")).to_be_visible()
    deeds: list[str] = []
    page.on("request", lambda request: deeds.append(request.url.rpartition("/")[2]))
    await page.clock.install()
    await page.get_by_label("Health").select_option("red")
    await page.get_by_label("Done").fill("Tests")

    await page.get_by_role("button", name="Send report").click()
    await expect(page.get_by_text("Please write a few words more.")).to_be_visible()
    await page.clock.fast_forward(1000)
    await page.get_by_role("button", name="Close").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)

    assert "submit" in deeds
    assert "press_in_view" not in deeds


async def test_the_focus_stays_inside_an_open_modal(
    world: World, app_client: AsyncWebClient, page: Page
) -> None:
    await open_form(world, app_client, page)

    for _ in range(12):
        await page.keyboard.press("Tab")
        inside = await page.evaluate(
            "document.activeElement === document.body"
            " || document.activeElement.closest('#modal') !== null"
        )
        assert inside


@pytest.mark.usefixtures("app_client")
async def test_a_command_is_answered_for_one_person_only(world: World, page: Page) -> None:
    await page.goto(world.address(world.ana, f"c/{world.council.id}"))
    await page.get_by_label("Message #its-council").fill("/project APOLLO")
    await page.keyboard.press("Enter")

    log = page.get_by_role("log", name="Messages")
    await expect(log).to_contain_text("Only visible to you")
    await expect(log.locator("em")).to_have_text("APOLLO")
    await page.goto(world.address(world.omar, f"c/{world.council.id}"))
    await expect(log).to_contain_text("Nothing has been said here yet.")


@pytest.mark.usefixtures("app_client")
async def test_an_app_that_keeps_silent_is_reported_in_words(world: World, page: Page) -> None:
    await page.goto(world.address(world.ana, f"c/{world.council.id}"))
    await page.get_by_label("Message #its-council").fill("/project silence")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("status")).to_contain_text("operation_timeout")
    await expect(page.get_by_label("Message #its-council")).to_have_value("/project silence")


async def test_a_missing_app_is_reported_in_words(world: World, page: Page) -> None:
    await page.goto(world.address(world.ana, f"c/{world.council.id}"))
    await page.get_by_label("Message #its-council").fill("/project APOLLO")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("status")).to_contain_text("No app is connected")
    await expect(page.get_by_text("pmobot is not connected")).to_be_visible()


async def test_messages_and_unread_marks_arrive_live(world: World, page: Page) -> None:
    world.sandbox.workspace.dm(world.ana.id)
    await page.goto(world.address(world.ana))
    link = page.get_by_role("link", name="its-council")
    await expect(link).not_to_contain_text("unread")

    ts = world.say(world.council, world.omar.id, "First")
    world.say(world.council, world.omar.id, "Second")
    await expect(link).to_contain_text("2 unread")

    await link.click()
    log = page.get_by_role("log", name="Messages")
    await expect(log).to_contain_text("Second")
    await expect(link).not_to_contain_text("unread")
    world.say(world.council, world.omar.id, "A reply", thread_ts=ts)
    await expect(page.get_by_role("link", name="1 reply")).to_be_visible()
    await expect(link).not_to_contain_text("unread")
    unread = partial(world.sandbox.workspace.unread_count, world.ana.id, world.council.id)
    assert await world.sandbox.workspace.wait_until(lambda: unread() == 0)


async def test_a_thread_opens_beside_and_takes_a_reply(world: World, page: Page) -> None:
    world.say(world.council, world.omar.id, "Why is Wi-Fi red?")
    await page.goto(world.address(world.ana, f"c/{world.council.id}"))
    await page.get_by_role("link", name="Reply in a thread").click()

    await page.get_by_label("Reply", exact=True).fill("The vendor slipped")
    await page.keyboard.press("Enter")

    thread = page.get_by_role("log", name="Thread")
    await expect(thread).to_contain_text("1 reply")
    await expect(thread).to_contain_text("The vendor slipped")
    await page.get_by_role("link", name="Close the thread").click()
    await expect(thread).to_have_count(0)


async def test_a_picture_in_a_message_is_drawn_with_its_words_below(
    world: World, app_client: AsyncWebClient, page: Page
) -> None:
    alt = "Two of three projects are red"
    uploaded = await app_client.files_upload_v2(file=PNG, filename="map.png", alt_txt=alt)
    image = {"type": "image", "alt_text": alt, "slack_file": {"id": uploaded["file"]["id"]}}
    await app_client.chat_postMessage(channel=world.council.id, text="Heat map", blocks=[image])

    await page.goto(world.address(world.ana, f"c/{world.council.id}"))

    picture = page.get_by_role("img", name=alt)
    await expect(picture).to_have_js_property("naturalWidth", 3)
    await expect(page.get_by_role("figure")).to_contain_text(alt)


async def test_a_document_in_a_message_is_a_card_that_can_be_downloaded(
    world: World, app_client: AsyncWebClient, page: Page
) -> None:
    file = (await app_client.files_upload_v2(file=b"PK", filename="a b.docx", title="Charter"))[
        "file"
    ]
    text = f"<{file['permalink']}|Charter>"
    await app_client.chat_postMessage(channel=world.council.id, text=text)

    await page.goto(world.address(world.ana, f"c/{world.council.id}"))

    card = page.locator(".file-card")
    await expect(card).to_contain_text("Charter DOCX, 2 bytes")
    async with page.expect_download() as coming:
        await card.get_by_role("link", name="Charter").click()
    download = await coming.value
    assert download.suggested_filename == "a b.docx"
    assert await download.failure() is None


@pytest.mark.usefixtures("app_client")
async def test_home_shows_what_the_app_published(world: World, page: Page) -> None:
    await page.goto(world.address(world.ana, "home"))

    await expect(page.get_by_text("Your projects")).to_be_visible()


async def test_the_clock_moves_by_its_buttons(world: World, page: Page) -> None:
    await page.goto(world.address(world.ana, f"c/{world.council.id}"))
    await expect(page.locator("#clock")).to_contain_text("10:00 AM")

    await page.get_by_role("button", name="+1 hour").click()
    await expect(page.locator("#clock")).to_contain_text("11:00 AM Wed 25 Nov 2026")
    await page.get_by_role("button", name="Next morning 09:00").click()
    await expect(page.locator("#clock")).to_contain_text("9:00 AM Thu 26 Nov 2026")
    assert world.sandbox.workspace.clock.now() >= datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
    await page.get_by_role("button", name="Back to real time").click()
    await expect(page.locator("#clock")).to_contain_text("· real time")


async def test_hostile_text_stays_text(world: World, page: Page) -> None:
    await page.goto(world.address(world.ana, f"c/{world.council.id}"))
    hostile = '<img src=x onerror="document.title = 1"><b>bold</b>'
    await page.get_by_label("Message #its-council").fill(hostile)
    await page.keyboard.press("Enter")

    log = page.get_by_role("log", name="Messages")
    await expect(log).to_contain_text(hostile)
    await expect(log.locator("img, b")).to_have_count(0)
    await expect(page).to_have_title("#its-council (Ana Silva) · Slack sandbox")


async def test_on_a_narrow_screen_the_sidebar_waits_behind_a_button(
    world: World, page: Page
) -> None:
    await page.set_viewport_size({"width": 400, "height": 800})
    world.say(world.council, world.omar.id, "x" * 300)
    await page.goto(world.address(world.ana, f"c/{world.council.id}"))
    sidebar = page.get_by_role("navigation", name="Workspace")
    await expect(sidebar).to_be_hidden()

    await page.get_by_role("button", name="Channels and people").click()

    await expect(sidebar).to_be_visible()
    assert await page.locator("#messages").evaluate("list => list.scrollWidth") <= 400
