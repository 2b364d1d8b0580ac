"""What people do beside the straight way: back, reload, two tabs, twice, too late."""

from selenium.webdriver import ActionChains
from support.story import Story
from support.texts import spanish


class Back(Story):
    def back_from(self, browser):
        """Goes back; no form may stand there to be sent again."""
        browser.back()
        self.assertFalse(browser.asks_to_send_again, f"going back to {browser.path} would send a form again")
        self.assertNotEqual(browser.heading, "")

    def test_going_back_through_a_set_up_and_a_log_in_sends_nothing_again(self):
        firm = self.hub.firm()
        self.hub.require(firm)
        client, phone = firm.clients[0], self.hub.phone()
        browser = self.browser()
        browser.log_in(client, self.t)
        self.back_from(browser)
        # Whoever is locked comes from the log-in page to the lock, not to another log-in.
        self.assertEqual(browser.heading, self.t("setUp.title"))
        self.begin_phone(browser, phone)
        self.back_from(browser)
        self.assertEqual(browser.heading, self.t("setUp.title"))
        browser.driver.forward()
        self.assertEqual(browser.heading, self.t("setUp.titleSMS"))
        browser.fill(self.t("setUp.codeLabelSMS"), phone.next_code())
        browser.press(self.t("setUp.confirm"))
        self.assertEqual(browser.heading, self.t("recovery.title"))
        self.back_from(browser)
        browser.driver.forward()
        self.assertEqual(browser.heading, self.t("recovery.title"))
        self.keep_codes(browser, client)
        self.back_from(browser)
        self.assertNotEqual(browser.heading, self.t("recovery.title"), "codes that were kept are shown again")
        self.assertEqual(len(phone.messages()), 1)
        happened = [event["event"] for event in self.hub.events(firm, client)]
        self.assertEqual(happened.count("two_factor.set_up"), 1)

    def test_going_back_past_a_refused_form_sends_it_not_again(self):
        firm = self.hub.firm()
        self.hub.require(firm)
        client = firm.clients[0]
        self.hub.enrol(client)
        browser = self.browser()
        browser.log_in(client, self.t)
        self.verify(browser, "000000")
        self.assertIn(self.t("problem.WRONG_CODE"), browser.problem)
        self.verify(browser, client.app.code())
        self.assertAt(browser, "/")
        self.back_from(browser)
        happened = [event["event"] for event in self.hub.events(firm, client)]
        self.assertEqual(happened.count("two_factor.failed"), 1)

    def test_a_page_that_answers_a_form_can_be_reloaded_and_read_in_another_language(self):
        firm = self.hub.firm()
        self.hub.require(firm)
        client = firm.clients[0]
        phone = self.hub.enrol_phone(client)
        browser = self.browser()
        browser.go("/log-in?next=/security")
        browser.fill(self.t("logIn.firm"), firm.slug)
        browser.fill(self.t("logIn.email"), client.email)
        browser.fill(self.t("logIn.password"), "not-the-password")
        browser.press(self.t("logIn.submit"))
        self.assertIn(self.t("problem.BAD_CREDENTIALS"), browser.problem)
        browser.reload()
        self.assertAt(browser, "/log-in", self.t("logIn.title"))
        self.assertEqual(browser.query, "next=%2Fsecurity")
        browser.log_in(client, self.t)
        self.assertAt(browser, "/two-factor/verify")
        # Sent again too early, for the browser's clock is fast, and by a form whose address has no page of its own.
        browser.pass_time(31)
        browser.wait("button that sends again", lambda: browser.has_button(self.t("verify.resend")))
        browser.press(self.t("verify.resend"))
        self.assertIn(self.t("problem.TOO_MANY_CODES"), browser.problem)
        browser.press("Español")
        self.assertAt(browser, "/two-factor/verify", spanish("verify.title"))
        browser.press("English")
        self.verify(browser, phone.next_code(), "verify.codeLabel.sms")
        self.assertEqual(len(phone.messages()), phone.read)

    def test_an_invitation_whose_password_was_refused_can_be_reloaded(self):
        firm = self.hub.firm(clients=0)
        made = self.hub.call("auth.InviteClient", session=firm.session, name="Nina New", email=f"nina@{firm.slug}.example")
        browser = self.browser()
        browser.go(f"/invitation?firm={firm.slug}&token={made['invitation']}")
        browser.fill(self.t("invitation.password"), "12345678")
        browser.press(self.t("invitation.submit"))
        self.assertIn(self.t("problem.WEAK_PASSWORD"), browser.problem)
        browser.reload()
        self.assertAt(browser, "/invitation", self.t("invitation.title"))
        browser.fill(self.t("invitation.password"), "nine-lives-of-taxes")
        browser.press(self.t("invitation.submit"))
        self.assertEqual(browser.path, "/two-factor/set-up")

    def test_going_back_after_a_support_override_overrides_nothing_again(self):
        firm = self.hub.firm()
        client = firm.clients[0]
        self.hub.enrol(client)
        pro = self.owner_inside(firm, f"/clients/{client.id}/override")
        pro.fill(self.t("override.reason"), "Lost the phone.")
        pro.tick(self.t("identification.videoCall"))
        pro.press(self.t("override.submit", name=client.name))
        pro.reload()
        self.back_from(pro)
        self.assertEqual(pro.heading, self.t("override.title", name=client.name))
        happened = [event["event"] for event in self.hub.events(firm, client)]
        self.assertEqual(happened.count("two_factor.overridden"), 1)

    def test_going_back_after_the_settings_changes_nothing(self):
        firm = self.hub.firm()
        pro = self.owner_inside(firm, "/settings/client-hub")
        pro.tick(self.t("settings.toggle"))
        pro.press(self.t("settings.save"))
        pro.press(self.t("settingsReview.submit.clientsOn"))
        version = self.hub.settings(firm)["version"]
        for _ in range(2):
            self.back_from(pro)
        self.assertEqual(self.hub.settings(firm)["version"], version)

    def test_logging_out_leaves_no_page_to_go_back_to(self):
        firm = self.hub.firm()
        browser = self.inside(firm.clients[0], "/security")
        browser.press(self.t("menu.logOut"))
        self.back_from(browser)
        self.assertAt(browser, "/log-in")


