"""A walk through every page, in each of its states that looks different."""

from .people import Person


class Tour:
    """`for name, browser in Tour(story)`: stands still at each page, which then has this name."""

    def __init__(self, story, hide_demo=False):
        self.story, self.hub, self.t = story, story.hub, story.t
        self.seen = set()

    def browser(self):
        return self.story.browser(language=self.t.language)

    def inside(self, session, path):
        browser = self.browser()
        browser.take(session)
        browser.go(path)
        return browser

    def __iter__(self):
        firm = self.hub.firm(clients=8)
        for part in [self.strangers, self.set_up, self.log_in, self.own_account, self.clients, self.overrides,
                     self.invitations, self.settings, self.problems]:
            yield from part(firm)

    # Who is not inside yet

    def strangers(self, firm):
        t, browser = self.t, self.browser()
        browser.go("/log-in")
        yield "log-in", browser
        browser.fill(t("logIn.firm"), firm.slug)
        browser.fill(t("logIn.email"), firm.clients[0].email)
        browser.fill(t("logIn.password"), "not-the-password")
        browser.press(t("logIn.submit"))
        yield "log-in-problem", browser
        browser.go("/help")
        yield "help", browser
        browser.go("/invitation?firm=harbor")
        yield "invitation-ended", browser

    def set_up(self, firm):
        t, browser, phone = self.t, self.browser(), self.hub.phone()
        self.hub.require(firm)
        client = firm.clients[0]
        browser.log_in(client, t)
        yield "set-up", browser
        browser.tick(t("setUp.sms"))
        yield "set-up-sms", browser
        browser.fill(t("setUp.phone"), "12345")
        browser.press(t("setUp.continue"))
        yield "set-up-problem", browser
        browser.fill(t("setUp.phone"), phone.typed)
        browser.press(t("setUp.continue"))
        yield "set-up-confirm-sms", browser
        browser.press(t("setUp.other"))
        browser.press(t("setUp.continue"))
        yield "set-up-confirm", browser
        browser.click(t("setUp.cannotScan"))
        browser.fill(t("setUp.codeLabelApp"), "000000")
        browser.press(t("setUp.confirm"))
        yield "set-up-confirm-problem", browser
        self.story.scan(browser, client)
        browser.fill(t("setUp.codeLabelApp"), client.app.code())
        browser.press(t("setUp.confirm"))
        yield "recovery-codes", browser
        self.story.keep_codes(browser, client)
        yield "home", browser

    def log_in(self, firm):
        t, (client, texted) = self.t, firm.clients[:2]
        phone = self.hub.enrol_phone(texted)
        browser = self.browser()
        browser.log_in(client, t)
        yield "verify", browser
        self.story.verify(browser, "000000")
        yield "verify-problem", browser
        browser.press(t("verify.use.recovery"))
        yield "verify-recovery", browser
        browser = self.browser()
        browser.log_in(texted, t)
        yield "verify-sms", browser
        browser.go("/phone")
        browser.wait("message on the phone", lambda: phone.number in browser.text)
        yield "phone", browser

    def own_account(self, firm):
        t, client = self.t, firm.clients[2]
        self.hub.require(firm, False)
        browser = self.browser()
        browser.log_in(client, t)
        yield "set-up-offer", browser
        browser.press(t("setUp.notNow"))
        yield "home-off", browser
        session = self.hub.enrol(client, browser.session)
        device = self.hub.call("auth.LogIn", firm=firm.slug, email=client.email, password=client.password, agent="Firefox/1 (Android)")
        self.hub.call("auth.Verify", session=device["session"], method="recovery", code=client.recovery_codes[0], trustDevice=True)
        browser.take(session)
        browser.go("/security")
        yield "security", browser
        browser.go("/security/activity")
        yield "own-activity", browser
        browser.go("/security/methods/authenticator/remove")
        yield "remove-method", browser
        browser.go("/security/password")
        browser.fill(t("password.current"), client.password)
        browser.fill(t("password.new"), "12345678")
        browser.press(t("password.submit"))
        yield "password-problem", browser
        browser.go("/security/password")
        yield "password", browser
        self.hub.require(firm)

    # Who works at the firm

    def clients(self, firm):
        t, client = self.t, firm.clients[0]
        pro = self.inside(firm.session, "/clients")
        yield "clients", pro
        pro.fill(t("clients.search"), "nobody")
        pro.press(t("clients.show"))
        yield "clients-none", pro
        pro.go(f"/clients/{client.id}")
        yield "client", pro
        pro.click(t("client.more"))
        yield "client-menu", pro
        self.hub.require(firm, False)
        pro.go(f"/clients/{client.id}/activity")
        yield "client-activity", pro
        pro.click(t("client.more"))
        yield "client-activity-menu", pro
        pro.press(t("clientActivity.require"))
        yield "requirement", pro
        self.hub.require(firm)

    def overrides(self, firm):
        t, client = self.t, firm.clients[0]
        pro = self.inside(firm.session, f"/clients/{client.id}/override")
        yield "override", pro
        pro.fill(t("override.reason"), " ")
        pro.tick(t("identification.calledBack"))
        pro.press(t("override.submit", name=client.name))
        yield "override-problem", pro
        pro.fill(t("override.reason"), "Lost the phone, has a new one on Friday.")
        pro.press(t("override.submit", name=client.name))
        yield "client-overridden", pro
        # The client goes on with the session that was open, unlocked, and is reminded.
        stuck = self.inside(self.hub.log_in(firm.clients[3]), "/")
        self.hub.call("auth.OverrideTwoFactor", session=firm.session, client=firm.clients[3].id, reason="Stuck in the set-up")
        stuck.go("/")
        yield "home-overridden", stuck

    def invitations(self, firm):
        t = self.t
        pro = self.inside(firm.session, "/clients/invite")
        yield "invite", pro
        pro.fill(t("invite.name"), "Nina New")
        pro.fill(t("invite.email"), f"nina@{firm.slug}.example")
        pro.press(t("invite.submit"))
        yield "link", pro
        browser = self.browser()
        browser.open(pro.value(t("link.label")))
        yield "invitation", browser
        pro.press(t("link.done"))
        pro.go(f"/clients/{firm.clients[0].id}/reset-link")
        yield "reset", pro
        pro.go("/settings/team/invite")
        yield "team-invite", pro
        pro.fill(t("invite.name"), "Peter Pro")
        pro.fill(t("invite.email"), f"peter@{firm.slug}.example")
        pro.press(t("invite.submit"))
        yield "team-link", pro
        peter = Person(firm, "Peter Pro", f"peter@{firm.slug}.example", id=None, password="quarterly-estimates-4")
        token = pro.value(t("link.label")).split("token=")[1]
        self.hub.call("auth.AcceptInvitation", firm=firm.slug, invitation=token, password=peter.password)
        pro.press(t("link.done"))
        yield "team", pro
        pro.press(f"{t('team.override')}: {peter.name}")
        yield "team-override", pro
        pro.go("/settings/team")
        pro.press(f"{t('team.remove')}: {peter.name}")
        yield "team-remove", pro

    def settings(self, firm):
        t = self.t
        self.hub.require(firm, False)
        pro = self.inside(firm.session, "/settings/client-hub")
        yield "settings", pro
        pro.tick(t("settings.toggle"))
        pro.press(t("settings.save"))
        yield "settings-review", pro
        pro.go("/settings/client-hub")
        pro.script("arguments[0].form.noValidate = true", pro.field(t("settings.idleMinutes")))
        pro.fill(t("settings.idleMinutes"), "999")
        pro.press(t("settings.save"))
        yield "settings-problem", pro
        pro.go("/two-factor/step-up?next=/settings/client-hub")
        yield "step-up", pro

    # What is no page, or not for everybody

    def problems(self, firm):
        browser = self.inside(self.hub.log_in(firm.clients[4]), "/clients")
        yield "forbidden", browser
        browser.go("/nowhere")
        yield "not-found", browser
        browser.go("/security/password")
        self.hub.auth.stop()
        try:
            browser.go("/security")
            yield "outage", browser
        finally:
            self.hub.auth.start()
