"""A6: signing in with Google, in a browser, against a provider that speaks real OpenID Connect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.google import WAY_OUT, Google, running_google
from tests.e2e.people import PASSWORD, Person

pytestmark = pytest.mark.e2e
Somebody = Callable[[str], Person]


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Google]:
    with running_google(tmp_path_factory.mktemp("google")) as google:
        yield google


@pytest.fixture(scope="module")
def settings(google: Google) -> dict[str, str]:
    return google.settings


def test_A6_somebody_new_signs_in_and_has_an_organization(
    google: Google, somebody: Somebody
) -> None:
    gina = somebody("Gina")
    google.knows("sub-gina", gina.email, verified=True, name="Gina")
    continue_with_google(gina, google, "sub-gina")
    expect(gina.page.get_by_role("heading", name="Good to see you, Gina")).to_be_visible()
    me = who(gina)
    assert me["user"]["role"] == "owner"
    assert me["user"]["email_verified"] is True
    assert me["user"]["has_password"] is False
    assert me["organization"]["name"] == "Gina’s team"


def test_A6_the_account_is_keyed_on_the_subject_although_the_address_changes(
    google: Google, somebody: Somebody
) -> None:
    before, later = somebody("Carla"), somebody("Carla")
    google.knows("sub-carla", "carla@harbour.example.com", verified=True, name="Carla")
    assert google.lead(before.context.request, "sub-carla") == "/dashboard"
    google.knows("sub-carla", "carla@married.example.com", verified=True, name="Carla")
    continue_with_google(later, google, "sub-carla")
    expect(later.page).to_have_url("/dashboard")
    assert who(later)["user"]["id"] == who(before)["user"]["id"]


def test_A6_another_subject_with_a_known_address_is_somebody_else(
    google: Google, somebody: Somebody
) -> None:
    eva, other = somebody("Eva"), somebody("Eva")
    google.knows("sub-eva", eva.email, verified=True, name="Eva")
    google.knows("sub-not-eva", eva.email, verified=True, name="Not Eva")
    assert google.lead(eva.context.request, "sub-eva") == "/dashboard"
    assert google.lead(other.context.request, "sub-not-eva") == "/login?problem=email_taken"
    assert is_signed_out(other)


def test_A6_an_existing_account_is_linked_when_google_has_proven_the_address(
    google: Google, somebody: Somebody
) -> None:
    lina, elsewhere = somebody("Lina"), somebody("Lina")
    lina.register("Lina’s Lamps")
    lina.open_kept_mail(lina.email, "Please confirm").click()
    expect(lina.page.get_by_role("heading", name="Address confirmed")).to_be_visible()
    google.knows("sub-lina", lina.email, verified=True, name="Lina")
    continue_with_google(elsewhere, google, "sub-lina")
    expect(elsewhere.page.get_by_text("This is the desk of Lina’s Lamps.")).to_be_visible()
    # Both ways lead in from now on.
    assert who(elsewhere)["user"]["has_password"] is True
    assert who(lina)["user"]["id"] == who(elsewhere)["user"]["id"]


def test_A6_whoever_took_an_unproven_address_first_loses_it_to_its_owner(
    google: Google, somebody: Somebody
) -> None:
    squatter, vera = somebody("Vera"), somebody("Vera")
    squatter.register("A trap")
    google.knows("sub-vera", vera.email, verified=True, name="Vera")
    assert google.lead(vera.context.request, "sub-vera") == "/dashboard"
    assert is_signed_out(squatter)
    credentials = {"email": squatter.email, "password": PASSWORD}
    assert squatter.call("POST", "/api/auth/login", credentials).status == 401


def test_A6_an_address_that_google_has_not_proven_is_refused_with_a_sentence(
    google: Google, somebody: Somebody
) -> None:
    ulla, attacker = somebody("Ulla"), somebody("Ulla")
    ulla.register()
    google.knows("sub-ulla", ulla.email, verified=False, name="Ulla")
    continue_with_google(attacker, google, "sub-ulla")
    expect_refusal(attacker, "Google has not confirmed this address")
    assert not is_signed_out(ulla)


def test_A6_an_address_that_google_has_not_proven_makes_no_account_either(
    google: Google, somebody: Somebody
) -> None:
    nils = somebody("Nils")
    google.knows("sub-nils", nils.email, verified=False, name="Nils")
    refused = "/login?problem=email_not_verified"
    assert google.lead(nils.context.request, "sub-nils") == refused
    assert is_signed_out(nils)


def test_A6_an_open_invitation_is_joined_instead_of_a_new_organization(
    google: Google, somebody: Somebody
) -> None:
    olivia, ines = somebody("Olivia"), somebody("Ines")
    olivia.register("Harbour Books")
    invite(olivia, ines)
    google.knows("sub-ines", ines.email, verified=True, name="Ines")
    continue_with_google(ines, google, "sub-ines")
    expect(ines.page.get_by_text("This is the desk of Harbour Books.")).to_be_visible()
    assert who(ines)["user"]["role"] == "agent"
    assert olivia.call("GET", "/api/invites").json()["items"] == []


def test_A6_an_answer_that_another_browser_asked_for_is_refused(
    google: Google, somebody: Somebody
) -> None:
    attacker, victim = somebody("Mallory"), somebody("Victor")
    google.knows("sub-mallory", attacker.email, verified=True, name="Mallory")
    # The attacker keeps the address that would sign them in, and has the victim open it.
    trap = google.way_back(attacker.context.request, "sub-mallory")
    victim.page.goto(trap)
    expect_refusal(victim, "took too long")
    # Nor when the victim happens to be on the way to Google as well.
    victim.page.goto(WAY_OUT)
    expect(victim.page.get_by_placeholder("sub")).to_be_visible()
    victim.page.goto(trap)
    expect_refusal(victim, "took too long")


def test_A6_an_answer_is_good_once(google: Google, somebody: Somebody) -> None:
    rolf = somebody("Rolf")
    google.knows("sub-rolf", rolf.email, verified=True, name="Rolf")
    asked = rolf.context.request
    back = google.way_back(asked, "sub-rolf")
    attempt = rolf.context.cookies()
    assert asked.get(back, max_redirects=0).headers["location"] == "/dashboard"
    rolf.context.clear_cookies()
    # Even for whoever has kept the browser's own half of it.
    rolf.context.add_cookies(attempt)  # type: ignore[arg-type]
    refused = "/login?problem=google_refused"
    assert asked.get(back, max_redirects=0).headers["location"] == refused


def test_A6_the_request_carries_a_fresh_state_nonce_and_pkce_challenge(
    google: Google, somebody: Somebody
) -> None:
    pia = somebody("Pia")
    asked = []
    for _ in range(2):
        sent_to = pia.context.request.get(WAY_OUT, max_redirects=0).headers["location"]
        assert sent_to.startswith(google.url)
        asked.append(parse_qs(urlsplit(sent_to).query))
    for query in asked:
        assert query["code_challenge_method"] == ["S256"]
        assert query["response_type"] == ["code"]
        assert len(query["code_challenge"][0]) == 43
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]


def test_A6_coming_back_leads_to_the_page_that_was_wanted(
    google: Google, somebody: Somebody
) -> None:
    nele = somebody("Nele")
    google.knows("sub-nele", nele.email, verified=True, name="Nele")
    nele.page.goto("/dashboard/settings/sessions")
    follow_google(nele, google, "sub-nele")
    expect(nele.page).to_have_url("/dashboard/settings/sessions")


def test_A6_coming_back_leads_to_no_foreign_page(google: Google, somebody: Somebody) -> None:
    nora = somebody("Nora")
    google.knows("sub-nora", nora.email, verified=True, name="Nora")
    for wanted in (
        "//evil.example/",
        "https://evil.example/",
        "/%5Cevil.example",
        "/%09/evil.example",
    ):
        led_to = google.lead(nora.context.request, "sub-nora", f"{WAY_OUT}?next={wanted}")
        assert led_to == "/dashboard", wanted


def test_A6_changing_ones_mind_at_google_is_said_kindly(google: Google, somebody: Somebody) -> None:
    dora = somebody("Dora")
    dora.page.goto("/login")
    dora.page.get_by_role("link", name="Continue with Google").click()
    google.decline(dora.page)
    expect_refusal(dora, "was cancelled")


def test_A6_somebody_suspended_does_not_come_in_by_google(
    google: Google, somebody: Somebody
) -> None:
    olga, sven, again = somebody("Olga"), somebody("Sven"), somebody("Sven")
    olga.register("Olga’s Oars")
    invite(olga, sven)
    google.knows("sub-sven", sven.email, verified=True, name="Sven")
    assert google.lead(sven.context.request, "sub-sven") == "/dashboard"
    suspended = olga.call("PATCH", f"/api/users/{who(sven)['user']['id']}", {"active": False})
    assert suspended.status == 200, suspended.text()
    assert google.lead(again.context.request, "sub-sven") == "/login?problem=suspended"
    assert is_signed_out(again)
    assert is_signed_out(sven)


def continue_with_google(person: Person, google: Google, subject: str) -> None:
    person.page.goto("/login")
    follow_google(person, google, subject)


def follow_google(person: Person, google: Google, subject: str) -> None:
    person.page.get_by_role("link", name="Continue with Google").click()
    google.agree(person.page, subject)


def invite(owner: Person, colleague: Person) -> None:
    invited = owner.call("POST", "/api/invites", {"email": colleague.email, "role": "agent"})
    assert invited.status == 201, invited.text()


def who(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = person.call("GET", "/api/auth/me").json()
    return found


def is_signed_out(person: Person) -> bool:
    return person.call("GET", "/api/auth/me").status == 401


def expect_refusal(person: Person, sentence: str) -> None:
    """On the sign-in page, in words, and nobody is signed in."""
    expect(person.page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(person.page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
    assert is_signed_out(person)
