"""What people click in journeys, whatever the language of the page: decide in the admin, sign, check a file."""

from django.urls import reverse
from django.utils import translation

from tests.factories import PASSWORD

VERDICT = "section[aria-labelledby=check] [role=status][data-state]"
SEND = "main form button[type=submit]"


def press(page, selector):
    """Click what leads to another page, and wait for that page."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def fill(page, **values):
    for name, value in values.items():
        page.fill(f"main [name={name}]", value)


def at(here, language, name, *args):
    """Open an address in a language."""
    with translation.override(language):
        return here.goto(reverse(name, args=args))


def decide(here, verb):
    """A coordinator, on the page of one object in the admin: open the decision if it is folded, and take it."""
    form = f"form[action$='/decide/{verb}/']"
    folded = here.page.locator(f"details:not([open]):has({form}) > summary")
    if folded.count():
        folded.click()
    press(here.page, f"{form} button[type=submit]")
    assert here.page.locator(".messagelist .success, .messages .notice-success").count(), here.page.url


def from_the_queue(here, work, obj):
    """A coordinator, on the first page of the admin: the queue, and the object in it."""
    here.goto(reverse("admin:index"))
    press(here.page, f".queues a[href$='?work={work}']")
    press(here.page, f"#result_list a[href*='/{obj.pk}/change/']")


def sign_on_the_page(here, memorandum, language, *, title="Mayor", **typed):
    """As a person does: opens it, reads in a language, confirms, types, proves who they are."""
    page = here.page
    press(page, "main a[href$='/sign/']")
    if page.locator(".locked-text").get_attribute("lang") != language:
        press(page, f"main a.chip[hreflang={language}]")
    text = memorandum.current_texts().get(language=language)
    assert page.locator(".locked-text").get_attribute("lang") == language
    assert page.input_value("[name=sha256]") == text.sha256
    fill(page, title=title, **typed)
    for name in ("in_place", "read", "entitled", "intends"):
        if page.locator(f"main [name={name}]").count():
            page.check(f"main [name={name}]")
    press(page, SEND)
    fill(page, password=PASSWORD)
    press(page, SEND)
    page.wait_for_url(f"**/network/memoranda/{memorandum.code}/")


def verdict(here, content) -> str:
    """What the page of a verification code says of a file: genuine, waiting, old, refused or unknown."""
    file = {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": content}
    here.page.set_input_files("#id_file", file)
    press(here.page, "form[data-hash-here] button[type=submit]")
    return here.page.locator(VERDICT).get_attribute("data-state")
