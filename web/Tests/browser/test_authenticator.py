"""Set-up and log-in with an authenticator app."""

from support.story import Story


class Authenticator(Story):
    def setUp(self):
        super().setUp()
        self.firm = self.hub.firm()
        self.hub.require(self.firm)
        self.client = self.firm.clients[0]

    def test_a_client_scans_the_code_keeps_the_recovery_codes_and_comes_to_the_page_first_asked_for(self):
        browser = self.browser()
        browser.go("/security/activity")
        self.assertAt(browser, "/log-in")
        browser.fill(self.t("logIn.firm"), self.firm.slug)
        browser.fill(self.t("logIn.email"), self.client.email)
        browser.fill(self.t("logIn.password"), self.client.password)
        browser.press(self.t("logIn.submit"))
        self.assertAt(browser, "/two-factor/set-up", self.t("setUp.title"))
        # The app stands first, is recommended and chosen.
        self.assertTrue(browser.find("#app").is_selected())
        self.assertLess(browser.text.index(self.t("setUp.app")), browser.text.index(self.t("setUp.smsHint")))

        self.begin_app(browser)
        uri = self.scan(browser, self.client)
        self.assertIn(self.client.email, uri.path.replace("%40", "@"))
        # Who cannot scan types the same secret.
        browser.click(self.t("setUp.cannotScan"))
        self.assertEqual(browser.find("#secret").text.replace(" ", ""), self.client.app.secret)

        browser.fill(self.t("setUp.codeLabelApp"), "123456")
        browser.press(self.t("setUp.confirm"))
        self.assertIn(self.t("problem.WRONG_CODE"), browser.problem)
        self.assertEqual(browser.invalid_fields, ["code"])
        browser.fill(self.t("setUp.codeLabelApp"), self.client.app.code())
        browser.press(self.t("setUp.confirm"))

        self.assertAt(browser, "/two-factor/recovery-codes", self.t("recovery.title"))
        shown = browser.find("#codes").text.split("\n")
        self.assertEqual(len(set(shown)), 10)
        saved = browser.download(self.t("recovery.download"))
        self.assertEqual([line for line in saved.splitlines() if line in shown], shown)
        browser.reload()
        self.assertEqual(browser.find("#codes").text.split("\n"), shown)
        self.keep_codes(browser, self.client)
        self.assertAt(browser, "/security/activity")
        # Once they are kept nobody is shown them again.
        for path in ["/two-factor/recovery-codes", "/two-factor/recovery-codes/download"]:
            browser.go(path)
            self.assertNotIn(shown[0], browser.driver.page_source)

    def test_the_next_log_in_asks_for_the_code_and_takes_none_twice(self):
        self.hub.enrol(self.client)
        browser = self.browser()
        browser.log_in(self.client, self.t, next="/security")
        self.assertAt(browser, "/two-factor/verify", self.t("verify.title"))
        self.assertLocked(browser, "/security", "verify.title")
        self.verify(browser, self.client.app.last_code())
        self.assertIn(self.t("problem.CODE_USED"), browser.problem)
        self.assertEqual(browser.invalid_fields, ["code"])
        # As people type it, with a blank in the middle.
        code = self.client.app.code()
        self.verify(browser, f"{code[:3]} {code[3:]}")
        self.assertAt(browser, "/security")

    def test_a_recovery_code_lets_in_once(self):
        self.hub.enrol(self.client)
        for tried_before in [False, True]:
            browser = self.browser()
            browser.log_in(self.client, self.t)
            browser.press(self.t("verify.use.recovery"))
            self.verify(browser, self.client.recovery_codes[0], "verify.codeLabel.recovery")
            if tried_before:
                self.assertIn(self.t("problem.CODE_USED").split(".")[0], browser.problem)
                self.assertLocked(browser, "/security", "verify.title")
            else:
                self.assertAt(browser, "/", self.t("home.welcome", name=self.client.name))

    def test_a_trusted_device_is_not_asked_again_and_another_one_is(self):
        self.hub.enrol(self.client)
        browser = self.browser()
        browser.log_in(self.client, self.t)
        browser.tick(self.t("verify.trust"))
        self.verify(browser, self.client.app.code())
        browser.press(self.t("menu.logOut"))
        self.assertEqual(browser.said, self.t("said.loggedOut"))
        browser.log_in(self.client, self.t)
        self.assertAt(browser, "/")
        other = self.browser()
        other.log_in(self.client, self.t)
        self.assertAt(other, "/two-factor/verify")
        # And no longer once the trust is taken back.
        browser.go("/security")
        browser.leave(browser.find("form[action*='/security/devices/'] button").click)
        self.assertEqual(browser.said, self.t("said.deviceEnded"))
        browser.press(self.t("menu.logOut"))
        browser.log_in(self.client, self.t)
        self.assertAt(browser, "/two-factor/verify")

    def test_the_code_field_is_made_for_codes(self):
        self.hub.enrol(self.client)
        browser = self.browser()
        browser.log_in(self.client, self.t)
        field = browser.field(self.t("verify.codeLabel.authenticator"))
        self.assertEqual(field.get_attribute("autocomplete"), "one-time-code")
        self.assertEqual(field.get_attribute("inputmode"), "numeric")
        self.assertEqual(browser.driver.switch_to.active_element, field)

    def test_who_has_one_method_adds_the_other_and_removes_the_first(self):
        browser = self.browser()
        browser.take(self.hub.enrol(self.client))
        browser.go("/security")
        # The last method stays while it is required.
        browser.press(self.t("security.remove.authenticator"))
        browser.press(self.t("removeMethod.submit.authenticator"))
        self.assertIn(self.t("problem.LAST_METHOD"), browser.problem)
        browser.press(self.t("security.add.sms"))
        phone = self.hub.phone()
        browser.fill(self.t("setUp.phone"), phone.typed)
        browser.press(self.t("setUp.continue"))
        browser.fill(self.t("setUp.codeLabelSMS"), phone.next_code())
        browser.press(self.t("setUp.confirm"))
        self.assertAt(browser, "/security")
        self.assertEqual(browser.said, self.t("said.setUp"))
        browser.press(self.t("security.remove.authenticator"))
        browser.press(self.t("removeMethod.submit.authenticator"))
        self.assertEqual(browser.said, self.t("said.methodRemoved"))
        self.assertTrue(browser.has_button(self.t("security.add.authenticator")))

    def test_new_recovery_codes_take_the_place_of_the_old_ones(self):
        browser = self.browser()
        browser.take(self.hub.enrol(self.client))
        old = self.client.recovery_codes
        browser.go("/security")
        browser.press(self.t("security.newCodes"))
        self.keep_codes(browser, self.client)
        self.assertAt(browser, "/security")
        self.assertFalse(set(old) & set(self.client.recovery_codes))
        other = self.browser()
        other.log_in(self.client, self.t)
        other.press(self.t("verify.use.recovery"))
        self.verify(other, old[0], "verify.codeLabel.recovery")
        self.assertIn(self.t("problem.WRONG_CODE"), other.problem)
        self.verify(other, self.client.recovery_codes[0], "verify.codeLabel.recovery")
        self.assertAt(other, "/")
