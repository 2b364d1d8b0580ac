"""Set-up and log-in by text message."""

from support.story import Story


class TextMessages(Story):
    def setUp(self):
        super().setUp()
        self.firm = self.hub.firm()
        self.hub.require(self.firm)
        self.client = self.firm.clients[0]

    def test_a_client_types_a_number_and_the_code_that_comes_and_gets_one_at_the_next_log_in(self):
        phone = self.hub.phone()
        browser = self.browser()
        browser.log_in(self.client, self.t, next="/security")
        self.assertIn(self.t("setUp.smsRisk"), browser.text)
        self.begin_phone(browser, phone)
        code = phone.next_code()
        self.assertNotIn(phone.number[2:], browser.text.replace(" ", ""), "the number is not masked")

        # A wrong code says how many tries are left.
        wrong = "111111" if code != "111111" else "222222"
        browser.fill(self.t("setUp.codeLabelSMS"), wrong)
        browser.press(self.t("setUp.confirm"))
        self.assertIn(self.t("problem.WRONG_CODE"), browser.problem)
        self.assertIn(self.t.counted("problem.attemptsLeft", 4), browser.problem)
        browser.fill(self.t("setUp.codeLabelSMS"), code)
        browser.press(self.t("setUp.confirm"))
        self.keep_codes(browser, self.client)
        self.assertAt(browser, "/security")
        browser.press(self.t("menu.logOut"))

        self.hub.pass_time(self.client.id, 600)
        browser.log_in(self.client, self.t)
        self.assertAt(browser, "/two-factor/verify")
        self.verify(browser, phone.next_code(), "verify.codeLabel.sms")
        self.assertAt(browser, "/")

    def test_a_code_can_be_sent_again_after_a_while_and_stays_the_same(self):
        phone = self.hub.phone()
        browser = self.browser()
        browser.log_in(self.client, self.t)
        self.begin_phone(browser, phone)
        first = phone.next_code()
        resend = browser.find("button[data-countdown]")
        self.assertFalse(resend.is_enabled())
        self.assertRegex(resend.text, self.t("verify.again", seconds="[0-9]+"))
        # The countdown goes on to its end.
        self.hub.pass_time(self.client.id, 31)
        browser.pass_time(31)
        browser.wait("button that sends again", lambda: browser.has_button(self.t("verify.resend")))
        browser.press(self.t("verify.resend"))
        self.assertEqual(browser.said, self.t("said.codeSentAgain"))
        self.assertEqual(phone.next_code(), first)
        browser.fill(self.t("setUp.codeLabelSMS"), first)
        browser.press(self.t("setUp.confirm"))
        self.assertEqual(browser.heading, self.t("recovery.title"))

    def test_a_code_cannot_be_sent_again_at_once(self):
        phone = self.hub.enrol_phone(self.client)
        browser = self.browser(scripts=False)
        browser.log_in(self.client, self.t)
        code = phone.next_code()
        browser.press(self.t("verify.resend"))
        self.assertIn(self.t("problem.TOO_MANY_CODES"), browser.problem)
        self.assertEqual(len(phone.messages()), phone.read)
        self.verify(browser, code, "verify.codeLabel.sms")
        self.assertAt(browser, "/")

    def test_what_is_no_mobile_number_is_said_at_its_field(self):
        browser = self.browser()
        browser.log_in(self.client, self.t)
        for number in ["12345", "+44 20 7946 0018", ""]:
            with self.subTest(number):
                browser.go("/two-factor/set-up")
                browser.tick(self.t("setUp.sms"))
                browser.fill(self.t("setUp.phone"), number)
                browser.press(self.t("setUp.continue"))
                self.assertIn(self.t("problem.BAD_PHONE"), browser.problem)
                self.assertEqual(browser.invalid_fields, ["phone"])
                self.assertEqual(browser.value(self.t("setUp.phone")), number)

    def test_five_wrong_codes_end_the_guessing(self):
        phone = self.hub.enrol_phone(self.client)
        browser = self.browser()
        browser.log_in(self.client, self.t)
        code = phone.next_code()
        for number in range(5):
            self.verify(browser, f"{(int(code) + 1 + number) % 1_000_000:06}", "verify.codeLabel.sms")
        self.assertIn(self.t("problem.TOO_MANY_ATTEMPTS"), browser.problem)
        self.assertIn(self.t("problem.retryAfter").split("{")[0], browser.problem)
        # The log-in that guessed has ended: even the right code comes too late for it.
        self.verify(browser, code, "verify.codeLabel.sms")
        self.assertAt(browser, "/log-in")

    def test_who_has_both_methods_may_choose(self):
        self.hub.enrol(self.client)
        phone = self.hub.phone()
        session = self.hub.log_in(self.client)
        self.hub.call("auth.BeginSetUp", session=session, method="sms", phone=phone.typed)
        self.hub.call("auth.ConfirmSetUp", session=session, method="sms", code=phone.next_code())
        self.hub.pass_time(self.client.id, 600)
        browser = self.browser()
        browser.log_in(self.client, self.t)
        self.assertTrue(browser.field(self.t("verify.codeLabel.authenticator")).is_displayed())
        browser.press(self.t("verify.use.sms"))
        browser.press(self.t("verify.send"))
        self.verify(browser, phone.next_code(), "verify.codeLabel.sms")
        self.assertAt(browser, "/")

    def test_the_demonstration_shows_each_message_on_a_phone(self):
        phone = self.hub.phone()
        browser = self.browser()
        client_tab = browser.tab
        browser.log_in(self.client, self.t)
        phone_tab = browser.new_tab()
        browser.go("/phone")
        browser.to_tab(client_tab)
        self.begin_phone(browser, phone)
        code = phone.next_code()
        browser.to_tab(phone_tab)
        # Without a reload.
        browser.wait("message on the phone", lambda: code in browser.text)
