"""The assistant as the team watches it: sentence by sentence, and silent the moment somebody
takes over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.desks import AGENT, Agent, introduce, visitor
from tests.e2e.looks import everything_wrong_with
from tests.e2e.patience import wait_for
from tests.e2e.server import Server
from tests.stubs.chat_behaviours import Behaviour
from tests.stubs.openai_chat import OpenAIChatStub

pytestmark = pytest.mark.e2e
QUESTION = "How long does the Lantern 60 run at full power?"
TRUE = "The Lantern 60 runs for six hours at full power [1]. "
UNTRUE = "It is given away to everybody for 9,999 euro on the moon [1]. "
ALSO_TRUE = "It puts 60 lux on the road [1]. "
LAST = "It weighs 118 g with its clamp [1]."
SLOWLY = Behaviour(text=TRUE + UNTRUE + ALSO_TRUE + LAST, delay_ms=130)
CHAT = Behaviour(text="Hello, how can I help?")


@pytest.fixture(scope="module")
def model() -> Iterator[OpenAIChatStub]:
    with OpenAIChatStub(SLOWLY) as stub:
        yield stub


@pytest.fixture(scope="module")
def settings(model: OpenAIChatStub) -> dict[str, str]:
    return {"OPENAI_BASE_URL": model.base_url, "LLM_MODEL": "stub"}


@pytest.fixture
def olivia(new_context: Callable[[], BrowserContext], server: Server) -> Agent:
    unread = "SELECT 1 FROM documents WHERE status <> 'ready'"
    wait_for(lambda: not server.rows(unread), "the demo's documents are read", seconds=60)
    return Agent(new_context(), "Demo Owner", *server.demo_sign_in)


@pytest.fixture
def ada(new_context: Callable[[], BrowserContext], server: Server) -> Agent:
    return Agent(new_context(), "Demo Agent", AGENT, server.demo_sign_in[1])


def test_the_team_sees_it_stream_with_its_sources_and_what_is_withheld(
    server: Server, olivia: Agent
) -> None:
    with visitor(server) as vera:
        page = olivia.arrive()
        page.set_viewport_size({"width": 1500, "height": 900})
        vera.send("contact", name="Vera Live", email="vera.live@example.com")
        vera.say(QUESTION)
        olivia.row("Vera Live").get_by_role("link").click()
        live = olivia.thread.locator(".said--live")
        expect(live).to_contain_text("six hours at full power")
        expect(live.locator(".said__phase")).to_have_text("is answering")
        expect(olivia.row("Vera Live")).to_contain_text("Answering")
        expect(live.locator(".cite").first).to_be_visible()
        expect(live.locator(".said__foot")).to_contain_text("Lantern 60")
        beside = page.get_by_role("complementary", name="About this conversation")
        expect(beside).to_contain_text("What it is saying now rests on")
        held = live.get_by_role("group", name="Withheld sentences")
        expect(held).to_contain_text("9,999 euro on the moon")
        expect(held.locator("small")).not_to_be_empty()
        assert live.count() == 1
        assert everything_wrong_with(page) == []

        said = vera.event(author="assistant")
        assert "9,999" not in str(vera.frames)
        answer = olivia.thread.locator(".said--assistant").last
        expect(answer).to_contain_text("118 g with its clamp")
        expect(answer.locator(".said__bubble")).not_to_contain_text("9,999")
        expect(answer.locator(".said__foot")).to_contain_text(f"{said['confidence']:.0%}"[:-1])
        answer.get_by_role("button", name="1 withheld").click()
        expect(answer.locator(".withheld")).to_contain_text("9,999 euro on the moon")
        answer.get_by_role("button", name="How").click()
        expect(answer.locator(".how__passages")).to_contain_text("Lantern 60")
        expect(beside).to_contain_text("The last answer rests on")
        expect(beside).to_contain_text("And was kept from saying")
        assert everything_wrong_with(page) == []


def test_whoever_comes_in_the_middle_sees_what_was_said_so_far(
    server: Server, olivia: Agent, ada: Agent
) -> None:
    ada.arrive()
    olivia.arrive()
    with visitor(server) as vera:
        introduce(vera, "Vera Middle", QUESTION)
        vera.expect("delta")
        olivia.row("Vera Middle").get_by_role("link").click()
        expect(olivia.thread.locator(".said--live")).to_contain_text("six hours at full power")


def test_taking_over_silences_it_at_once_and_the_visitor_sees_who_joined(
    server: Server, olivia: Agent, model: OpenAIChatStub
) -> None:
    page = olivia.arrive()
    with visitor(server) as vera:
        introduce(vera, "Vera Silence", QUESTION)
        olivia.row("Vera Silence").get_by_role("link").click()
        live = olivia.thread.locator(".said--live")
        expect(live).to_contain_text("six hours at full power")
        cut_before = model.hung_up

        page.keyboard.press("t")
        joined = vera.event("joined")
        assert joined["author"]["name"] == "Demo Owner"
        expect(live).to_have_count(0)
        expect(page.locator(".head__marks")).to_contain_text("You have the word")
        after = vera.silence(2.5)
        assert not [one for one in after if one["type"] in {"delta", "event"}]
        told = "".join(one["text"] for one in vera.frames if one["type"] == "delta")
        assert "118 g" not in told
        wait_for(lambda: model.hung_up > cut_before, "the model is not listened to any more")

        vera.say("Hello?")
        assert not [one for one in vera.silence(1.5) if one["type"] == "delta"]
        page.keyboard.press("h")
        vera.event("handed_back")
        expect(page.locator(".head__marks")).not_to_contain_text("You have the word")
        vera.say(QUESTION)
        assert "six hours" in vera.event(author="assistant")["text"]


def test_a_model_that_falls_silent_leaves_nothing_behind(
    server: Server, olivia: Agent, model: OpenAIChatStub
) -> None:
    model.then(replace(SLOWLY, name="cut", after=22, delay_ms=20), CHAT)
    with visitor(server) as vera:
        introduce(vera, "Vera Cut", QUESTION)
        olivia.arrive()
        olivia.row("Vera Cut").get_by_role("link").click()
        vera.event(author="assistant")
        expect(olivia.thread.locator(".said--live")).to_have_count(0)
        expect(olivia.thread.locator(".said--assistant")).to_have_count(1)
        expect(olivia.row("Vera Cut")).not_to_contain_text("Answering")
