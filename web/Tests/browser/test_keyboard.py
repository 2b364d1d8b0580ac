"""The keyboard alone: everything is reached by Tab, pressed by Enter or Space, and the focus is seen."""

from selenium.webdriver.common.keys import Keys
from support.story import Story


class Keyboard(Story):
    def come_to(self, browser, name):
        browser.tab_to(name)
        self.assertTrue(browser.focus_is_visible, f"the focus on “{name}” at {browser.path} is not seen")

    def enter(self, browser):
        browser.leave(lambda: browser.keys(Keys.ENTER))

    def test_a_client_logs_in_and_sets_up(self):
        firm = self.hub.firm()
        self.hub.require(firm)
        client = firm.clients[0]
        browser = self.browser()
        browser.go("/log-in")
        self.come_to(browser, self.t("layout.skip"))
        browser.keys(Keys.ENTER)
        self.come_to(browser, self.t("logIn.firm"))
        browser.keys(firm.slug)
        self.come_to(browser, self.t("logIn.email"))
        browser.keys(client.email)
        self.come_to(browser, self.t("logIn.password"))
        browser.keys("a-wrong-password")
        self.enter(browser)
        # After a problem the focus is on what says so, and the field comes next.
        self.assertEqual(browser.focus, browser.problem)
        self.come_to(browser, self.t("logIn.firm"))
        self.come_to(browser, self.t("logIn.password"))
        browser.keys(client.password)
        self.come_to(browser, self.t("logIn.submit"))
        self.enter(browser)

        self.assertAt(browser, "/two-factor/set-up")
        # The label of the choice says that it is recommended.
        self.come_to(browser, f"{self.t('setUp.app')} {self.t('setUp.recommended')}")
        self.come_to(browser, self.t("setUp.continue"))
        self.enter(browser)
        self.scan(browser, client)
        self.assertEqual(browser.focus, self.t("setUp.codeLabelApp"))
        browser.keys(client.app.code())
        self.enter(browser)
        self.assertEqual(browser.heading, self.t("recovery.title"))
        self.come_to(browser, self.t("recovery.kept"))
        browser.keys(Keys.SPACE)
        self.come_to(browser, self.t("recovery.continue"))
        self.enter(browser)
        self.assertAt(browser, "/")

    def test_the_text_message_is_chosen_by_the_arrow_keys(self):
        firm = self.hub.firm()
        self.hub.require(firm)
        browser = self.inside(firm.clients[0])
        self.come_to(browser, f"{self.t('setUp.app')} {self.t('setUp.recommended')}")
        browser.keys(Keys.ARROW_DOWN)
        self.assertEqual(browser.focus, self.t("setUp.sms"))
        self.assertTrue(browser.focus_is_visible)
        self.come_to(browser, self.t("setUp.phone"))
        phone = self.hub.phone()
        browser.keys(phone.typed)
        self.enter(browser)
        self.assertEqual(browser.heading, self.t("setUp.titleSMS"))
        self.assertEqual(browser.focus, self.t("setUp.codeLabelSMS"))

    def test_a_pro_opens_the_menu_and_overrides(self):
        firm = self.hub.firm()
        client = firm.clients[0]
        pro = self.owner_inside(firm)
        self.come_to(pro, client.name)
        self.enter(pro)
        self.come_to(pro, self.t("client.more"))
        pro.keys(Keys.ENTER)
        self.come_to(pro, self.t("client.override"))
        self.enter(pro)
        self.come_to(pro, self.t("override.reason"))
        pro.keys(" ")
        self.come_to(pro, self.t("identification.calledBack"))
        pro.keys(Keys.SPACE)
        self.come_to(pro, self.t("override.submit", name=client.name))
        self.enter(pro)
        self.assertEqual(pro.focus, self.t("problem.REASON_MISSING"))
        self.come_to(pro, self.t("override.reason"))
        pro.keys("Lost the phone.")
        self.come_to(pro, self.t("override.submit", name=client.name))
        self.enter(pro)
        self.assertEqual(pro.said, self.t("said.overridden"))

    def test_a_pro_turns_the_toggle_on(self):
        firm = self.hub.firm()
        pro = self.owner_inside(firm, "/settings/client-hub")
        self.come_to(pro, self.t("settings.toggle"))
        pro.keys(Keys.SPACE)
        self.come_to(pro, self.t("settings.save"))
        self.enter(pro)
        self.come_to(pro, self.t("settingsReview.submit.clientsOn"))
        self.enter(pro)
        self.assertTrue(self.hub.settings(firm)["twoFactorRequired"])

    def test_the_skip_link_leads_past_the_head(self):
        pro = self.owner_inside(self.hub.firm())
        self.come_to(pro, self.t("layout.skip"))
        pro.keys(Keys.ENTER)
        self.assertEqual(pro.script("return document.activeElement.id"), "main")
        self.come_to(pro, self.t("clients.invite"))
