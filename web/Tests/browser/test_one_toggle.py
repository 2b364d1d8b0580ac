"""Settings > Client Hub Settings: one toggle turns two-factor authentication on for all clients of the firm."""

import unittest

from support.story import Story, gated_paths


class OneToggle(Story):
    def turn_on(self, pro):
        """Turns the toggle on, as far as the page that says what will happen."""
        pro.press(self.t("menu.settings"))
        self.assertAt(pro, "/settings/client-hub")
        self.assertIn(self.t("settings.title"), pro.text)
        pro.tick(self.t("settings.toggle"))
        pro.press(self.t("settings.save"))

    def test_a_pro_turns_two_factor_on_for_all_clients_and_each_is_locked_until_it_is_set_up(self):
        firm = self.hub.firm(clients=3)
        open_before, _, later = firm.clients
        client = self.inside(open_before, "/security")
        self.assertAt(client, "/security")

        pro = self.owner_inside(firm)
        self.turn_on(pro)
        # What will happen is said before it does, and to how many.
        self.assertAt(pro, "/settings/client-hub/review", self.t("settingsReview.title"))
        self.assertIn(self.t.counted("settingsReview.mustSetUp", 3), pro.text)
        self.assertIn(self.t("settingsReview.atOnce"), pro.text)
        self.assertFalse(self.hub.settings(firm)["twoFactorRequired"])
        pro.press(self.t("settingsReview.submit.clientsOn"))
        self.assertAt(pro, "/settings/client-hub")
        self.assertEqual(pro.said, self.t("said.settingsSaved"))
        self.assertTrue(self.hub.settings(firm)["twoFactorRequired"])
        self.assertIn(self.t("settings.state.on"), pro.text)

        # Who was inside is locked with the next page, and who logs in is prompted to set up.
        self.assertLocked(client, "/security")
        self.assertIn(self.t("setUp.why.firm"), client.text)
        other = self.browser()
        other.log_in(later, self.t)
        self.assertAt(other, "/two-factor/set-up", self.t("setUp.title"))

        # Every page is locked, also those that are not there.
        for path in [*gated_paths(), "/documents/1040.pdf", "/nowhere"]:
            path = path.replace("{client}", later.id).replace("{pro}", firm.owner.id).replace("{method}", "sms")
            with self.subTest(path):
                self.assertLocked(other, path)

        # Until the set-up works; then everything is open.
        self.set_up_app(other, later)
        for path in ["/", "/security", "/security/password"]:
            self.assertOpen(other, path)

    def test_a_start_date_announces_the_toggle_and_locks_nobody_before(self):
        firm = self.hub.firm(clients=1)
        pro = self.owner_inside(firm, "/settings/client-hub")
        pro.tick(self.t("settings.toggle"))
        pro.script("arguments[0].value = '2099-04-15'", pro.field(self.t("settings.enforceFrom")))
        pro.press(self.t("settings.save"))
        self.assertIn(self.t("settingsReview.until"), pro.text)
        pro.press(self.t("settingsReview.submit.clientsOn"))
        self.assertIn(self.t("settings.state.announced"), pro.text)
        self.assertIn("2099", pro.text)
        client = self.browser()
        client.log_in(firm.clients[0], self.t)
        self.assertOpen(client, "/security")

    def test_leaving_the_review_changes_nothing(self):
        firm = self.hub.firm(clients=1)
        pro = self.owner_inside(firm)
        self.turn_on(pro)
        pro.press(self.t("settingsReview.cancel"))
        self.assertAt(pro, "/settings/client-hub")
        self.assertFalse(self.hub.settings(firm)["twoFactorRequired"])

    def test_turning_it_off_opens_the_pages_again(self):
        firm = self.hub.firm(clients=1)
        self.hub.require(firm)
        client = self.inside(firm.clients[0])
        self.assertLocked(client, "/security")
        pro = self.owner_inside(firm, "/settings/client-hub")
        pro.tick(self.t("settings.toggle"))
        pro.press(self.t("settings.save"))
        self.assertIn(self.t("settingsReview.clientsOff.warning"), pro.text)
        pro.press(self.t("settingsReview.submit.clientsOff"))
        self.assertOpen(client, "/security")

    def test_a_sensitive_change_asks_once_more_who_it_is_and_then_goes_on(self):
        firm = self.hub.firm(clients=1)
        # A trusted device opens the pages, but is no proof for what is sensitive.
        pro = self.browser()
        pro.log_in(firm.owner, self.t)
        pro.tick(self.t("verify.trust"))
        self.verify(pro, firm.owner.app.code())
        pro.press(self.t("menu.logOut"))
        pro.log_in(firm.owner, self.t)
        self.assertAt(pro, "/clients")
        self.turn_on(pro)
        pro.press(self.t("settingsReview.submit.clientsOn"))
        self.assertEqual(pro.heading, self.t("stepUp.title"))
        self.assertFalse(self.hub.settings(firm)["twoFactorRequired"])

        pro.fill(self.t("verify.codeLabel.authenticator"), "000000")
        pro.press(self.t("stepUp.submit"))
        self.assertIn(self.t("problem.WRONG_CODE"), pro.problem)
        pro.fill(self.t("verify.codeLabel.authenticator"), firm.owner.app.code())
        pro.press(self.t("stepUp.submit"))
        self.assertEqual(pro.said, self.t("said.settingsSaved"))
        self.assertTrue(self.hub.settings(firm)["twoFactorRequired"])

    def test_of_two_pros_who_change_the_settings_the_second_is_told(self):
        firm = self.hub.firm(clients=1)
        pro = self.owner_inside(firm, "/settings/client-hub")
        self.hub.require(firm)
        pro.fill(self.t("settings.idleMinutes"), "20")
        pro.press(self.t("settings.save"))
        self.assertIn(self.t("problem.CHANGED_MEANWHILE"), pro.problem)
        self.assertTrue(pro.field(self.t("settings.toggle")).is_selected())

    def test_a_number_out_of_bounds_is_said_at_its_field(self):
        firm = self.hub.firm(clients=1)
        pro = self.owner_inside(firm, "/settings/client-hub")
        pro.script("arguments[0].form.noValidate = true", pro.field(self.t("settings.idleMinutes")))
        pro.fill(self.t("settings.idleMinutes"), "999")
        pro.press(self.t("settings.save"))
        self.assertEqual(pro.invalid_fields, ["idleMinutes"])
        self.assertIn(self.t("problem.MALFORMED.idleMinutes"), pro.problem)
        self.assertEqual(pro.value(self.t("settings.idleMinutes")), "999")


if __name__ == "__main__":
    unittest.main()
