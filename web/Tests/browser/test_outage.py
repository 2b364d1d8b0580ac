"""A service that is down: each page says so, nothing is lost, and the same button does it afterwards."""

from concurrent.futures import ThreadPoolExecutor

from support.patience import wait_for
from support.story import Story, gated_paths
from support.wire import Refusal


class Outage(Story):
    def setUp(self):
        super().setUp()
        self.firm = self.hub.firm()
        self.client = self.firm.clients[0]

    def stop(self, service):
        """Stops a service for the rest of the test, or until it is started again."""
        service.stop()
        self.addCleanup(self.start, service)

    def start(self, service):
        if service.process is None:
            service.start()
        # Who has missed a service looks for it again now and then, at most two seconds apart.
        if self.hub.is_whole:
            wait_for("way from the front end to AuthService", lambda: self.hub.get("/healthz").status == 200)
            wait_for("way from AuthService to the phone", self.reaches_the_phone)

    def reaches_the_phone(self):
        phone = self.hub.phone().typed
        try:
            self.hub.call("auth.BeginSetUp", session=self.firm.session, method="sms", phone=phone)
        except Refusal as refusal:
            return refusal.reason not in ["UNREACHABLE", "UNAVAILABLE", "DEADLINE_EXCEEDED"]
        return True

    def test_every_page_says_so_and_when_to_come_back(self):
        self.stop(self.hub.auth)
        ids = {"{client}": self.client.id, "{pro}": self.firm.owner.id, "{method}": "sms"}
        paths = gated_paths() + ["/two-factor", "/two-factor/set-up", "/two-factor/verify", "/nowhere"]
        for name, id in ids.items():
            paths = [path.replace(name, id) for path in paths]
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda path: self.hub.get(path, self.firm.session), paths))
        for path, answer in zip(paths, answers):
            with self.subTest(path):
                self.assertEqual(answer.status, 503)
                self.assertGreater(int(answer.headers["Retry-After"]), 0)
                self.assertIn(self.t("problemPage.outage.title"), answer.text)
        # What needs nobody is there.
        self.assertEqual(self.hub.get("/help").status, 200)
        self.assertEqual(self.hub.get("/healthz").status, 503)
        self.start(self.hub.auth)
        self.assertEqual(self.hub.get("/clients", self.firm.session).status, 200)
        self.assertEqual(self.hub.get("/healthz").status, 200)

    def test_a_page_comes_back_by_its_button(self):
        pro = self.owner_inside(self.firm)
        self.stop(self.hub.auth)
        pro.press(self.t("menu.settings"))
        self.assertEqual(pro.heading, self.t("problemPage.outage.title"))
        self.start(self.hub.auth)
        pro.press(self.t("problemPage.again"))
        self.assertAt(pro, "/settings/client-hub", self.t("settings.title"))

    def test_a_log_in_keeps_the_address(self):
        browser = self.browser()
        browser.go("/log-in")
        self.stop(self.hub.auth)
        browser.fill(self.t("logIn.firm"), self.firm.slug)
        browser.fill(self.t("logIn.email"), self.client.email)
        browser.fill(self.t("logIn.password"), self.client.password)
        browser.press(self.t("logIn.submit"))
        self.assertIn(self.t("problem.outage"), browser.problem)
        self.assertEqual(browser.value(self.t("logIn.email")), self.client.email)
        self.start(self.hub.auth)
        browser.fill(self.t("logIn.password"), self.client.password)
        browser.press(self.t("logIn.submit"))
        self.assertAt(browser, "/two-factor/set-up")

    def test_what_was_typed_is_sent_again_by_the_button(self):
        self.hub.enrol(self.client)
        pro = self.owner_inside(self.firm, f"/clients/{self.client.id}/override")
        self.stop(self.hub.auth)
        pro.fill(self.t("override.reason"), "Lost the phone & has “none” <now>.")
        pro.tick(self.t("identification.calledBack"))
        pro.press(self.t("override.submit", name=self.client.name))
        self.assertEqual(pro.heading, self.t("problemPage.outage.title"))
        # Too early.
        pro.press(self.t("problemPage.sendAgain"))
        self.assertEqual(pro.heading, self.t("problemPage.outage.title"))
        self.start(self.hub.auth)
        pro.press(self.t("problemPage.sendAgain"))
        self.assertEqual(pro.said, self.t("said.overridden"))
        pro.press(self.t("client.activity"))
        self.assertIn("Lost the phone & has “none” <now>.", pro.text)

    def test_the_settings_are_sent_again_by_the_button(self):
        pro = self.owner_inside(self.firm, "/settings/client-hub")
        pro.tick(self.t("settings.toggle"))
        pro.press(self.t("settings.save"))
        self.stop(self.hub.auth)
        pro.press(self.t("settingsReview.submit.clientsOn"))
        self.assertEqual(pro.heading, self.t("problemPage.outage.title"))
        self.start(self.hub.auth)
        pro.press(self.t("problemPage.sendAgain"))
        self.assertEqual(pro.said, self.t("said.settingsSaved"))
        self.assertTrue(self.hub.settings(self.firm)["twoFactorRequired"])

    def test_without_otpservice_a_code_waits_and_the_override_does_not(self):
        self.hub.enrol(self.client)
        self.hub.require(self.firm)
        browser = self.browser()
        browser.log_in(self.client, self.t, next="/security")
        self.stop(self.hub.otp)
        self.verify(browser, "123456")
        self.assertIn(self.t("problem.outage"), browser.problem)
        self.assertLocked(browser, "/security", "verify.title")
        pro = self.owner_inside(self.firm, f"/clients/{self.client.id}/override")
        pro.fill(self.t("override.reason"), "Lost the phone.")
        pro.tick(self.t("identification.calledBack"))
        pro.press(self.t("override.submit", name=self.client.name))
        self.assertEqual(pro.said, self.t("said.overridden"))
        self.start(self.hub.otp)
        browser.log_in(self.client, self.t)
        self.set_up_app(browser, self.client)
        self.assertAt(browser, "/")

    def test_without_smsgateway_the_number_is_kept_until_a_message_can_be_sent(self):
        self.hub.require(self.firm)
        browser = self.browser()
        browser.log_in(self.client, self.t)
        self.stop(self.hub.sms)
        browser.tick(self.t("setUp.sms"))
        phone = self.hub.phone()
        browser.fill(self.t("setUp.phone"), phone.typed)
        browser.press(self.t("setUp.continue"))
        self.assertIn(self.t("problem.outage"), browser.problem)
        self.assertEqual(browser.value(self.t("setUp.phone")), phone.typed)
        self.start(self.hub.sms)
        browser.press(self.t("setUp.continue"))
        self.assertEqual(browser.heading, self.t("setUp.titleSMS"))
        self.assertEqual(len(phone.next_code()), 6)

    def test_without_smsgateway_a_set_up_by_app_goes_on(self):
        self.hub.require(self.firm)
        self.stop(self.hub.sms)
        browser = self.browser()
        browser.log_in(self.client, self.t)
        self.set_up_app(browser, self.client)
        self.assertAt(browser, "/")
