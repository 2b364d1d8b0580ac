"""Every page, in English and in Spanish: WCAG 2.2 A and AA, light and dark, on a phone and on a desk."""

import re

from support.axe import faults
from support.english import english_left
from support.story import PAGES, Story
from support.texts import english, spanish
from support.tour import Tour


class EveryPage(Story):
    def walk(self, texts):
        self.t = texts
        shown = set()
        for name, browser in Tour(self):
            shown.add(browser.path)
            with self.subTest(f"{name}, {texts.language}"):
                self.assertEqual(browser.find("html").get_attribute("lang"), texts.language)
                if texts is spanish:
                    self.assertEqual(english_left(browser), [])
                found = faults(browser)
                self.assertEqual(found, [], "\n" + "\n".join(map(str, found)))
        return shown

    def test_in_english(self):
        shown = self.walk(english)
        # The walk leaves no page out.
        declared = set(re.findall(r'\.get\("(/[^"]*)"(?!, for: \.machine)', "".join(
            file.read_text() for file in PAGES.rglob("*.swift"))))
        aside = {  # Lead on to others, or are no pages.
            "/settings", "/two-factor", "/language", "/log-out", "/two-factor/recovery-codes/download",
            "/two-factor/delivery"}
        for path in sorted(declared - aside):
            pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
            self.assertTrue(any(pattern.fullmatch(one) for one in shown), f"the walk does not come to {path}")

    def test_in_spanish(self):
        self.walk(spanish)