class TwoTabs(Story):
    def setUp(self):
        super().setUp()
        self.firm = self.hub.firm()
        self.hub.require(self.firm)
        self.client = self.firm.clients[0]

    def test_a_log_in_in_both_tabs_leads_inside_in_both(self):
        self.hub.enrol(self.client)
        browser = self.browser()
        one = browser.tab
        browser.go("/log-in")
        two = browser.new_tab()
        browser.log_in(self.client, self.t)
        browser.to_tab(one)
        browser.fill(self.t("logIn.firm"), self.firm.slug)
        browser.fill(self.t("logIn.email"), self.client.email)
        browser.fill(self.t("logIn.password"), self.client.password)
        browser.press(self.t("logIn.submit"))
        self.verify(browser, self.client.app.code())
        self.assertAt(browser, "/")
        # The other tab still shows the question for a code; it is answered already.
        browser.to_tab(two)
        self.assertAt(browser, "/two-factor/verify")
        self.verify(browser, "000000")
        self.assertAt(browser, "/", self.t("home.welcome", name=self.client.name))

    def test_a_set_up_begun_in_both_tabs_is_finished_by_the_code_scanned_last(self):
        browser = self.browser()
        one = browser.tab
        browser.log_in(self.client, self.t)
        self.begin_app(browser)
        self.scan(browser, self.client)
        first = self.client.app
        two = browser.new_tab()
        browser.go("/two-factor/set-up")
        self.begin_app(browser)
        self.scan(browser, self.client)
        self.assertNotEqual(first.secret, self.client.app.secret)
        browser.to_tab(one)
        browser.fill(self.t("setUp.codeLabelApp"), self.client.app.code())
        browser.press(self.t("setUp.confirm"))
        self.assertEqual(browser.heading, self.t("recovery.title"))
        codes = browser.find("#codes").text
        # The other tab finds it done, and shows the same codes: nobody has said yet that they are kept.
        browser.to_tab(two)
        browser.fill(self.t("setUp.codeLabelApp"), self.client.app.last_code())
        browser.press(self.t("setUp.confirm"))
        self.assertEqual(browser.heading, self.t("recovery.title"))
        self.assertEqual(browser.find("#codes").text, codes)
        self.keep_codes(browser, self.client)
        browser.to_tab(one)
        browser.tick(self.t("recovery.kept"))
        browser.press(self.t("recovery.continue"))
        self.assertAt(browser, "/")

    def test_a_form_whose_session_ended_in_another_tab_leads_to_the_log_in_and_back(self):
        session = self.hub.enrol(self.client)
        browser = self.browser()
        browser.take(session)
        one = browser.tab
        browser.go("/security/password")
        browser.new_tab()
        browser.go("/security")
        browser.press(self.t("menu.logOut"))
        browser.to_tab(one)
        browser.fill(self.t("password.current"), self.client.password)
        browser.fill(self.t("password.new"), "too-late-for-this-one")
        browser.press(self.t("password.submit"))
        self.assertAt(browser, "/log-in")
        browser.log_in(self.client, self.t, next="/security/password")
        self.verify(browser, self.client.app.code())
        self.assertAt(browser, "/security/password", self.t("password.title"))


