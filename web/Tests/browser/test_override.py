"""Clients Detail Page > More > Security > Disable 2FA for this client: the support override."""

from selenium.webdriver.common.keys import Keys
from support.story import Story


class SupportOverride(Story):
    def setUp(self):
        super().setUp()
        self.firm = self.hub.firm(clients=2)
        self.hub.require(self.firm)
        self.client = self.firm.clients[0]

    def open_override(self, pro):
        """The way that the mission names, from the list of clients."""
        pro.press(f"{self.client.name}")
        self.assertAt(pro, f"/clients/{self.client.id}", self.client.name)
        pro.click(self.t("client.more"))
        self.assertIn(self.t("client.security"), pro.find("details.menu h2").get_property("textContent"))
        pro.press(self.t("client.override"))
        self.assertEqual(pro.heading, self.t("override.title", name=self.client.name))

    def override(self, pro, reason="Lost the phone, has a new one on Friday."):
        self.open_override(pro)
        pro.fill(self.t("override.reason"), reason)
        pro.tick(self.t("identification.calledBack"))
        pro.press(self.t("override.submit", name=self.client.name))
        self.assertAt(pro, f"/clients/{self.client.id}", self.client.name)
        self.assertEqual(pro.said, self.t("said.overridden"))

    def test_a_client_stuck_in_the_set_up_is_let_in_and_prompted_again_at_the_next_log_in(self):
        stuck = self.browser()
        stuck.log_in(self.client, self.t, next="/security")
        self.begin_app(stuck)
        self.assertLocked(stuck, "/security")

        pro = self.owner_inside(self.firm)
        self.open_override(pro)
        for effect in ["letIn", "prompted", "setting", "log"]:
            self.assertIn(self.t(f"override.effect.{effect}", name=self.client.name), pro.text)
        pro.go("/clients")
        self.override(pro)

        # In at once, with the session that was stuck.
        self.assertOpen(stuck, "/security")
        stuck.go("/")
        self.assertIn(self.t("home.deferredTitle"), stuck.text)
        # The firm's setting is as it was, and the other client is locked as before.
        self.assertTrue(self.hub.settings(self.firm)["twoFactorRequired"])
        self.assertLocked(self.inside(self.firm.clients[1]), "/security")
        # The next log-in prompts again.
        stuck.press(self.t("menu.logOut"))
        stuck.log_in(self.client, self.t)
        self.assertAt(stuck, "/two-factor/set-up", self.t("setUp.title"))
        self.set_up_app(stuck, self.client)
        self.assertAt(stuck, "/")

    def test_a_client_who_lost_the_phone_is_let_in_and_the_old_phone_is_good_for_nothing(self):
        self.hub.enrol(self.client)
        old = self.client.app
        lost = self.browser()
        lost.log_in(self.client, self.t)
        self.assertAt(lost, "/two-factor/verify")
        pro = self.owner_inside(self.firm)
        self.override(pro)
        # Who knew only the password is out; the client logs in anew and is prompted to set up.
        lost.go("/security")
        self.assertAt(lost, "/log-in")
        lost.log_in(self.client, self.t)
        self.assertAt(lost, "/two-factor/set-up", self.t("setUp.title"))
        self.set_up_app(lost, self.client)
        self.assertNotEqual(self.client.app.secret, old.secret)
        self.assertAt(lost, "/")

    def test_the_activity_shows_who_did_it_why_and_how_the_client_was_identified(self):
        reason = "Broke her phone; the shop has it until Friday."
        pro = self.owner_inside(self.firm)
        self.override(pro, reason)
        pro.press(self.t("client.activity"))
        self.assertAt(pro, f"/clients/{self.client.id}/activity")
        self.assertIn(self.t("event.two_factor.overridden", actor=self.firm.owner.name), pro.text)
        self.assertIn(reason, pro.text)
        self.assertIn(self.t("identification.calledBack"), pro.text)

    def test_a_missing_reason_is_said_at_its_field_and_what_was_chosen_stays(self):
        pro = self.owner_inside(self.firm)
        self.open_override(pro)
        # The browser itself wants the field filled in; blanks pass it.
        pro.fill(self.t("override.reason"), "   ")
        pro.tick(self.t("identification.inPerson"))
        pro.press(self.t("override.submit", name=self.client.name))
        self.assertEqual(pro.problem, self.t("problem.REASON_MISSING"))
        self.assertEqual(pro.invalid_fields, ["reason"])
        self.assertIn("problem", pro.field(self.t("override.reason")).get_attribute("aria-describedby").split())
        self.assertTrue(pro.field(self.t("identification.inPerson")).is_selected())
        pro.fill(self.t("override.reason"), "Lost the phone.")
        pro.press(self.t("override.submit", name=self.client.name))
        self.assertEqual(pro.said, self.t("said.overridden"))

    def test_another_way_of_identifying_needs_words(self):
        pro = self.owner_inside(self.firm)
        self.open_override(pro)
        pro.fill(self.t("override.reason"), "Lost the phone.")
        pro.tick(self.t("override.other"))
        pro.press(self.t("override.submit", name=self.client.name))
        self.assertEqual(pro.problem, self.t("problem.IDENTIFICATION_MISSING"))
        self.assertEqual(pro.value(self.t("override.reason")), "Lost the phone.")
        pro.fill(self.t("override.otherText"), "By the passport that she sent last week")
        pro.press(self.t("override.submit", name=self.client.name))
        pro.press(self.t("client.activity"))
        self.assertIn("By the passport that she sent last week", pro.text)

    def test_the_menu_closes_by_escape_and_gives_the_focus_back(self):
        pro = self.owner_inside(self.firm, f"/clients/{self.client.id}")
        pro.click(self.t("client.more"))
        self.assertTrue(pro.has_button(self.t("client.override")))
        pro.keys(Keys.ESCAPE)
        self.assertFalse(pro.has_button(self.t("client.override")))
        self.assertEqual(pro.focus, self.t("client.more"))

    def test_a_client_finds_neither_the_pages_of_pros_nor_those_of_others(self):
        self.hub.require(self.firm, False)
        client = self.inside(self.client)
        for path in ["/clients", f"/clients/{self.firm.clients[1].id}/override", "/settings/client-hub"]:
            client.go(path)
            self.assertEqual(client.heading, self.t("problemPage.forbidden.title"))
        stranger = self.owner_inside(self.hub.firm())
        stranger.go(f"/clients/{self.client.id}")
        self.assertEqual(stranger.heading, self.t("problemPage.notFound.title"))
