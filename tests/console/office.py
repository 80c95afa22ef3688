"""What the scenarios work with: the office's command line and API, and its people, each with a
browser and a virtual authenticator of his own. Run with a scenario's name."""

import importlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

HERE = Path(__file__).parent
SIZES = {"phone": (360, 740), "desktop": (1280, 800)}
PATIENCE = 15_000


class Office:
    """The office of one running service."""

    def __init__(self, browser):
        self.browser = browser
        self.url = os.environ["ABSAH_URL"]
        self.first_link = os.environ["ABSAH_FIRST_LINK"]
        self.folder = Path(os.environ["ABSAH_FOLDER"])
        self.pictures = Path(os.environ["ABSAH_PICTURES"])

    def command(self, *arguments):
        """Runs `absah … --data … --json`; gives its JSON."""
        what, *rest = arguments
        data = str(self.folder / "data")
        command = [os.environ["ABSAH"], what, "--data", data, "--json", *rest]
        # The service took a free port, which no configuration names.
        world = {**os.environ, "ABSAH_SERVER_PUBLIC_URL": self.url}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=world)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return json.loads(done.stdout)

    def register(self, name, *roles, office="Kepala Dinas"):
        """A person without passkey and key: id, API key, link."""
        named = [part for role in roles for part in ("--role", role)]
        more = ["--without-key"] if "signatory" in roles else []
        return self.command("user", "add", name, "--office", office, *named, *more)

    def client(self, name="OPTIMIS"):
        """The API key of a permit system."""
        return self.command("client", "add", name)["key"]

    def permit_type(self, code, signatories, tiers=(), gates=()):
        """Lays down a permit type: names of those who sign and review."""
        lines = [
            f'code = "{code}"',
            'name = "Surat Izin Praktik Bidan"',
            'service_class = "three_hours"',
            f"gates = {json.dumps(list(gates))}",
            "[[signature]]",
            'field = "Signature1"',
            'office = "Kepala Dinas"',
            f"signatories = {json.dumps(list(signatories))}",
            "placement = { page = 1, rect = [288.0, 90.0, 246.0, 122.0] }",
        ]
        for tier in tiers:
            lines += ["[[tier]]", f'name = "Kepala Seksi"', f"reviewers = [{json.dumps(tier)}]"]
        file = self.folder / f"{code}.toml"
        file.write_text("\n".join(lines))
        return self.command("permit-type", "save", str(file))

    def api(self, method, path, key, body=None, kind="application/json"):
        """A call of a program; gives its JSON."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        address = self.url.replace("localhost", "127.0.0.1") + path
        headers = {"Authorization": f"Bearer {key}", "Content-Type": kind}
        request = urllib.request.Request(address, data=data, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def submit(self, key, permit_type, number):
        """Submits the sample permit; gives the document."""
        metadata = {
            "permit_type": permit_type,
            "number": number,
            "holder": {"name": "Melati Contoh Pertiwi", "kind": "person"},
            "valid_until": "2099-01-01",
        }
        file = (self.folder / "permit.pdf").read_bytes()
        edge = b"--absah-7d1f0c5be5a94b0f"
        part = b'\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
        body = edge + part % (b"metadata", b"") + json.dumps(metadata).encode() + b"\r\n"
        body += edge + part % (b"file", b'; filename="a.pdf"') + file + b"\r\n" + edge + b"--\r\n"
        kind = "multipart/form-data; boundary=" + edge[2:].decode()
        return self.api("POST", "/api/v1/documents", key, body, kind)

    def issued(self, key, id):
        """Waits until a document is issued."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            document = self.api("GET", f"/api/v1/documents/{id}", key)
            if document["state"] == "issued":
                return document
            time.sleep(0.05)
        raise AssertionError(document)

    def staff(self, documents=0):
        """A sample office: an administrator, a reviewer and a head, each signed in, the permit type
        SIPB with one tier, and some documents submitted. Gives them by name."""
        client = self.client()
        administrator = self.visitor()
        administrator.enrol(self.first_link, "Sri Administrator, S.Kom.", "Pranata Komputer")
        people = {}
        for name, who, role in (
            ("reviewer", "Budi Santoso, S.E.", "reviewer"),
            ("head", "Dra. Siti Aminah, M.Si.", "signatory"),
        ):
            people[name] = self.visitor()
            people[name].enrol(self.register(who, role)["invitation"])
        self.permit_type("SIPB", ["Dra. Siti Aminah, M.Si."], tiers=["Budi Santoso, S.E."])
        submitted = [self.submit(client, "SIPB", f"503/{n + 1}") for n in range(documents)]
        return {"client": client, "administrator": administrator, "documents": submitted, **people}

    def visitor(self, **options):
        """Someone with a browser and an authenticator: `prf=False` for one without PRF."""
        return Visitor(self, **options)


