"""The package in a fresh Debian without a running init: what it installs, and what upgrade, removal and purge leave."""
import os
import re
import stat
import unittest

from places import ROOT, UNITS, deb, run
from root import Root, newer

SERVICES = ["auth", "otp", "sms", "web"]
# How exposed each may be, as systemd-analyze security counts: 0 is not at all, 10 is fully.
EXPOSURE = {"auth": 1.0, "otp": 1.0, "sms": 2.0, "web": 2.0, "backup": 2.0}


class FileTests(unittest.TestCase):
    """The package as a file."""

    def test_its_version_is_that_of_the_programs(self):
        version = run("dpkg-deb", "--field", deb(), "Version")
        self.assertEqual(version, run(ROOT / "scripts/version"))
        self.assertEqual(deb().name, f"clienthub-2fa_{version}_{run('dpkg', '--print-architecture')}.deb")

    def test_lintian_has_nothing_to_say(self):
        said = run("lintian", "--allow-root", "--fail-on", "none", "--no-tag-display-limit", "--show-overrides", deb())
        self.assertEqual([line for line in said.splitlines() if line[:2] in ("E:", "W:")], [], said)

    def test_its_programs_need_nothing_of_swift_on_the_host(self):
        needed = run("dpkg-deb", "--field", deb(), "Depends")
        self.assertNotIn("swift", needed)
        for library in ("libc6", "libsqlite3-0", "libssl3", "libargon2-1", "libcurl4", "libqrencode4", "systemd"):
            self.assertRegex(needed, rf"(^|, ){library}\b")


