"""The sample configurations against docs/operations.md, which other tests hold to the services: every setting stands in a
sample, with its default, and a sample is good with all of them in force.
"""
import base64
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from places import DEPLOY, ROOT

OPERATIONS = (ROOT / "docs/operations.md").read_text()
HEADINGS = {
    "auth": ["Settings of every service", "Settings of AuthService"],
    "otp": ["Settings of every service", "Settings of OTPService"],
    "sms": ["Settings of every service", "Settings of SMSGateway"],
    "web": ["Settings of the front end"],
}
PROGRAMS = {"auth": "AuthService", "otp": "OTPService", "sms": "SMSGateway", "web": "ClientHubWeb"}


def section(heading):
    """A section of the page, without those below it."""
    return re.search(rf"^## {heading}\n(.*?)(?=^##)", OPERATIONS, re.MULTILINE | re.DOTALL)[1]


def settings(name):
    """Each setting of a service and its default, as the page has them."""
    rows = {}
    for heading in HEADINGS[name]:
        rows |= dict(re.findall(r"^\| `([^`]+)` \| (.+?) \|", section(heading), re.MULTILINE))
    return rows if name != "web" else rows | {"log.level": '`"info"`'}


def sample(name):
    return (DEPLOY / f"config/{name}.json").read_text()


class SampleTests(unittest.TestCase):
    """deploy/config, as an administrator reads it."""

    def test_every_setting_stands_in_its_sample_and_no_other(self):
        for name in PROGRAMS:
            known = settings(name)
            leaves = {setting.rpartition(".")[2] for setting in known}
            groups = {part.removesuffix("[]") for setting in known for part in setting.split(".")[:-1]}
            there = set(re.findall(r'"(\w+)":', sample(name)))
            with self.subTest(name):
                self.assertEqual(leaves - there, set(), "settings without a line")
                self.assertEqual(there - leaves - groups, set(), "lines that are no settings")

    def test_what_is_commented_out_is_the_default(self):
        for name in PROGRAMS:
            text = sample(name)
            for setting, default in settings(name).items():
                value = re.fullmatch(r"`(.+)`", default)
                # What a sample sets differently from the default is no comment.
                if not value or "[]" in setting:
                    continue
                with self.subTest(f"{name}: {setting}"):
                    leaf = setting.rpartition(".")[2]
                    lines = re.findall(rf'^ *(//)? *"{leaf}": (.+?),$', text, re.MULTILINE)
                    self.assertTrue(lines)
                    for comment, written in lines:
                        if comment:
                            self.assertEqual(written, value[1])

    def test_a_sample_is_good_as_it_is_and_with_everything_in_force(self):
        for name, program in PROGRAMS.items():
            as_it_is = re.sub(r'"clienthub-[a-z]+"', '"root"', sample(name))
            everything = re.sub(r'^( *)// ("\w+": .+,)$', r"\1\2", as_it_is, flags=re.MULTILINE)
            self.assertNotEqual(as_it_is, everything)
            for text in (as_it_is, everything):
                with self.subTest(name), tempfile.TemporaryDirectory() as place:
                    for key in ("otp", "sms", "web"):
                        (pathlib.Path(place) / f"{key}.key").write_text(f"1 {base64.b64encode(os.urandom(32)).decode()}\n")
                        (pathlib.Path(place) / f"{key}.key").chmod(0o600)
                    file = pathlib.Path(place) / f"{name}.json"
                    text = text.replace("/etc/clienthub/", f"{place}/")
                    # An outbox's messages are shown by a demonstration alone.
                    file.write_text(text.replace('"demo": false', '"demo": true') if text != as_it_is else text)
                    folder = ROOT / ("web/.build/debug" if name == "web" else ".build/debug")
                    done = subprocess.run([folder / program, "--config", file, "--check"], capture_output=True,
                                          text=True, env={"CREDENTIALS_DIRECTORY": place})
                    self.assertEqual((done.returncode, done.stdout), (0, "configuration is good\n"), done.stderr)


if __name__ == "__main__":
    unittest.main()