class TooLate(Story):
    def setUp(self):
        super().setUp()
        self.firm = self.hub.firm()
        self.hub.require(self.firm)
        self.client = self.firm.clients[0]

    def test_an_expired_code_says_so_and_a_new_one_works(self):
        phone = self.hub.enrol_phone(self.client)
        browser = self.browser()
        browser.log_in(self.client, self.t)
        old = phone.next_code()
        self.hub.pass_time(self.client.id, 301)
        self.verify(browser, old, "verify.codeLabel.sms")
        self.assertIn(self.t("problem.CODE_EXPIRED"), browser.problem)
        browser.pass_time(301)
        browser.wait("button that sends again", lambda: browser.has_button(self.t("verify.resend")))
        browser.press(self.t("verify.resend"))
        self.verify(browser, phone.next_code(), "verify.codeLabel.sms")
        self.assertAt(browser, "/")

    def test_an_expired_set_up_says_so_and_can_be_begun_anew(self):
        browser = self.browser()
        browser.log_in(self.client, self.t)
        self.begin_app(browser)
        self.scan(browser, self.client)
        code = self.client.app.code()
        self.hub.pass_time(self.client.id, 16 * 60)
        browser.fill(self.t("setUp.codeLabelApp"), code)
        browser.press(self.t("setUp.confirm"))
        self.assertNotEqual(browser.problem, "")
        browser.press(self.t("setUp.other"))
        self.set_up_app(browser, self.client)
        self.assertAt(browser, "/")

    def test_a_form_without_its_cookie_says_that_it_is_too_old(self):
        browser = self.browser()
        browser.go("/log-in")
        browser.command("Network.clearBrowserCookies")
        browser.fill(self.t("logIn.firm"), self.firm.slug)
        browser.fill(self.t("logIn.email"), self.client.email)
        browser.fill(self.t("logIn.password"), self.client.password)
        browser.press(self.t("logIn.submit"))
        self.assertEqual(browser.heading, self.t("problemPage.outdated.title"))
        browser.press(self.t("problemPage.again"))
        self.assertAt(browser, "/log-in", self.t("logIn.title"))


class Twice(Story):
    def press_twice(self, browser, name):
        browser.leave(lambda: ActionChains(browser.driver).double_click(browser.button(name)).perform())

    def test_a_button_pressed_twice_logs_in_sends_and_sets_up_once(self):
        firm = self.hub.firm()
        self.hub.require(firm)
        client, phone = firm.clients[0], self.hub.phone()
        browser = self.browser()
        browser.go("/log-in")
        browser.fill(self.t("logIn.firm"), firm.slug)
        browser.fill(self.t("logIn.email"), client.email)
        browser.fill(self.t("logIn.password"), client.password)
        self.press_twice(browser, self.t("logIn.submit"))
        self.assertEqual(browser.heading, self.t("setUp.title"))
        browser.tick(self.t("setUp.sms"))
        browser.fill(self.t("setUp.phone"), phone.typed)
        self.press_twice(browser, self.t("setUp.continue"))
        self.assertEqual(browser.heading, self.t("setUp.titleSMS"))
        browser.fill(self.t("setUp.codeLabelSMS"), phone.next_code())
        self.press_twice(browser, self.t("setUp.confirm"))
        self.keep_codes(browser, client)
        self.assertAt(browser, "/")
        self.assertEqual(len(phone.messages()), 1)
        happened = [event["event"] for event in self.hub.events(firm, client)]
        self.assertEqual([happened.count("log_in.succeeded"), happened.count("two_factor.set_up")], [1, 1])

    def test_without_scripts_too_a_button_pressed_twice_sends_one_message(self):
        firm = self.hub.firm()
        self.hub.require(firm)
        client, phone = firm.clients[0], self.hub.phone()
        browser = self.browser(scripts=False)
        browser.log_in(client, self.t)
        browser.tick(self.t("setUp.sms"))
        browser.fill(self.t("setUp.phone"), phone.typed)
        self.press_twice(browser, self.t("setUp.continue"))
        code = phone.next_code()
        # Which of the two answers the browser shows is open. The second one says that a message was sent just now.
        if browser.heading != self.t("setUp.titleSMS"):
            self.assertIn(self.t("problem.TOO_MANY_CODES"), browser.problem)
            self.hub.pass_time(client.id, 31)
            browser.press(self.t("setUp.continue"))
            self.assertEqual(phone.next_code(), code)
        browser.fill(self.t("setUp.codeLabelSMS"), code)
        browser.press(self.t("setUp.confirm"))
        self.keep_codes(browser, client)
        self.assertAt(browser, "/")
        self.assertEqual(len(phone.messages()), phone.read)
