"""What every story has: the product, browsers of its own, and a picture where it fails."""

import re
import unittest
from urllib.parse import parse_qs, urlsplit

from .browser import Browser
from .hub import Hub
from .people import App
from .places import ROOT
from .texts import english

PAGES = ROOT / "web/Sources/ClientHubWeb/Pages"
FAILURES = ROOT / "web/.build/browser-failures"


def gated_paths():
    """The paths of all pages that the gate is before, as the sources declare them, without those that open it."""
    pages = "".join(file.read_text() for file in sorted(PAGES.rglob("*.swift")))
    declared = re.findall(r'\.get\("(/[^"]*)"(?!, for:)', pages)
    if len(declared) < 20:
        raise AssertionError(f"the pages are declared in another way now: found only {declared}")
    return [path for path in declared if not path.startswith("/two-factor")]


class Story(unittest.TestCase):
    maxDiff = None
    t = english

    def run(self, result=None):
        self._result, self._faults_before = result, self._faults(result)
        return super().run(result)

    @staticmethod
    def _faults(result):
        return len(result.failures) + len(result.errors) if result else 0

    def setUp(self):
        self.hub = Hub.shared()

    def browser(self, **options):
        browser = Browser(self.hub, **options)
        self.addCleanup(self._close, browser)
        return browser

    def _close(self, browser):
        if self._faults(self._result) > self._faults_before:
            FAILURES.mkdir(parents=True, exist_ok=True)
            browser.driver.save_screenshot(str(FAILURES / f"{self.id()}.png"))
        self.assertEqual(browser.close(), [], "the browser's console has complaints")

    # What stories begin with

    def inside(self, person, path="/", **options):
        """A browser of somebody who is logged in, with the second factor proved where there is one."""
        browser = self.browser(**options)
        browser.take(self.hub.log_in(person))
        browser.go(path)
        return browser

    def owner_inside(self, firm, path="/clients", **options):
        browser = self.browser(**options)
        browser.take(firm.session)
        browser.go(path)
        return browser

    # What stories do again and again

    def begin_app(self, browser):
        """Chooses the authenticator app, and scans its QR code."""
        browser.press(self.t("setUp.continue"))
        self.assertEqual(browser.heading, self.t("setUp.titleApp"))

    def scan(self, browser, person):
        uri = urlsplit(browser.qr_code())
        self.assertEqual((uri.scheme, uri.netloc), ("otpauth", "totp"))
        secret = parse_qs(uri.query)["secret"][0]
        person.app = App(self.hub, person.id, secret)
        return uri

    def set_up_app(self, browser, person):
        """The whole set-up by app, from the choice to the page after the recovery codes."""
        self.begin_app(browser)
        self.scan(browser, person)
        browser.fill(self.t("setUp.codeLabelApp"), person.app.code())
        browser.press(self.t("setUp.confirm"))
        self.keep_codes(browser, person)

    def begin_phone(self, browser, phone):
        browser.tick(self.t("setUp.sms"))
        browser.fill(self.t("setUp.phone"), phone.typed)
        browser.press(self.t("setUp.continue"))
        self.assertEqual(browser.heading, self.t("setUp.titleSMS"))

    def keep_codes(self, browser, person):
        self.assertEqual(browser.heading, self.t("recovery.title"))
        person.recovery_codes = browser.find("#codes").text.split("\n")
        browser.tick(self.t("recovery.kept"))
        browser.press(self.t("recovery.continue"))

    def verify(self, browser, code, label="verify.codeLabel.authenticator"):
        browser.fill(self.t(label), code)
        browser.press(self.t("verify.submit"))

    # What stories look for

    def assertAt(self, browser, path, heading=None):
        self.assertEqual(browser.path, path)
        if heading is not None:
            self.assertEqual(browser.heading, heading)

    def assertLocked(self, browser, path, heading="setUp.title"):
        """Asked for `path`, the browser shows the page that opens the lock, and nothing of what is behind it."""
        browser.go(path)
        self.assertEqual(browser.heading, self.t(heading), f"{path} is not locked")
        self.assertFalse(browser.has("header nav a[href='/security']"), f"the lock at {path} shows a way around it")

    def assertOpen(self, browser, path):
        browser.go(path)
        self.assertEqual(browser.path, path, f"{path} is locked")
