"""Help for those who are locked out, and the way in for those who are new."""

from support.hub import Person
from support.story import Story


class Help(Story):
    def test_a_locked_client_reads_why_how_and_whom_to_ask(self):
        firm = self.hub.firm()
        self.hub.require(firm)
        browser = self.browser()
        browser.log_in(firm.clients[0], self.t)
        browser.press(self.t("setUp.help"))
        self.assertAt(browser, "/help", self.t("help.title"))
        self.assertIn("IRS", browser.text)
        self.assertIn("16 CFR 314.4(c)(5)", browser.text)
        for section, steps in [("appTitle", "app"), ("smsTitle", "sms")]:
            self.assertIn(self.t(f"help.{section}"), browser.text)
            self.assertIn(self.t(f"help.{steps}1"), browser.text)
        self.assertIn(self.t("help.videoTitle"), browser.text)
        self.assertTrue(browser.has("main a[href='mailto:help@countingworkspro.com']"))
        # Still locked, and the way back is there.
        self.assertLocked(browser, "/security")

    def test_help_is_open_to_strangers_too(self):
        browser = self.browser()
        browser.go("/help")
        self.assertAt(browser, "/help", self.t("help.title"))


class Invitation(Story):
    def invite(self, pro, name, email):
        pro.press(self.t("clients.invite"))
        pro.fill(self.t("invite.name"), name)
        pro.fill(self.t("invite.email"), email)
        pro.press(self.t("invite.submit"))

    def test_a_pro_invites_a_client_who_chooses_a_password_sets_up_and_comes_in(self):
        firm = self.hub.firm(clients=0)
        self.hub.require(firm)
        pro = self.owner_inside(firm)
        self.invite(pro, "Nina New", f"nina@{firm.slug}.example")
        self.assertEqual(pro.heading, self.t("link.invited.title", name="Nina New"))
        link = pro.value(self.t("link.label"))
        self.assertTrue(link.startswith(self.hub.origin + "/invitation?"), link)

        nina = Person(firm, "Nina New", f"nina@{firm.slug}.example", id=None, password="nine-lives-of-taxes")
        browser = self.browser()
        browser.open(link)
        self.assertEqual(browser.heading, self.t("invitation.title"))
        browser.fill(self.t("invitation.password"), "password")
        browser.press(self.t("invitation.submit"))
        self.assertIn(self.t("problem.WEAK_PASSWORD"), browser.problem)
        self.assertEqual(browser.invalid_fields, ["password"])
        browser.fill(self.t("invitation.password"), nina.password)
        browser.press(self.t("invitation.submit"))
        self.assertAt(browser, "/two-factor/set-up", self.t("setUp.title"))
        self.set_up_app(browser, nina)
        self.assertAt(browser, "/", self.t("home.welcome", name=nina.name))

        # The link has done its work, and the page forgets it.
        other = self.browser()
        other.open(link)
        other.fill(self.t("invitation.password"), "another-good-one-2026")
        other.press(self.t("invitation.submit"))
        self.assertEqual(other.heading, self.t("invitation.unknown.title"))
        pro.press(self.t("link.done"))
        pro.go("/clients/invite/link")
        self.assertNotIn(link, pro.driver.page_source)

    def test_an_address_that_is_taken_is_said_at_its_field(self):
        firm = self.hub.firm()
        pro = self.owner_inside(firm)
        self.invite(pro, "Carla Again", firm.clients[0].email)
        self.assertEqual(pro.problem, self.t("problem.EMAIL_TAKEN"))
        self.assertEqual(pro.invalid_fields, ["email"])
        self.assertEqual(pro.value(self.t("invite.name")), "Carla Again")

    def test_a_reset_link_gives_a_new_password_and_does_not_get_past_the_second_factor(self):
        firm = self.hub.firm()
        client = firm.clients[0]
        self.hub.require(firm)
        self.hub.enrol(client)
        pro = self.owner_inside(firm, f"/clients/{client.id}")
        pro.click(self.t("client.more"))
        pro.press(self.t("client.resetLink"))
        pro.press(self.t("reset.submit"))
        link = pro.value(self.t("link.label"))
        browser = self.browser()
        browser.open(link)
        client.password = "a-fresh-start-in-april"
        browser.fill(self.t("invitation.password"), client.password)
        browser.press(self.t("invitation.submit"))
        self.assertAt(browser, "/two-factor/verify", self.t("verify.title"))
        self.verify(browser, client.app.code())
        self.assertAt(browser, "/")

    def test_a_broken_link_says_so(self):
        browser = self.browser()
        browser.go("/invitation?firm=harbor")
        self.assertEqual(browser.heading, self.t("invitation.broken.title"))

    def test_the_owner_invites_a_professional_and_removes_one(self):
        firm = self.hub.firm(clients=0)
        owner = self.owner_inside(firm, "/settings/team")
        owner.press(self.t("team.invite"))
        owner.fill(self.t("invite.name"), "Peter Pro")
        owner.fill(self.t("invite.email"), f"peter@{firm.slug}.example")
        owner.press(self.t("invite.submit"))
        link = owner.value(self.t("link.label"))
        owner.press(self.t("link.done"))
        self.assertAt(owner, "/settings/team")
        peter = Person(firm, "Peter Pro", f"peter@{firm.slug}.example", id=None, password="quarterly-estimates-4")
        browser = self.browser()
        browser.open(link)
        browser.fill(self.t("invitation.password"), peter.password)
        browser.press(self.t("invitation.submit"))
        # Professionals need a second factor by default.
        self.set_up_app(browser, peter)
        self.assertOpen(browser, "/clients")
        owner.reload()
        owner.press(f"{self.t('team.remove')}: {peter.name}")
        owner.press(self.t("team.removeSubmit", name=peter.name))
        self.assertEqual(owner.said, self.t("said.proRemoved"))
        browser.go("/clients")
        self.assertAt(browser, "/log-in")
