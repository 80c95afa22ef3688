"""The first administrator enrols, leaves, signs in; a second passkey; links and passkeys that open
nothing."""

from playwright.sync_api import expect


def run(office):
    first = office.visitor()
    first.open(office.first_link)
    first.page.get_by_role("button", name="Buat passkey").wait_for()
    assert "#" not in first.page.url, "the link's secret stays in no address"
    first.pictures("enrol-first")
    first.enrol(office.first_link, "Sri Administrator, S.Kom.", "Pranata Komputer")
    expect(first.page.get_by_text("Sri Administrator, S.Kom.").first).to_be_visible()
    first.sign_out()
    first.pictures("login")

    first.sign_in()

    late = office.visitor()
    late.open(office.first_link)
    expect(late.page.get_by_text("Tautan ini sudah dipakai")).to_be_visible()
    late.pictures("enrol-spent")
    late.open("/console/login")
    late.press("Masuk dengan passkey")
    expect(late.page.get_by_text("Tidak jadi:")).to_be_visible()
    late.pictures("login-cancelled")
    late.leave()

    person = office.register("Budi Santoso, S.E.", "reviewer", office="Kepala Seksi")
    reviewer = office.visitor(language="en-GB", size="phone")
    page = reviewer.open(person["invitation"])
    expect(page.get_by_text("This invitation is for Budi Santoso, S.E., Kepala Seksi.")).to_be_visible()
    reviewer.picture("enrol-en-phone")
    page.get_by_role("button", name="Make the passkey").click()
    reviewer.at("/console")
    reviewer.open("/console/passkeys")
    reviewer.pictures("passkeys-one")

    # A second device takes the first one's place; the session stays.
    page.get_by_label("What to call that device").fill("Laptop")
    reviewer.other_device()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Laptop")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    reviewer.at("/console/login")
    page.get_by_role("button", name="Sign in with a passkey").click()
    reviewer.at("/console")
    reviewer.leave()
    first.leave()