class Visitor:
    """A browser of its own, with an authenticator that knows whom it serves."""

    def __init__(self, office, prf=True, language="id-ID", size="desktop", dark=False):
        self.office = office
        width, height = SIZES[size]
        self.context = office.browser.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            color_scheme="dark" if dark else "light",
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.faults = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._heard)
        self.cdp = self.context.new_cdp_session(self.page)
        self.cdp.send("WebAuthn.enable")
        self.authenticator = self.add_authenticator(prf)

    def _heard(self, message):
        # A refused call is a line of the browser's own; scripts and policies that fail are faults.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def add_authenticator(self, prf=True):
        options = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "hasPrf": prf,
            "automaticPresenceSimulation": True,
        }
        added = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return added["authenticatorId"]

    def other_device(self, prf=True):
        """Takes another device: its passkeys are none of the first one's."""
        gone = {"authenticatorId": self.authenticator}
        self.cdp.send("WebAuthn.removeVirtualAuthenticator", gone)
        self.authenticator = self.add_authenticator(prf)

    def verify(self, verified):
        """Whether the authenticator recognises its user."""
        asked = {"authenticatorId": self.authenticator, "isUserVerified": verified}
        self.cdp.send("WebAuthn.setUserVerified", asked)

    def open(self, path):
        """A path of the service, or a whole link."""
        # A link whose hash alone differs would not be loaded again.
        self.page.goto("about:blank")
        self.page.goto(path if "://" in path else self.office.url + path)
        return self.page

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def at(self, path):
        """Waits until the page is there."""
        self.page.wait_for_url(lambda url: url.split("://")[1].split("/", 1)[1].split("?")[0] == path.lstrip("/"))

    def enrol(self, link, name=None, office=None, secret=None):
        """Uses a link: makes the passkey and arrives at the desk."""
        page = self.open(link)
        page.get_by_role("button", name="Buat passkey").wait_for()
        if name:
            page.get_by_label("Nama lengkap dengan gelar").fill(name)
            page.get_by_label("Jabatan").fill(office)
        page.get_by_role("button", name="Buat passkey").click()
        if secret:
            page.get_by_label("Sandi kunci tanda tangan", exact=True).fill(secret)
            page.get_by_label("Sandi kunci tanda tangan, sekali lagi").fill(secret)
            page.get_by_role("button", name="Simpan").click()
        self.at("/console")

    def sign_in(self):
        self.open("/console/login")
        self.press("Masuk dengan passkey")
        self.at("/console")

    def sign_out(self):
        self.press("Keluar")
        self.at("/console/login")

    def picture(self, name):
        """The page as it is, for people to look at."""
        self.page.screenshot(path=str(self.office.pictures / f"{name}.png"), full_page=True)

    def pictures(self, name):
        """The page as it is on a phone and a desktop, light and dark."""
        before = self.page.viewport_size
        for size, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                self.page.set_viewport_size({"width": width, "height": height})
                self.page.emulate_media(color_scheme=scheme)
                self.picture(f"{name}-{size}-{scheme}")
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(before)

    def leave(self):
        assert not self.faults, self.faults
        self.context.close()


def main(name):
    sys.path.insert(0, str(HERE))
    # As this module, not as `__main__`: scenarios import it too.
    office = importlib.import_module("office")
    scenario = importlib.import_module(f"scenarios.{name}")
    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=options)
        scenario.run(office.Office(browser))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
