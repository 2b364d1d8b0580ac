"""Takes the pictures of docs/screenshots: every page on a desk, and the most important ones on a phone and in the dark."""

import base64
import io

from PIL import Image

from support.places import ROOT
from support.story import Story
from support.tour import Tour

FOLDER = ROOT / "docs/screenshots"
# Not every state of a page needs a picture.
WITHOUT = {"set-up-confirm-problem", "clients-none", "settings-problem", "verify-problem", "password-problem", "home-off"}
ON_A_PHONE = {"log-in", "set-up", "set-up-confirm", "recovery-codes", "verify", "verify-sms", "home", "security", "clients",
              "client-menu", "override", "settings", "help"}
IN_THE_DARK = {"set-up-confirm", "verify", "clients", "client-menu", "settings-review", "security"}
MOST_BYTES = 150_000


def take(browser, name, width=1280, height=800, scale=1, dark=False):
    browser.resize(width, height, scale)
    browser.prefer(dark)
    # Where the pointer or the focus happens to be is no part of the page.
    browser.script("document.activeElement?.blur(); scrollTo(0, 0)")
    size = browser.command("Page.getLayoutMetrics")["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": width, "height": max(size["height"], height), "scale": 1}
    shot = browser.command("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
    save(Image.open(io.BytesIO(base64.b64decode(shot["data"]))), FOLDER / f"{name}.png")


def save(image, file):
    """Saves it with as many colours as the size allows; a page has few of them."""
    for colours in [128, 64, 32]:
        image.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(file, optimize=True)
        if file.stat().st_size <= MOST_BYTES:
            return
    raise SystemExit(f"{file.name} is larger than {MOST_BYTES} bytes")


class Pictures(Story):
    def runTest(self):
        FOLDER.mkdir(parents=True, exist_ok=True)
        for old in FOLDER.glob("*.png"):
            old.unlink()
        for name, browser in Tour(self):
            if name in WITHOUT:
                continue
            take(browser, name)
            if name in ON_A_PHONE:
                take(browser, f"{name}-phone", width=390, height=844, scale=2)
            if name in IN_THE_DARK:
                take(browser, f"{name}-dark", dark=True)
            browser.resize(1280)
            browser.prefer(dark=False)
            print(name, flush=True)


if __name__ == "__main__":
    pictures = Pictures()
    pictures.setUp()
    try:
        pictures.runTest()
    finally:
        pictures.doCleanups()
