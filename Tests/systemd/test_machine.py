"""The package under a real systemd: boot, the mission's story, restarts under load, the watchdog, reloads, strangers,
backup, an upgrade, a reboot. The tests go on from one another, in the order of their names.
"""
import json
import os
import pathlib
import re
import socket
import subprocess
import threading
import time
import unittest

import people
from machine import Machine, Refused, ask
from places import LIMIT, ROOT, deb, wait_until
from root import Root, newer

SERVICES = ["sms", "otp", "auth", "web"]
PROCESSES = {"sms": "SMSGateway", "otp": "OTPService", "auth": "AuthService", "web": "ClientHubWeb"}
root = None
machine = None


def setUpModule():
    global root, machine
    root = Root("machine")
    unittest.addModuleCleanup(root.delete)
    # The machine has no way out, so what the package depends on is there before.
    root.fetch_dependencies()
    root.unmount()
    boot()


def boot():
    global machine
    machine = Machine(root)
    unittest.addModuleCleanup(lambda one=machine: one.close())
    machine.state = machine.wait_for_boot()


def attempt_as(user, service, method, /, **body):
    """What a call gets when a user makes it: OK, a reason, `closed`, or the error of the connection. The caller is a process
    with that user's number and groups."""
    folder = os.open(f"/proc/{machine.leader}/root/run/clienthub", os.O_PATH)
    number, groups = root.user(user), sorted(root.groups(user))
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups(groups)
            os.setgid(number)
            os.setuid(number)
            os.fchdir(folder)
            os.write(writer, call_here(f"{service}.sock", method, body).encode())
        finally:
            os._exit(0)
    os.close(folder)
    os.close(writer)
    with os.fdopen(reader) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said


def call_here(path, method, body):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(LIMIT)
        try:
            connection.connect(path)
        except OSError as error:
            return type(error).__name__
        try:
            ask(connection, method, body)
            return "OK"
        except Refused as refusal:
            return str(refusal)
        except ConnectionError:
            return "closed"


class Callers:
    """Calls a service without pause, from several threads, each time on a new connection and on one that is kept."""

    def __init__(self, once, threads=3):
        self.once = once
        self.answered = []
        self.problems = []
        self.end = threading.Event()
        self.threads = [threading.Thread(target=self._go_on, args=(number,)) for number in range(threads)]

    def _go_on(self, number):
        count = 0
        while not self.end.is_set():
            count += 1
            try:
                self.answered.append(self.once(number, count))
            except Exception as problem:
                self.problems.append(f"{type(problem).__name__}: {problem}")

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        wait_until(lambda: len(self.answered) > 10 or self.problems, "the first answers")
        return self

    def __exit__(self, *_):
        # Answers of the new process too.
        count = len(self.answered)
        wait_until(lambda: len(self.answered) > count + 10 or self.problems, "answers after the restart")
        self.end.set()
        for thread in self.threads:
            thread.join()


def call_surely(service, method, /, **body):
    """Makes a call as a client must: it is made again where the service says that it drains, and nowhere else."""
    while True:
        try:
            with machine.connect(service) as connection:
                return ask(connection, method, body)
        except Refused as refusal:
            if str(refusal) != "DRAINING":
                raise


