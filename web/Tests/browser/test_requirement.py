"""Clients Activity Page > More > Security > Require 2FA for this client: where the firm's toggle is off."""

from support.story import Story


class OneClient(Story):
    def setUp(self):
        super().setUp()
        self.firm = self.hub.firm(clients=2)
        self.client, self.other = self.firm.clients

    def test_a_pro_requires_two_factor_of_one_client_and_only_that_one_is_locked(self):
        one, other = self.inside(self.client, "/security"), self.inside(self.other, "/security")
        pro = self.owner_inside(self.firm)
        pro.press(f"{self.t('clients.activity')}: {self.client.name}")
        self.assertAt(pro, f"/clients/{self.client.id}/activity", self.t("clientActivity.title", name=self.client.name))
        pro.click(self.t("client.more"))
        pro.press(self.t("clientActivity.require"))
        self.assertIn(self.t("requirement.effect.on.setUp", name=self.client.name), pro.text)
        pro.press(self.t("requirement.submit.on", name=self.client.name))
        self.assertEqual(pro.said, self.t("said.requirementOn"))
        self.assertIn(self.t("event.two_factor.requirement.true", actor=self.firm.owner.name), pro.text)

        self.assertLocked(one, "/security")
        self.assertIn(self.t("setUp.why.pro"), one.text)
        self.assertOpen(other, "/security")
        self.assertFalse(self.hub.settings(self.firm)["twoFactorRequired"])

        # And taken back in the same place.
        pro.click(self.t("client.more"))
        pro.press(self.t("clientActivity.requireNoLonger"))
        pro.press(self.t("requirement.submit.off", name=self.client.name))
        self.assertEqual(pro.said, self.t("said.requirementOff"))
        self.assertOpen(one, "/security")

    def test_where_the_toggle_is_on_there_is_nothing_to_require(self):
        self.hub.require(self.firm)
        pro = self.owner_inside(self.firm, f"/clients/{self.client.id}/activity")
        pro.click(self.t("client.more"))
        self.assertIn(self.t("clientActivity.firmRequires"), pro.text)
        self.assertFalse(pro.has_button(self.t("clientActivity.require")))

    def test_where_nobody_requires_it_a_client_may_decline_the_offer(self):
        browser = self.browser()
        browser.log_in(self.client, self.t, next="/security")
        self.assertAt(browser, "/two-factor/set-up", self.t("setUp.title"))
        browser.press(self.t("setUp.notNow"))
        self.assertAt(browser, "/security")
        self.assertEqual(browser.said, self.t("said.offerDeclined"))
        browser.press(self.t("menu.logOut"))
        browser.log_in(self.client, self.t)
        self.assertAt(browser, "/", self.t("home.welcome", name=self.client.name))

    def test_the_list_finds_clients_by_name_and_by_how_far_they_have_come(self):
        self.hub.enrol(self.other)
        self.hub.require(self.firm)
        pro = self.owner_inside(self.firm)
        self.assertIn(self.t("coverage.sentence.other", active=1, clients=2), pro.text)
        pro.fill(self.t("clients.search"), self.client.name.split()[0].lower())
        pro.press(self.t("clients.show"))
        self.assertIn(self.client.name, pro.find("table").text)
        self.assertNotIn(self.other.name, pro.find("table").text)
        pro.press(self.t("clients.showAll"))
        pro.find("#state option[value=active]").click()
        pro.press(self.t("clients.show"))
        self.assertNotIn(self.client.name, pro.find("table").text)
        self.assertIn(self.other.name, pro.find("table").text)
        pro.fill(self.t("clients.search"), "nobody of this name")
        pro.press(self.t("clients.show"))
        self.assertIn(self.t("clients.noneFound"), pro.text)
