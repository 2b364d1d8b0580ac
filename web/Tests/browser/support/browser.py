"""Chromium as people use it: by labels, names and keys."""

import atexit
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from .patience import LIMIT, wait_for

# What is pressed and shown under a name. A space is a space, however many of them the page has.
NAMED = """
const clean = (text) => (text ?? "").replace(/\\s+/g, " ").replaceAll(" :", ":").trim();
return [...document.querySelectorAll("a[href], button, summary")]
  .filter((item) => item.checkVisibility() && (arguments[0] === null || clean(item.innerText) === arguments[0]))
  .map((item) => arguments[0] === null ? clean(item.innerText) : item);
"""

# The field that a label is for, as a screen reader finds it.
LABELLED = """
const clean = (text) => (text ?? "").replace(/\\s+/g, " ").trim();
return [...document.querySelectorAll("label")]
  .filter((label) => clean(label.innerText) === arguments[0] && label.checkVisibility()).map((label) => label.control);
"""


class Chromium:
    """One process of Chromium, which the browsers of many tests share: to start one takes longer than most tests."""

    _running = {}

    @classmethod
    def with_scripts(cls, scripts):
        if scripts not in cls._running:
            cls._running[scripts] = cls(scripts)
        return cls._running[scripts]

    def __init__(self, scripts):
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        options.web_socket_url = True
        # Root may not use the sandbox, and containers have a small /dev/shm.
        for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
                         "--disable-background-networking", "--disable-component-update", "--force-color-profile=srgb"]:
            options.add_argument(argument)
        preferences = {"credentials_enable_service": False}
        if not scripts:
            preferences["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", preferences)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        atexit.register(self.driver.quit)
        self.driver.set_page_load_timeout(LIMIT)
        self.agent = self.driver.execute_cdp_cmd("Browser.getVersion", {})["userAgent"]
        self.shown = self.driver.current_window_handle

    def show(self, tab):
        """The driver, with this tab before it."""
        if self.shown != tab:
            self.driver.switch_to.window(tab)
            self.shown = tab
        return self.driver