class PackageTests(unittest.TestCase):
    """Installed, used, upgraded, removed and purged, in this order: each test goes on from the one before."""

    @classmethod
    def setUpClass(cls):
        cls.root = Root("package")
        cls.addClassCleanup(cls.root.delete)
        cls.said = cls.root.install()

    def mode(self, path):
        info = os.lstat(self.root.place(path))
        return stat.S_IMODE(info.st_mode), info.st_uid

    def test_1_asks_nothing_and_makes_users_groups_and_keys(self):
        # The one question that it has is not asked yet: debconf marks those that were by a star.
        self.assertEqual(self.root.run("debconf-show", "clienthub-2fa"), "  clienthub-2fa/remove-data: false")
        self.assertEqual(len({self.root.user(f"clienthub-{name}") for name in SERVICES}), 4)
        callers = {"auth": {"web"}, "otp": {"web", "auth"}, "sms": {"web", "otp"}}
        groups = re.findall(r"^clienthub-(\w+)-callers:[^:]*:\d+:(.*)$",
                            self.root.place("/etc/group").read_text(), re.MULTILINE)
        self.assertEqual({name: {one.removeprefix("clienthub-") for one in members.split(",")}
                          for name, members in groups}, callers)
        for name in ("otp", "sms", "web"):
            self.assertEqual(self.mode(f"/etc/clienthub/{name}.key"), (0o600, 0))
            self.assertRegex(self.root.place(f"/etc/clienthub/{name}.key").read_text(), r"^1 [A-Za-z0-9+/]{43}=\n$")

    def test_1_its_programs_run_and_its_configurations_are_good(self):
        version = run(ROOT / "scripts/version")
        for name, program in {"auth": "AuthService", "otp": "OTPService", "sms": "SMSGateway",
                              "web": "ClientHubWeb"}.items():
            path = f"/usr/lib/clienthub/{program}"
            self.assertEqual(self.root.run(path, "--version"), f"{program} {version}")
            self.assertEqual(
                self.root.run(path, "--config", f"/etc/clienthub/{name}.json", "--check",
                              CREDENTIALS_DIRECTORY="/etc/clienthub"), "configuration is good")
        self.assertEqual(self.root.run("hubctl", "--version"), version)
        self.assertIn("backup", self.root.run("hubctl", "--help"))
        self.assertEqual(self.root.run("dpkg", "--verify", "clienthub-2fa"), "")

    def test_2_systemd_has_nothing_to_say_of_its_units(self):
        units = sorted(path.name for path in UNITS.iterdir() if path.is_file())
        self.assertEqual(self.root.run("systemd-analyze", "verify", "--man=no", *units), "")

    def test_2_its_services_are_as_little_exposed_as_they_are_to_be(self):
        for name, most in EXPOSURE.items():
            said = self.root.run("systemd-analyze", "security", "--offline=true", "--no-pager",
                                 f"clienthub-{name}.service")
            score = float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)[1])
            with self.subTest(name, score=score):
                self.assertLessEqual(score, most, said)

    def test_2_only_the_gateway_has_a_network(self):
        for name in [*SERVICES, "backup"]:
            text = "".join(path.read_text() for path in [
                UNITS / f"clienthub-{name}.service", UNITS / "clienthub-.service.d/10-hardening.conf",
                *sorted((UNITS / f"clienthub-{name}.service.d").glob("*.conf"))])
            families = set(" ".join(re.findall(r"^RestrictAddressFamilies=(.*)$", text, re.MULTILINE)).split())
            private = re.findall(r"^PrivateNetwork=(.*)$", text, re.MULTILINE)
            allowed = re.findall(r"^IPAddressAllow=(.*)$", text, re.MULTILINE)
            with self.subTest(name):
                self.assertIn("IPAddressDeny=any", text)
                if name == "sms":
                    self.assertEqual((families, private, allowed), ({"AF_UNIX", "AF_INET", "AF_INET6"}, ["no"], ["any"]))
                else:
                    self.assertEqual((families, private, allowed), ({"AF_UNIX"}, ["yes"], []))

    def test_3_its_units_are_enabled(self):
        wanted = {"multi-user.target.wants/clienthub.target", "timers.target.wants/clienthub-backup.timer"}
        wanted |= {f"sockets.target.wants/clienthub-{name}.socket" for name in SERVICES}
        wanted |= {f"clienthub.target.wants/clienthub-{name}.service" for name in SERVICES}
        place = self.root.place("/etc/systemd/system")
        self.assertEqual({str(path.relative_to(place)) for path in place.glob("*.wants/clienthub*")}, wanted)

    def test_4_an_upgrade_keeps_settings_keys_and_data(self):
        keys = {name: self.root.place(f"/etc/clienthub/{name}.key").read_text() for name in ("otp", "sms", "web")}
        setting = self.root.place("/etc/clienthub/web.json")
        setting.write_text(setting.read_text().replace("hub.example.com", "portal.example.com"))
        database = self.root.place("/var/lib/clienthub/auth/auth.db")
        database.parent.mkdir(parents=True)
        database.write_text("data")
        self.root.run("systemctl", "disable", "clienthub-backup.timer")
        self.root.install(newer(deb(), "99.0"))
        self.assertEqual(self.root.run("dpkg-query", "--show", "--showformat=${Version}", "clienthub-2fa"), "99.0")
        self.assertIn("portal.example.com", setting.read_text())
        self.assertEqual(database.read_text(), "data")
        for name, key in keys.items():
            self.assertEqual(self.root.place(f"/etc/clienthub/{name}.key").read_text(), key)
        # What an administrator has disabled stays so.
        self.assertFalse(self.root.place("/etc/systemd/system/timers.target.wants/clienthub-backup.timer").exists())

    def test_5_without_its_key_a_database_gets_no_new_one(self):
        database = self.root.place("/var/lib/clienthub/otp/otp.db")
        database.parent.mkdir(parents=True)
        database.write_text("sealed")
        key = self.root.place("/etc/clienthub/otp.key")
        kept = key.read_text()
        key.unlink()
        self.root.run("dpkg-reconfigure", "clienthub-2fa")
        self.assertFalse(key.exists())
        key.write_text(kept)
        key.chmod(0o600)

    def test_6_removal_and_a_purge_without_an_answer_keep_data_and_keys(self):
        self.root.run("apt-get", "remove", "--yes", "clienthub-2fa")
        self.assertFalse(self.root.place("/usr/lib/clienthub").exists())
        self.assertTrue(self.root.place("/etc/clienthub/web.json").exists())
        self.root.run("apt-get", "purge", "--yes", "clienthub-2fa")
        self.assertFalse(self.root.place("/etc/clienthub/web.json").exists())
        self.assertEqual(self.root.place("/var/lib/clienthub/auth/auth.db").read_text(), "data")
        self.assertTrue(self.root.place("/etc/clienthub/otp.key").exists())

    def test_7_a_later_installation_takes_them_over(self):
        key = self.root.place("/etc/clienthub/otp.key").read_text()
        self.root.install()
        self.assertEqual(self.root.place("/etc/clienthub/otp.key").read_text(), key)
        self.assertEqual(self.root.place("/var/lib/clienthub/auth/auth.db").read_text(), "data")

    def test_8_a_purge_that_was_told_to_leaves_nothing(self):
        self.root.run("sh", "-c", "echo clienthub-2fa clienthub-2fa/remove-data boolean true | debconf-set-selections")
        self.root.run("apt-get", "purge", "--yes", "clienthub-2fa")
        for path in ("/etc/clienthub", "/var/lib/clienthub", "/var/backups/clienthub", "/run/clienthub",
                     "/usr/share/clienthub", "/usr/share/doc/clienthub-2fa"):
            self.assertFalse(self.root.place(path).exists(), path)
        for file in ("passwd", "group"):
            self.assertNotIn("clienthub", self.root.place(f"/etc/{file}").read_text())
        self.assertEqual(list(self.root.place("/etc/systemd/system").rglob("*clienthub*")), [])


if __name__ == "__main__":
    unittest.main()
