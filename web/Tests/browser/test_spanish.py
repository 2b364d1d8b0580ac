"""The pages in Spanish: chosen by the browser or by hand, and with no English left."""

from support.english import english_left
from support.story import Story
from support.texts import english, spanish


class Spanish(Story):
    t = spanish

    def assertSpanish(self, browser):
        self.assertEqual(browser.find("html").get_attribute("lang"), "es")
        self.assertEqual(english_left(browser), [], f"English at {browser.path}")

    def test_a_client_switches_the_language_and_logs_in_sets_up_and_verifies(self):
        firm = self.hub.firm()
        self.hub.require(firm)
        client = firm.clients[0]
        browser = self.browser()
        browser.go("/log-in?next=/security")
        self.assertEqual(browser.heading, english("logIn.title"))
        browser.press("Español")
        self.assertAt(browser, "/log-in", self.t("logIn.title"))
        self.assertSpanish(browser)
        browser.fill(self.t("logIn.firm"), firm.slug)
        browser.fill(self.t("logIn.email"), client.email)
        browser.fill(self.t("logIn.password"), client.password)
        browser.press(self.t("logIn.submit"))
        self.assertSpanish(browser)
        self.begin_app(browser)
        self.assertSpanish(browser)
        self.scan(browser, client)
        browser.fill(self.t("setUp.codeLabelApp"), "000000")
        browser.press(self.t("setUp.confirm"))
        self.assertEqual(browser.invalid_fields, ["code"])
        self.assertSpanish(browser)
        browser.fill(self.t("setUp.codeLabelApp"), client.app.code())
        browser.press(self.t("setUp.confirm"))
        self.assertSpanish(browser)
        self.keep_codes(browser, client)
        self.assertAt(browser, "/security")
        self.assertSpanish(browser)
        browser.press(self.t("menu.logOut"))
        self.assertSpanish(browser)
        browser.log_in(client, self.t)
        self.assertSpanish(browser)
        self.verify(browser, client.app.code())
        self.assertAt(browser, "/", self.t("home.welcome", name=client.name))
        self.assertSpanish(browser)
        browser.press("English")
        self.assertEqual(browser.heading, english("home.welcome", name=client.name))

    def test_a_browser_that_speaks_spanish_is_spoken_to_in_spanish(self):
        browser = self.browser(language="es-MX,es,en")
        browser.go("/help")
        self.assertEqual(browser.heading, self.t("help.title"))
        self.assertSpanish(browser)