class Browser:
    """A browser of somebody's own, with a fresh profile: cookies, storage and cache are nobody else's."""

    def __init__(self, hub, language="en", scripts=True, dark=False, width=1280, height=900):
        self.hub, self.language, self.dark, self.width, self.height = hub, language, dark, width, height
        self.chromium = Chromium.with_scripts(scripts)
        self.downloads = tempfile.TemporaryDirectory(prefix="clienthub-downloads-")
        self.profile = self.chromium.driver.browser.create_user_context()
        self.new_tab()

    def close(self):
        """Ends it; gives what its console said was wrong, such as what the Content-Security-Policy forbade."""
        lines = [line["message"] for line in self.driver.get_log("browser") if line["level"] == "SEVERE"]
        self.driver.browser.remove_user_context(self.profile)
        self.downloads.cleanup()
        # A page that says what is wrong has a status that says so too, which Chromium notes.
        return [line for line in lines if "the server responded with a status of" not in line]

    # Tabs

    @property
    def driver(self):
        return self.chromium.show(self.tab)

    def new_tab(self):
        driver = self.chromium.driver
        self.tab = driver.browsing_context.create(type="tab", user_context=self.profile)
        self.resize(self.width, self.height)
        self.prefer(self.dark)
        self.command("Network.setUserAgentOverride", userAgent=self.chromium.agent, acceptLanguage=self.language)
        self.command("Page.setDownloadBehavior", behavior="allow", downloadPath=self.downloads.name)
        return self.tab

    def to_tab(self, tab):
        self.tab = tab

    # How it looks

    def resize(self, width, height=900, scale=1):
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)

    def prefer(self, dark):
        """Chooses the dark scheme, or the light one."""
        value = "dark" if dark else "light"
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": value}])

    def command(self, name, /, **parameters):
        return self.driver.execute_cdp_cmd(name, parameters)

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    # Going about

    def go(self, path):
        self.open(self.hub.origin + path)

    def open(self, address):
        self.driver.get(address)

    @property
    def path(self):
        return urlsplit(self.driver.current_url).path

    @property
    def query(self):
        return urlsplit(self.driver.current_url).query

    def press(self, name):
        """Presses the button or link that shows `name`, and waits for the page that it leads to."""
        self.leave(lambda: self.click(name))

    def leave(self, action):
        """Does `action`, and waits until another page has come because of it, even if it is at the same address."""
        old = self.driver.find_element(By.TAG_NAME, "html").id
        action()
        self.wait("other page", lambda: self._page() not in (None, old) and self._is_complete())

    def _page(self):
        try:
            return self.driver.find_element(By.TAG_NAME, "html").id
        except WebDriverException:
            return None

    def _is_complete(self):
        return self.script("return document.readyState") == "complete"

    def click(self, name):
        """Presses what shows `name`, and stays."""
        self.button(name).click()

    def button(self, name):
        found = self.script(NAMED, name)
        if not found:
            raise AssertionError(f"nothing to press is called “{name}” at {self.path}, but {self.script(NAMED, None)}")
        return found[0]

    def has_button(self, name):
        return bool(self.script(NAMED, name))

    def back(self):
        self.driver.back()

    def reload(self):
        self.leave(self.driver.refresh)

    # Forms

    def field(self, label):
        found = self.script(LABELLED, label)
        if not found or found[0] is None:
            raise AssertionError(f"no field is labelled “{label}” at {self.path}")
        return found[0]

    def fill(self, label, text):
        field = self.field(label)
        field.clear()
        field.send_keys(text)

    def tick(self, label):
        self.field(label).click()

    def value(self, label):
        return self.field(label).get_property("value")

    # What it shows

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def has(self, selector):
        return bool(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def _text(self, selector):
        return self.script("return document.querySelector(arguments[0])?.innerText.trim() ?? ''", selector)

    @property
    def heading(self):
        return self._text("h1")

    @property
    def text(self):
        return self._text("main")

    @property
    def problem(self):
        return self._text("#problem")

    @property
    def said(self):
        return self._text(".notice")

    @property
    def invalid_fields(self):
        return [item.get_attribute("id") for item in self.driver.find_elements(By.CSS_SELECTOR, "[aria-invalid=true]")]

    def wait(self, what, condition):
        return wait_for(what, condition)

    @property
    def asks_to_send_again(self):
        """Whether Chromium shows, in place of a page, that it would have to send a form once more."""
        return self.has("#main-frame-error")

    # Keys

    def keys(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)

    @property
    def focus(self):
        """What has the focus: its label or its text."""
        return self.script("""
            const item = document.activeElement;
            return (item.labels?.[0]?.innerText ?? item.innerText ?? "").replace(/\\s+/g, " ").trim();
        """)

    @property
    def focus_is_visible(self):
        """Whether one sees where the focus is: an outline of two pixels or more, in the window."""
        return self.script("""
            const item = document.activeElement, style = getComputedStyle(item), box = item.getBoundingClientRect();
            return item.matches(":focus-visible") && style.outlineStyle !== "none"
              && parseFloat(style.outlineWidth) >= 2 && box.width > 0
              && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
        """)

    def tab_to(self, name):
        """Presses the tabulator key until what is called `name` has the focus."""
        passed = []
        for _ in range(60):
            self.keys(Keys.TAB)
            passed.append(self.focus)
            if passed[-1] == name:
                return
        raise AssertionError(f"the tabulator key does not come to “{name}” at {self.path}, but to {passed}")

    # Sessions

    def log_in(self, person, texts, next=None):
        self.go("/log-in" + (f"?next={next}" if next else ""))
        self.fill(texts("logIn.firm"), person.firm.slug)
        self.fill(texts("logIn.email"), person.email)
        self.fill(texts("logIn.password"), person.password)
        self.press(texts("logIn.submit"))

    def take(self, session):
        """Goes on with a session that was made by the wire."""
        self.command(
            "Network.setCookie", name="__Host-session", value=session, url=self.hub.origin, path="/", secure=True,
            httpOnly=True, sameSite="Lax")

    @property
    def session(self):
        cookies = self.command("Network.getCookies", urls=[self.hub.origin])["cookies"]
        return next((cookie["value"] for cookie in cookies if cookie["name"] == "__Host-session"), None)

    def pass_time(self, seconds):
        """Sets the page's clock ahead."""
        self.script("const now = Date.now.bind(Date), ahead = arguments[0] * 1000; Date.now = () => now() + ahead", seconds)

    # Pictures

    def qr_code(self):
        """What the QR code on the page says, as a phone's camera reads it."""
        with tempfile.NamedTemporaryFile(suffix=".png") as file:
            file.write(self.find("svg.qr").screenshot_as_png)
            file.flush()
            read = subprocess.run(["zbarimg", "--quiet", "--raw", file.name], check=True, capture_output=True, text=True)
        return read.stdout.strip()

    def download(self, name):
        """The text of the file that pressing `name` saves."""
        folder = Path(self.downloads.name)
        self.click(name)
        file = self.wait("saved file", lambda: next(iter(folder.glob("*.txt")), None))
        return file.read_text()
