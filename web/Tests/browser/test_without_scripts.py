"""Every page works where JavaScript is switched off."""

from support.story import Story


class WithoutScripts(Story):
    def browser(self, **options):
        return super().browser(scripts=False, **options)

    def test_scripts_are_really_off(self):
        browser = self.browser()
        browser.open("data:text/html,<title>off</title><script>document.title = 'on'</script>")
        self.assertEqual(browser.driver.title, "off")

    def test_a_client_logs_in_sets_up_and_verifies(self):
        firm = self.hub.firm()
        self.hub.require(firm)
        client = firm.clients[0]
        browser = self.browser()
        browser.log_in(client, self.t, next="/security")
        self.set_up_app(browser, client)
        self.assertAt(browser, "/security")
        browser.press(self.t("menu.logOut"))
        browser.log_in(client, self.t)
        self.verify(browser, "000000")
        self.assertIn(self.t("problem.WRONG_CODE"), browser.problem)
        self.verify(browser, client.app.code())
        self.assertAt(browser, "/")

    def test_a_client_sets_up_by_text_message_and_has_the_code_sent_again(self):
        firm = self.hub.firm()
        self.hub.require(firm)
        client, phone = firm.clients[0], self.hub.phone()
        browser = self.browser()
        browser.log_in(client, self.t)
        self.begin_phone(browser, phone)
        self.hub.pass_time(client.id, 31)
        browser.press(self.t("verify.resend"))
        self.assertEqual(phone.next_code(), (code := phone.next_code()))
        browser.fill(self.t("setUp.codeLabelSMS"), code)
        browser.press(self.t("setUp.confirm"))
        self.keep_codes(browser, client)
        self.assertAt(browser, "/")

    def test_a_pro_changes_the_settings_and_overrides_through_the_menu(self):
        firm = self.hub.firm()
        client = firm.clients[0]
        pro = self.owner_inside(firm)
        pro.press(self.t("menu.settings"))
        pro.tick(self.t("settings.toggle"))
        pro.press(self.t("settings.save"))
        pro.press(self.t("settingsReview.submit.clientsOn"))
        self.assertEqual(pro.said, self.t("said.settingsSaved"))
        pro.go(f"/clients/{client.id}")
        pro.click(self.t("client.more"))
        pro.press(self.t("client.override"))
        pro.fill(self.t("override.reason"), "Lost the phone.")
        pro.tick(self.t("override.other"))
        pro.fill(self.t("override.otherText"), "Old friend")
        pro.press(self.t("override.submit", name=client.name))
        self.assertEqual(pro.said, self.t("said.overridden"))

    def test_the_demonstrations_phone_renews_itself(self):
        browser = self.browser()
        browser.go("/phone")
        phone = self.hub.enrol_phone(self.hub.firm().clients[0])
        browser.wait("message on the phone", lambda: phone.messages()[0].splitlines()[0] in browser.text)
