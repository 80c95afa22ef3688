"""The desk and the office's pages: read, review, return, mandates, keys, permit types; every page
without a finding of axe in both themes, and light."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import expect

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HEAVIEST = 150_000


def audit(visitor, name):
    """Holds the page against axe in both themes and both sizes, and against its weight."""
    page = visitor.page
    weighed = page.evaluate(
        """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
            .filter((one) => !one.name.includes('/pages/'))
            .reduce((sum, one) => sum + one.decodedBodySize, 0)"""
    )
    assert weighed < HEAVIEST, (name, weighed)
    before = page.viewport_size
    for width, height in ((360, 740), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            # Evaluated by the browser's tool, which the page's policy does not bind.
            visitor.cdp.send("Runtime.evaluate", {"expression": AXE})
            asked = f"axe.run(document, {{runOnly: {RULES}}}).then((r) => JSON.stringify(r.violations))"
            found = visitor.cdp.send(
                "Runtime.evaluate", {"expression": asked, "awaitPromise": True, "returnByValue": True}
            )
            found = found["result"]["value"]
            assert found == "[]", (name, width, scheme, found[:3000])
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (name, "scrolls sideways", wide)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(before)


def seen(visitor, name):
    audit(visitor, name)
    visitor.pictures(name)


def run(office):
    people = office.staff(documents=3)
    reviewer, head, administrator = people["reviewer"], people["head"], people["administrator"]
    first, second, third = (one["id"] for one in people["documents"])

    reviewer.open("/console")
    seen(reviewer, "desk-reviewer")
    page = reviewer.page
    page.get_by_role("link", name="Mulai dari yang paling mendesak").click()
    reviewer.at(f"/console/documents/{first}")
    expect(page.get_by_role("img", name="Gambar halaman 1 dari 1, dokumen 503/1")).to_be_visible()
    drawn = "document.querySelector('.paper img').naturalWidth"
    page.wait_for_function(drawn + " > 0")
    seen(reviewer, "document-reviewer")
    # By keyboard: the review leads on to the next document.
    page.keyboard.press("r")
    reviewer.at(f"/console/documents/{second}")
    expect(page.get_by_text("Paraf Anda pada dokumen sebelumnya")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("r")
    reviewer.at(f"/console/documents/{third}")
    page.keyboard.press("b")
    reviewer.at(f"/console/documents/{third}/return")
    seen(reviewer, "return")
    reviewer.press("Kirim keputusan")
    expect(page.get_by_text("Pilih atau tulis alasannya")).to_be_visible()
    seen(reviewer, "return-without-reason")
    page.get_by_label("Persyaratan belum lengkap").check()
    page.get_by_label("Penjelasan").fill("Surat keterangan domisili belum ada.")
    reviewer.press("Kirim keputusan")
    reviewer.at("/console")
    expect(page.get_by_text("Tidak ada yang menunggu Anda")).to_be_visible()
    seen(reviewer, "desk-empty")

    page = head.page
    head.open("/console")
    expect(page.get_by_role("heading", name="2 dokumen menunggu Anda")).to_be_visible()
    seen(head, "desk-head-unread")
    head.open(f"/console/documents/{first}")
    page.wait_for_function(drawn + " > 0")
    seen(head, "document-head")
    head.press("Sudah saya baca")
    head.at(f"/console/documents/{second}")
    head.open("/console")
    seen(head, "desk-head-read")
    head.open("/console?lang=en")
    seen(head, "desk-head-english")
    head.open(f"/console/documents/{second}?lang=en")
    page.wait_for_function(drawn + " > 0")
    seen(head, "document-english")
    head.open("/console/report")
    seen(head, "report")

    page = administrator.page
    for path in ("mandates", "keys", "types", "types/new", "types/SIPB", "types/SIPB/place", "clients", "audit", "report"):
        administrator.open(f"/console/{path}")
        seen(administrator, path.replace("/", "-"))
    administrator.open("/console/keys")
    page.get_by_role("link", name="Dra. Siti Aminah, M.Si.").click()
    page.get_by_role("heading", name="Dra. Siti Aminah, M.Si.").wait_for()
    seen(administrator, "key")
    administrator.open("/console/clients")
    page.get_by_label("Nama").fill("SITETEH")
    administrator.press("Daftarkan dan buat kunci")
    expect(page.get_by_text("Kunci ini hanya ditampilkan sekali.")).to_be_visible()
    seen(administrator, "client-key")
    administrator.open("/console/types/SIPB/place?slot=0")
    page.locator("input[type=image]").click(position={"x": 160, "y": 300})
    administrator.at("/console/types/SIPB")
    expect(page.locator("[name=slot0-y]")).not_to_have_value("90")
    administrator.press("Simpan jenis izin")
    administrator.at("/console/types")
    for one in (reviewer, head, administrator):
        one.leave()