class MachineTests(unittest.TestCase):
    """One machine, from the installation to a reboot."""

    def assert_well(self):
        self.assertEqual(machine.attempt("systemctl", "--failed", "--no-legend").stdout, "")
        for name in SERVICES:
            self.assertEqual(machine.active(f"clienthub-{name}.service"), "active")
        health = json.loads(machine.run("hubctl", "health", "--json"))
        self.assertTrue(health)
        self.assertEqual(machine.get("/healthz")[0], 200)

    # Installation

    def test_01_installs_into_a_running_system_and_starts(self):
        self.assertEqual(machine.state, "running")
        machine.run("apt-get", "install", "--yes", "--no-install-recommends", root.put_package())
        for name in SERVICES:
            machine.wait_active(f"clienthub-{name}.service")
        for unit in ("clienthub.target", "clienthub-backup.timer"):
            self.assertEqual(machine.active(unit), "active")
        wait_until(lambda: machine.get("/healthz")[0] == 200, "the pages")
        self.assert_well()

    def test_02_each_process_has_a_user_and_no_rights(self):
        for name in SERVICES:
            status = pathlib.Path(f"/proc/{machine.host_pid(name)}/status").read_text()
            fields = dict(re.findall(r"^(\w+):\s+(.*)$", status, re.MULTILINE))
            with self.subTest(name):
                self.assertEqual(set(fields["Uid"].split()), {str(root.user(f"clienthub-{name}"))})
                self.assertEqual((fields["NoNewPrivs"], fields["Seccomp"]), ("1", "2"))
                for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
                    self.assertEqual(int(fields[kind], 16), 0, kind)

    def test_02_nothing_is_open_to_others(self):
        for name in ("auth", "otp", "sms"):
            folder = root.place(f"/var/lib/clienthub/{name}")
            for path in [folder, *folder.rglob("*")]:
                with self.subTest(path=str(path)):
                    self.assertEqual(path.stat().st_mode & 0o077, 0)
                    self.assertEqual(path.stat().st_uid, root.user(f"clienthub-{name}"))
            mode = machine.run("stat", "--format=%A %U %G", f"/run/clienthub/{name}.sock")
            self.assertEqual(mode, f"srw-rw---- clienthub-{name} clienthub-{name}-callers")

    def test_02_a_service_sees_its_own_data_alone(self):
        for name in ("auth", "otp", "sms"):
            process = machine.host_pid(name)
            user = str(root.user(f"clienthub-{name}"))
            look = ["nsenter", "--target", str(process), "--mount", "--setuid", user, "--setgid", user]
            for other in {"auth", "otp", "sms"} - {name}:
                said = subprocess.run([*look, "ls", f"/var/lib/clienthub/{other}"], capture_output=True, text=True)
                self.assertIn("Permission denied", said.stderr)
            for key in ("otp", "sms", "web"):
                said = subprocess.run([*look, "cat", f"/etc/clienthub/{key}.key"], capture_output=True, text=True)
                self.assertIn("Permission denied", said.stderr)
            said = subprocess.run([*look, "touch", "/etc/clienthub/new", "/usr/new", "/var/new"],
                                  capture_output=True, text=True)
            self.assertEqual(said.stderr.count("Read-only file system"), 3, said.stderr)

    # The mission

    def test_03_the_story_of_the_mission(self):
        machine.shell(f"printf '{people.PASSWORD}\\n' | hubctl firm create demo 'Demo Tax' --owner-name Olivia"
                      " --owner-email owner@demo.example --password-stdin")
        for name in ("carla", "carl"):
            machine.shell(f"printf '{people.PASSWORD}\\n' | hubctl client create demo {name.title()}"
                          f" {name}@demo.example --password-stdin")
        # Carla is in before anything is required.
        carla = people.Browser()
        self.assertEqual(carla.log_in("carla@demo.example"), 200)
        self.assertEqual(carla.open("/security"), 200)
        self.assertEqual(carla.place, "/security")

        # The owner has to set 2FA up, by text message.
        owner = people.Browser()
        owner.log_in("owner@demo.example")
        owner.open("/clients")
        self.assertTrue(owner.place.startswith("/two-factor"), owner.place)
        owner.open("/two-factor/set-up")
        owner.send("/two-factor/set-up", method="sms", phone="(415) 555-2671")
        owner.send("/two-factor/set-up/confirm", code=people.texted_code(machine, "+14155552671"))
        owner.open("/two-factor/recovery-codes")
        owner.send("/two-factor/recovery-codes", kept="on")
        self.assertEqual((owner.open("/clients"), owner.place), (200, "/clients"))

        # The toggle: Carla's very next page is locked.
        owner.open("/settings/client-hub")
        owner.send("/settings/client-hub", twoFactorRequired="on", prosTwoFactorRequired="on",
                   trustedDeviceDays="0", idleMinutes="30", enforceFrom="")
        if "/review" in owner.place:
            owner.send("/settings/client-hub", confirmed="on")
        carla.open("/security")
        self.assertTrue(carla.place.startswith("/two-factor"), carla.place)

        # She sets an authenticator app up, and is in again.
        secret = set_up_app(carla)
        self.assertEqual((carla.open("/security"), carla.place), (200, "/security"))

        # At her next log-in the code is asked for; a code of the step after is good too.
        again = people.Browser()
        again.log_in("carla@demo.example")
        again.open("/security")
        self.assertEqual(again.place.partition("?")[0], "/two-factor/verify")
        again.send("/two-factor/verify", code=people.totp(secret, step=1))
        self.assertEqual((again.open("/security"), again.place), (200, "/security"))

        # She loses her phone: the override lets her in, and the firm's setting stays.
        client = re.search(r'href="/clients/([0-9a-f-]{36})"', page(owner, "/clients?search=carla"))[1]
        owner.open(f"/clients/{client}/override")
        owner.send(f"/clients/{client}/override", reason="lost her phone", identifiedBy="calledBack")
        helped = people.Browser()
        helped.log_in("carla@demo.example")
        helped.open("/security")
        self.assertTrue(helped.place.startswith("/two-factor/set-up") or helped.place.startswith("/two-factor"))
        self.assertEqual((carla.open("/security"), carla.place), (200, "/security"))
        self.assertIn("checked", re.search(r'<input[^>]*name="twoFactorRequired"[^>]*>', page(owner, "/settings/client-hub"))[0])
        self.assertIn("lost her phone", page(owner, f"/clients/{client}/activity"))
        machine.run("hubctl", "audit", "verify", "demo")
        self.assertIn("rule      2FA is required and no factor is set up", machine.run("hubctl", "why", "demo", "carla@demo.example"))

    # Strangers

    def test_04_each_socket_is_open_to_those_whose_business_it_is(self):
        business = {("clienthub-web", "auth"): "OK", ("clienthub-web", "otp"): "OK", ("clienthub-web", "sms"): "OK",
                    ("clienthub-auth", "otp"): "OK", ("clienthub-otp", "sms"): "OK"}
        for user in ("nobody", "daemon", *(f"clienthub-{name}" for name in SERVICES)):
            for service in ("auth", "otp", "sms"):
                if user == f"clienthub-{service}":
                    continue
                with self.subTest(f"{user} at {service}.sock"):
                    self.assertEqual(attempt_as(user, service, "wire.Health"),
                                     business.get((user, service), "PermissionError"))

    def test_04_whoever_gets_past_the_socket_s_mode_is_known_by_the_kernel(self):
        machine.run("chmod", "0666", *(f"/run/clienthub/{name}.sock" for name in ("auth", "otp", "sms")))
        try:
            for user, service in (("nobody", "auth"), ("clienthub-otp", "auth"), ("clienthub-sms", "auth"),
                                  ("nobody", "otp"), ("clienthub-sms", "otp"), ("nobody", "sms"),
                                  ("clienthub-auth", "sms")):
                with self.subTest(f"{user} at {service}.sock"):
                    # Told so, or gone before that could be read.
                    self.assertIn(attempt_as(user, service, "wire.Health"), ("NOT_A_CALLER", "closed"))
            self.assertIn(f"connection refused user={root.user('nobody')}", machine.journal("clienthub-auth.service"))
        finally:
            machine.run("chmod", "0660", *(f"/run/clienthub/{name}.sock" for name in ("auth", "otp", "sms")))

    def test_04_who_may_look_may_do_nothing(self):
        for user, service, method in (
                ("clienthub-web", "otp", "otp.Verify"), ("clienthub-web", "otp", "wire.Backup"),
                ("clienthub-web", "sms", "sms.Submit"), ("clienthub-web", "sms", "sms.List"),
                ("clienthub-web", "auth", "auth.CreateFirm"), ("clienthub-auth", "otp", "wire.Backup"),
                ("clienthub-otp", "sms", "sms.Unblock")):
            with self.subTest(f"{user}: {method}"):
                said = attempt_as(user, service, method, subject="x", method="sms", code="000000")
                self.assertRegex(said, r"^NOT_(A|AN)_\w+$")

    # Restarts

    def restart_under(self, service, once, threads=3):
        before = machine.pid(service)
        with Callers(once, threads) as callers:
            for _ in range(3):
                machine.run("systemctl", "restart", f"clienthub-{service}.service")
        self.assertEqual(callers.problems[:3], [])
        self.assertNotEqual(machine.pid(service), before)
        self.assertEqual(int(machine.show(f"clienthub-{service}.service", "NRestarts")), 0)
        return callers.answered

    def test_05_authservice_restarts_under_load(self):
        def once(thread, count):
            if thread == 0:
                email = f"client-{count}@demo.example"
                call_surely("auth", "auth.CreateClient", firm="demo", name="Load", email=email,
                            password=people.PASSWORD)
                return email
            self.assertEqual(call_surely("auth", "auth.Authorize", session="none", path="/")["decision"], "logIn")
            return None
        promised = {email for email in self.restart_under("auth", once) if email}
        self.assertGreater(len(promised), 0)
        for email in promised:
            machine.run("hubctl", "why", "demo", email)

    def test_05_otpservice_restarts_under_load(self):
        def once(thread, count):
            subject = f"01999999-0000-7000-8{thread:03}-{count:012}"
            answer = call_surely("otp", "otp.Begin", subject=subject, method="authenticator", firm=subject,
                                 account="load@demo.example", issuer="Load")
            return subject, answer["secret"]
        promised = self.restart_under("otp", once)
        # What was begun in one process is confirmed in another.
        for subject, secret in promised[:5] + promised[-5:]:
            done = machine.call("otp.Confirm", service="otp", subject=subject, method="authenticator",
                                code=people.totp(secret))
            self.assertIn("authenticator", done["methods"])

    def test_05_smsgateway_restarts_under_load(self):
        def once(thread, count):
            return call_surely(
                "sms", "sms.Submit", key=f"load-{thread}-{count}", to=f"+1415555{(thread * 3000 + count) % 10000:04}",
                code="123456", firm=f"01999999-0000-7000-8{thread:03}-{count:012}", purpose="verify",
                expires=time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 300)))["message"]
        try:
            self.change("sms", '// "prefixPerHour": 5,', '"prefixPerHour": 1000000,')
            machine.run("systemctl", "reload", "clienthub-sms.service")
            promised = self.restart_under("sms", once)
        finally:
            self.change("sms", '"prefixPerHour": 1000000,', '// "prefixPerHour": 5,')
            machine.run("systemctl", "reload", "clienthub-sms.service")
        self.assertEqual(len(set(promised)), len(promised))
        final = {"sent", "delivered", "uncertain"}

        def ended():
            states = {machine.call("sms.Status", service="sms", message=message)["state"] for message in promised}
            return states <= final
        wait_until(ended, "each message that was accepted to be sent")

    def test_05_the_front_end_restarts_under_load(self):
        def once(_, __):
            status, _, text = machine.get("/log-in?firm=demo", {"Host": "hub.example.com"})
            self.assertEqual(status, 200)
            self.assertIn("</html>", text)
        self.restart_under("web", once)

    # Reload, watchdog, death

    def change(self, name, old, new):
        file = root.place(f"/etc/clienthub/{name}.json")
        text = file.read_text()
        self.assertIn(old, text)
        file.write_text(text.replace(old, new))

    def test_06_a_reload_changes_the_level_of_the_log_and_nothing_else(self):
        for name in SERVICES:
            with self.subTest(name):
                unit = f"clienthub-{name}.service"
                before = machine.pid(name)
                self.change(name, '// "level": "info",', '"level": "debug",')
                machine.run("systemctl", "reload", unit)
                wait_until(lambda: "configuration reloaded" in machine.journal(unit), "the reload")
                self.change(name, '"level": "debug",', '"level": "loud",')
                machine.run("systemctl", "reload", unit)
                wait_until(lambda: "configuration not reloaded" in machine.journal(unit), "the line")
                self.assertRegex(machine.journal(unit), r'log\.level: .*loud')
                self.change(name, '"level": "loud",', '// "level": "info",')
                machine.run("systemctl", "reload", unit)
                self.assertEqual(machine.pid(name), before)
                self.assertEqual(machine.active(unit), "active")
        self.assert_well()

    def test_07_a_process_that_stands_still_is_replaced(self):
        for name in SERVICES:
            self.assertEqual(machine.show(f"clienthub-{name}.service", "WatchdogUSec"), "30s")
        machine.shell(
            "for name in sms otp auth web; do mkdir -p /run/systemd/system/clienthub-$name.service.d;"
            " printf '[Service]\\nWatchdogSec=2\\nTimeoutAbortSec=1\\n' >"
            "/run/systemd/system/clienthub-$name.service.d/90-test.conf; done; systemctl daemon-reload;"
            " systemctl restart clienthub-sms clienthub-otp clienthub-auth clienthub-web")
        before = {name: machine.pid(name) for name in SERVICES}
        for name in SERVICES:
            os.kill(machine.host_pid(name), 19)
        for name in SERVICES:
            unit = f"clienthub-{name}.service"
            wait_until(lambda: machine.pid(name) not in (0, before[name]) and machine.active(unit) == "active",
                       f"{name} to be replaced")
            self.assertIn("watchdog", machine.journal(unit).lower())
        machine.shell("rm /run/systemd/system/clienthub-*.service.d/90-test.conf; systemctl daemon-reload;"
                      " systemctl restart clienthub-sms clienthub-otp clienthub-auth clienthub-web")
        self.assert_well()

    def test_08_a_process_that_was_killed_is_replaced(self):
        for name in SERVICES:
            before = machine.pid(name)
            os.kill(machine.host_pid(name), 9)
            wait_until(lambda: machine.pid(name) not in (0, before), f"{name} to be replaced")
        for name in SERVICES:
            machine.wait_active(f"clienthub-{name}.service")
        wait_until(lambda: machine.get("/healthz")[0] == 200, "the pages")
        self.assert_well()

    def test_08_a_wrong_configuration_is_not_tried_again_and_again(self):
        self.change("otp", '"monitors": ', '"monitor": ')
        self.addCleanup(machine.shell, "systemctl reset-failed 'clienthub-*' || true; systemctl start clienthub.target"
                        " clienthub-otp.socket clienthub-otp.service")
        self.addCleanup(self.change, "otp", '"monitor": ', '"monitors": ')
        self.assertNotEqual(machine.attempt("systemctl", "restart", "clienthub-otp.service").returncode, 0)
        self.assertEqual(machine.active("clienthub-otp.service"), "failed")
        self.assertEqual(machine.show("clienthub-otp.service", "ExecMainStatus"), "78")
        self.assertEqual(int(machine.show("clienthub-otp.service", "NRestarts")), 0)
        wait_until(lambda: "otp.json: monitor: unknown setting; did you mean monitors?" in machine.journal("clienthub-otp.service"),
                   "the line that says why")

    # Keys, databases, backup

    def test_09_keys_may_be_encrypted_for_this_host(self):
        example = "/usr/share/doc/clienthub-2fa/examples/credentials/otp-key-encrypted.conf"
        machine.shell(
            "mkdir -p /etc/credstore.encrypted /etc/systemd/system/clienthub-otp.service.d\n"
            "systemd-creds encrypt --with-key=host --name=otp.key /etc/clienthub/otp.key /etc/credstore.encrypted/otp.key\n"
            f"cp {example} /etc/systemd/system/clienthub-otp.service.d/key.conf\n"
            "mv /etc/clienthub/otp.key /root/kept.key\n"
            "systemctl daemon-reload; systemctl restart clienthub-otp.service")
        machine.wait_active("clienthub-otp.service")
        self.assertNotIn(root.place("/root/kept.key").read_text().split()[1].encode(),
                         root.place("/etc/credstore.encrypted/otp.key").read_bytes())
        # It opens what was sealed before.
        self.assertEqual(machine.call("wire.Health", service="otp")["status"], "serving")
        machine.shell("mv /root/kept.key /etc/clienthub/otp.key; rm -r /etc/credstore.encrypted/otp.key"
                      " /etc/systemd/system/clienthub-otp.service.d; systemctl daemon-reload;"
                      " systemctl restart clienthub-otp.service")
        machine.wait_active("clienthub-otp.service")

    def test_10_a_newer_database_is_refused_by_one_line(self):
        machine.run("systemctl", "stop", "clienthub-sms.socket", "clienthub-sms.service")
        database = root.place("/var/lib/clienthub/sms/sms.db")
        subprocess.run(["sqlite3", database, "INSERT INTO schema_migration SELECT max(number) + 1, 'tomorrow', 1, 0"
                        " FROM schema_migration"], check=True)
        machine.shell("chown clienthub-sms:clienthub-sms /var/lib/clienthub/sms/sms.db*")
        self.assertNotEqual(machine.attempt("systemctl", "start", "clienthub-sms.service").returncode, 0)
        wait_until(lambda: "was written by a newer version: it has migration" in machine.journal("clienthub-sms.service"),
                   "the line")
        machine.run("systemctl", "stop", "clienthub-sms.socket", "clienthub-sms.service")
        subprocess.run(["sqlite3", database, "DELETE FROM schema_migration WHERE name = 'tomorrow'"], check=True)
        machine.shell("chown clienthub-sms:clienthub-sms /var/lib/clienthub/sms/sms.db*;"
                      " systemctl reset-failed 'clienthub-*'; systemctl start clienthub-sms.socket clienthub-sms.service")
        machine.wait_active("clienthub-sms.service")

    def test_10_a_migration_keeps_what_there_was(self):
        # The database as it was before the newest migration, which an upgrade would find.
        machine.run("systemctl", "stop", "clienthub-auth.socket", "clienthub-auth.service")
        database = root.place("/var/lib/clienthub/auth/auth.db")
        subprocess.run(["sqlite3", database, "DROP TRIGGER client_added; DROP TRIGGER client_removed;"
                        " DROP TRIGGER client_changed; DROP TABLE client_tally;"
                        " ALTER TABLE person DROP COLUMN required_personally; ALTER TABLE person DROP COLUMN enrolled;"
                        " DELETE FROM schema_migration WHERE name = 'client tally'"], check=True)
        machine.shell("chown clienthub-auth:clienthub-auth /var/lib/clienthub/auth/auth.db*;"
                      " systemctl start clienthub-auth.socket clienthub-auth.service")
        machine.wait_active("clienthub-auth.service")
        before = database.with_name("auth.db.before-migration-2")

        def names(file):
            done = subprocess.run(["sqlite3", f"file:{file}?immutable=1", "SELECT name FROM schema_migration"],
                                  capture_output=True, text=True, check=True)
            return done.stdout.split("\n")[:-1]
        self.assertEqual(names(before), ["first tables"])
        self.assertEqual((before.stat().st_mode & 0o777, before.stat().st_uid), (0o600, root.user("clienthub-auth")))

        # Going back, as docs/operations.md has it: the older program finds what it knows.
        machine.run("systemctl", "stop", "clienthub.target", "clienthub-*.service")
        machine.shell("cd /var/lib/clienthub/auth; mkdir aside; mv auth.db auth.db-* aside/ 2>/dev/null || true;"
                      " mv auth.db.before-migration-2 auth.db")
        self.assertEqual(names(database), ["first tables"])
        machine.run("systemctl", "start", "clienthub.target")
        for name in SERVICES:
            machine.wait_active(f"clienthub-{name}.service")
        wait_until(lambda: machine.get("/healthz")[0] == 200, "the pages")
        machine.run("hubctl", "audit", "verify", "demo")
        self.assert_well()

    def test_11_the_nightly_backup(self):
        self.assertRegex(machine.run("systemctl", "list-timers", "--no-pager"), r"clienthub-backup\.timer")
        machine.run("systemctl", "start", "clienthub-backup.service")
        self.assertEqual(machine.show("clienthub-backup.service", "Result"), "success")
        copies = [path for place in ("/var/backups/clienthub", "/var/lib/clienthub")
                  for path in root.place(place).rglob("*.db") if path.parent.name not in ("auth", "otp", "sms")]
        self.assertEqual({path.name.partition("-")[0].partition(".")[0] for path in copies}, {"auth", "otp", "sms"})
        for path in copies:
            self.assertEqual(path.stat().st_mode & 0o077, 0)
            done = subprocess.run(["sqlite3", f"file:{path}?immutable=1", "PRAGMA integrity_check"],
                                  capture_output=True, text=True, check=True)
            self.assertEqual(done.stdout.strip(), "ok")

    # Metrics

    def test_12_the_metrics_are_those_that_the_rules_name(self):
        import test_alerts
        status, _, text = machine.get("/metrics")
        self.assertEqual(status, 200)
        given = set(re.findall(r"^([a-z_]\w*)", text, re.MULTILINE))
        # Where nothing has happened yet, or no carrier is an SMPP one, there is no figure.
        silent = {"sms_smpp_bound", "sms_pumping_total", "sms_webhooks_total"}
        for alert, expression in test_alerts.RuleTests().expressions().items():
            with self.subTest(alert):
                self.assertEqual(test_alerts.named(expression) - given - test_alerts.FOREIGN - silent, set())
        for service in ("auth", "otp", "sms"):
            self.assertIn(f'service_up{{service="{service}"}} 1', text)

    # Upgrade, reboot

    def test_13_an_upgrade_refuses_nobody(self):
        before = {name: machine.pid(name) for name in SERVICES}
        package = root.put_package(newer(deb(), "99.0"))

        def once(thread, _):
            if thread == 0:
                return machine.get("/log-in?firm=demo", {"Host": "hub.example.com"})[0]
            call_surely("auth", "auth.Authorize", session="none", path="/")
            return 200
        with Callers(once) as callers:
            machine.run("apt-get", "install", "--yes", "--no-install-recommends", package)
        self.assertEqual(callers.problems[:3], [])
        self.assertEqual(set(callers.answered), {200})
        for name in SERVICES:
            machine.wait_active(f"clienthub-{name}.service")
            self.assertNotEqual(machine.pid(name), before[name])
        self.assert_well()

    def test_14_after_a_reboot_everything_is_there(self):
        machine.close()
        boot()
        self.assertEqual(machine.state, "running")
        for name in SERVICES:
            machine.wait_active(f"clienthub-{name}.service")
        wait_until(lambda: machine.get("/healthz")[0] == 200, "the pages")
        # Carla's session is over or goes on, but her password and her firm are there.
        browser = people.Browser()
        browser.log_in("carl@demo.example")
        browser.open("/security")
        self.assertTrue(browser.place.startswith("/two-factor"), browser.place)
        machine.run("hubctl", "audit", "verify", "demo")

    def test_15_a_stop_of_the_target_stops_all(self):
        machine.run("systemctl", "stop", "clienthub.target")
        for name in SERVICES:
            wait_until(lambda: machine.active(f"clienthub-{name}.service") == "inactive", f"{name} to stop")
            self.assertEqual(machine.active(f"clienthub-{name}.socket"), "inactive")
            self.assertEqual(machine.show(f"clienthub-{name}.service", "Result"), "success")
        machine.run("systemctl", "start", "clienthub.target")
        for name in SERVICES:
            machine.wait_active(f"clienthub-{name}.service")
        wait_until(lambda: machine.get("/healthz")[0] == 200, "the pages")
        self.assert_well()

    def test_16_a_backup_goes_into_an_empty_host(self):
        if "restore" not in machine.run("hubctl", "--help"):
            self.skipTest("this hubctl has no restore")
        carl = people.Browser()
        carl.log_in("carl@demo.example")
        secret = set_up_app(carl)
        machine.run("hubctl", "backup")
        machine.shell(
            "mkdir -p /root/kept; cp -a /etc/clienthub/*.key /root/kept/\n"
            "cp -a /var/backups/clienthub/$(ls /var/backups/clienthub | tail -n 1) /root/kept/backup\n"
            "echo clienthub-2fa clienthub-2fa/remove-data boolean true | debconf-set-selections\n"
            "apt-get purge --yes clienthub-2fa")
        self.assertFalse(root.place("/var/lib/clienthub").exists())
        machine.run("apt-get", "install", "--yes", "--no-install-recommends", root.put_package())
        machine.shell("systemctl stop clienthub.target 'clienthub-*.service'; cp -a /root/kept/*.key /etc/clienthub/\n"
                      "hubctl restore --verify /root/kept/backup; hubctl restore /root/kept/backup\n"
                      "systemctl start clienthub.target")
        for name in SERVICES:
            machine.wait_active(f"clienthub-{name}.service")
        wait_until(lambda: machine.get("/healthz")[0] == 200, "the pages")
        # The same client, the same authenticator.
        again = people.Browser()
        again.log_in("carl@demo.example")
        again.open("/security")
        self.assertEqual(again.place.partition("?")[0], "/two-factor/verify")
        again.send("/two-factor/verify", code=people.totp(secret, step=1))
        self.assertEqual((again.open("/security"), again.place), (200, "/security"))

    def test_17_removal_stops_it_all_and_leaves_the_data(self):
        machine.run("apt-get", "remove", "--yes", "clienthub-2fa")
        for name in SERVICES:
            self.assertEqual(machine.active(f"clienthub-{name}.service"), "inactive")
        for name in SERVICES:
            self.assertEqual(machine.active(f"clienthub-{name}.socket"), "inactive")
        self.assertTrue(root.place("/var/lib/clienthub/auth/auth.db").exists())


def set_up_app(browser):
    """Sets an authenticator app up, as a person does who cannot scan the page's picture; the secret."""
    browser.open("/two-factor/set-up")
    browser.send("/two-factor/set-up", method="authenticator")
    secret = re.sub(r"\s", "", re.search(r"(?:[A-Z2-7]{4}\s+){7}[A-Z2-7]{4}", browser.page)[0])
    browser.send("/two-factor/set-up/confirm", code=people.totp(secret))
    browser.open("/two-factor/recovery-codes")
    browser.send("/two-factor/recovery-codes", kept="on")
    return secret


def page(browser, path):
    browser.open(path)
    return browser.page


if __name__ == "__main__":
    unittest.main()
