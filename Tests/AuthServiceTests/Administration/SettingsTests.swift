import Testing
import Wire

@testable import AuthService

@Suite("The firm's settings", .timeLimit(.minutes(2)))
struct SettingsTests {
    @Test("a PRO reads them and changes what is named, and the rest stays")
    @Loop func change() async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        let before = try await world.call(Auth.GetSettings(session: pro))
        #expect(before == world.firm.settings)
        let date = world.clock.now + 86_400
        let after = try await world.call(
            Auth.UpdateSettings(
                session: pro, version: 1, twoFactorRequired: true, enforceFrom: date, idleMinutes: 5))
        #expect(
            after
                == Auth.Settings(
                    twoFactorRequired: true, enforceFrom: date, prosTwoFactorRequired: false,
                    trustedDeviceDays: 30,
                    idleMinutes: 5, version: 2))
        #expect(try await world.call(Auth.GetSettings(session: pro)) == after)
        #expect(try world.settings() == after)
    }

    @Test("the date is kept where it is absent, set where it is given, and taken away where it is null")
    @Loop func enforceFrom() async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        let date = world.clock.now + 3_600
        var settings = try await world.call(
            Auth.UpdateSettings(session: pro, version: 1, enforceFrom: .some(date)))
        #expect(settings.enforceFrom == date)
        settings = try await world.call(Auth.UpdateSettings(session: pro, version: 2, idleMinutes: 10))
        #expect(settings.enforceFrom == date)
        settings = try await world.call(
            Auth.UpdateSettings(session: pro, version: 3, enforceFrom: .some(nil)))
        #expect(settings.enforceFrom == nil && settings.version == 4)
    }

    @Test("the log has every value before and after")
    @Loop func event() async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        let date = world.clock.now + 3_600
        _ = try await world.call(
            Auth.UpdateSettings(
                session: pro, version: 1, twoFactorRequired: true, enforceFrom: date,
                prosTwoFactorRequired: true,
                trustedDeviceDays: 0, idleMinutes: 60))
        let event = try world.lastEvent()
        #expect(event.event == "settings.changed" && event.actor.id == world.pro.id)
        #expect(
            event.detail == [
                "twoFactorRequired": "false -> true", "enforceFrom": "at once -> \(date)",
                "prosTwoFactorRequired": "false -> true", "trustedDeviceDays": "30 -> 0",
                "idleMinutes": "30 -> 60",
                "version": "1 -> 2",
            ])
    }

    @Test("what changes nothing makes no version and no event")
    @Loop func nothing() async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        let settings = try await world.call(
            Auth.UpdateSettings(session: pro, version: 1, twoFactorRequired: false, idleMinutes: 30))
        #expect(settings.version == 1)
        #expect(try world.lastEvent().event == "log_in.succeeded")
    }

    @Test("who has not seen the last change changes nothing", arguments: [0, 1, 3, -1, .max])
    @Loop func changedMeanwhile(version: Int) async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        _ = try await world.call(Auth.UpdateSettings(session: pro, version: 1, idleMinutes: 10))
        expect(
            await refusal {
                try await world.call(
                    Auth.UpdateSettings(session: pro, version: version, twoFactorRequired: true))
            }, .changedMeanwhile)
        #expect(try world.settings().twoFactorRequired == false)
    }

    @Test("of two changes at once from the same version, one is refused")
    @Loop func race() async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        let done = await together(10) { number in
            try await world.call(Auth.UpdateSettings(session: pro, version: 1, idleMinutes: 10 + number))
        }
        #expect(done.count { $0.succeeded } == 1)
        #expect(done.allSatisfy { $0.succeeded || $0.refusal?.isFor(.changedMeanwhile) == true })
        #expect(try world.settings().version == 2)
    }

    @Test(
        "a value out of bounds is refused with its field",
        arguments: [
            (-1, "trustedDeviceDays"), (91, "trustedDeviceDays"), (4, "idleMinutes"), (61, "idleMinutes"),
        ])
    @Loop func bounds(value: Int, field: String) async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        let isDays = field == "trustedDeviceDays"
        expect(
            await refusal {
                try await world.call(
                    Auth.UpdateSettings(
                        session: pro, version: 1, trustedDeviceDays: isDays ? value : nil,
                        idleMinutes: isDays ? nil : value))
            }, .malformed, field: field)
        #expect(try world.settings().version == 1)
    }

    @Test("values at their bounds are taken", arguments: [(0, 5), (90, 60)])
    @Loop func atBounds(days: Int, minutes: Int) async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        let settings = try await world.call(
            Auth.UpdateSettings(session: pro, version: 1, trustedDeviceDays: days, idleMinutes: minutes))
        #expect(settings.trustedDeviceDays == days && settings.idleMinutes == minutes)
    }

    // MARK: what they do to open sessions

    @Test("the toggle bites on the very next page of a session that is open")
    @Loop func bites() async throws {
        let world = try await World()
        let session = try await world.enter(world.ana)
        #expect(try await world.decision(session) == .allow)
        let pro = try await world.enter(world.pro)
        _ = try await world.call(Auth.UpdateSettings(session: pro, version: 1, twoFactorRequired: true))
        #expect(try await world.decision(session) == .setUp)
        #expect(try await world.decision(session, "/two-factor") == .allow)
        #expect(try await world.decision(pro, "/clients") == .allow, "a PRO has a setting apart")
        _ = try await world.call(Auth.UpdateSettings(session: pro, version: 2, twoFactorRequired: false))
        #expect(try await world.decision(session) == .allow)
    }

    @Test("a date only announces until it comes")
    @Loop func announced() async throws {
        let world = try await World()
        let session = try await world.enter(world.ana)
        let pro = try await world.enter(world.pro)
        _ = try await world.call(
            Auth.UpdateSettings(
                session: pro, version: 1, twoFactorRequired: true, enforceFrom: world.clock.now + 600))
        #expect(try await world.decision(session) == .allow)
        #expect(
            try await world.call(Auth.GetClient(session: pro, client: world.ana.id)).twoFactor.state == .off)
        world.clock.advance(600)
        #expect(try await world.decision(session) == .setUp)
        #expect(
            try await world.call(Auth.GetClient(session: pro, client: world.ana.id)).twoFactor.state
                == .pending)
    }

    @Test("toggled off, a factor is dormant; toggled on again it is asked for, and no new set-up")
    @Loop func dormant() async throws {
        let world = try await World(clients: true)
        let proved = try await world.enterSettingUp(world.ana)
        let pro = try await world.enter(world.pro)
        // Only the firm asked for it: a set-up that was required is no choice of one's own.
        _ = try await world.call(Auth.UpdateSettings(session: pro, version: 1, twoFactorRequired: false))
        let login = try await world.logIn(world.ana)
        #expect(login.gate.state == .open && login.gate.methods.contains(.authenticator))
        let off = try await world.call(Auth.GetClient(session: pro, client: world.ana.id)).twoFactor
        #expect(off.state == .off && off.methods.contains(.authenticator))

        _ = try await world.call(Auth.UpdateSettings(session: pro, version: 2, twoFactorRequired: true))
        #expect(try await world.decision(login.session) == .verify)
        #expect(try await world.decision(proved) == .allow)
        let verified = try await world.verify(login.session).session
        #expect(try await world.decision(verified) == .allow)
    }

    @Test("PROs' own setting locks PROs, also who switched it on")
    @Loop func pros() async throws {
        let world = try await World()
        let piet = try await world.enter(world.pro)
        let olga = try await world.enter(world.owner)
        _ = try await world.call(Auth.UpdateSettings(session: piet, version: 1, prosTwoFactorRequired: true))
        #expect(try await world.decision(piet, "/clients") == .setUp)
        #expect(try await world.decision(olga) == .setUp)
    }

    // MARK: idle sessions

    @Test("more idle minutes wake no session that was over, beside one of the same person that is not")
    @Loop func idle() async throws {
        let world = try await World()
        let idle = try await world.enter(world.ana)
        #expect(try await world.decision(idle) == .allow)
        world.clock.advance(20 * 60)
        let busy = try await world.enter(world.ana)
        #expect(try await world.decision(busy) == .allow)
        world.clock.advance(15 * 60)
        let pro = try await world.enter(world.pro)
        _ = try await world.call(Auth.UpdateSettings(session: pro, version: 1, idleMinutes: 60))
        #expect(try await world.decision(busy) == .allow)
        #expect(try await world.decision(idle) == .logIn)
        world.clock.advance(45 * 60)
        #expect(try await world.decision(busy) == .allow)
    }

    // MARK: trusted devices

    @Test(
        "no more trusted devices: what stood on one owes a code on the next page, and none is taken at log-in"
    )
    @Loop func noDevices() async throws {
        let world = try await World(clients: true)
        let proved = try await world.enterSettingUp(world.ana)
        let device = try await world.verify(try await world.enter(world.ana), trustDevice: true).device
        let trusted = try await world.logIn(world.ana, device: device).session
        let another = try await world.logIn(world.ana, device: device).session
        for session in [proved, trusted, another] { #expect(try await world.decision(session) == .allow) }

        let pro = try await world.enter(world.pro)
        _ = try await world.call(Auth.UpdateSettings(session: pro, version: 1, trustedDeviceDays: 0))
        #expect(try await world.decision(trusted) == .verify)
        #expect(try await world.decision(another) == .verify)
        #expect(try await world.decision(proved) == .allow, "a code was given in this one")
        #expect(try await world.logIn(world.ana, device: device).gate.state == .verify)
    }

    @Test("fewer days end older trust only, and more days lengthen none")
    @Loop func fewerDays() async throws {
        let world = try await World(clients: true)
        _ = try await world.enterSettingUp(world.ana)
        let old = try await world.verify(try await world.enter(world.ana), trustDevice: true).device
        world.clock.advance(10 * 86_400)
        let new = try await world.verify(try await world.enter(world.ana), trustDevice: true).device
        let pro = try await world.enter(world.pro)
        _ = try await world.call(Auth.UpdateSettings(session: pro, version: 1, trustedDeviceDays: 7))
        #expect(try await world.logIn(world.ana, device: old).gate.state == .verify)
        #expect(try await world.logIn(world.ana, device: new).gate.state == .open)
        _ = try await world.call(Auth.UpdateSettings(session: pro, version: 2, trustedDeviceDays: 90))
        world.clock.advance(7 * 86_400)
        #expect(try await world.logIn(world.ana, device: new).gate.state == .verify)
    }
}

@Suite("auth.RequireTwoFactor", .timeLimit(.minutes(2)))
struct RequirementTests {
    @Test("one client is locked on the next page, nobody else, and let go again")
    @Loop func one() async throws {
        let world = try await World()
        let session = try await world.enter(world.ana)
        let pro = try await world.enter(world.pro)
        let required = try await world.call(
            Auth.RequireTwoFactor(session: pro, client: world.ana.id, required: true))
        #expect(
            required.twoFactor.required && required.twoFactor.requiredBy == .pro
                && required.twoFactor.state == .pending)
        #expect(try await world.decision(session) == .setUp)
        #expect(try world.lastEvent().detail == ["required": "true"])
        #expect(try world.settings() == world.firm.settings)

        let free = try await world.call(
            Auth.RequireTwoFactor(session: pro, client: world.ana.id, required: false))
        #expect(!free.twoFactor.required && free.twoFactor.state == .off)
        #expect(try await world.decision(session) == .allow)
    }

    @Test("said again it changes and records nothing")
    @Loop func again() async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        for _ in 0..<3 {
            _ = try await world.call(
                Auth.RequireTwoFactor(session: pro, client: world.ana.id, required: true))
        }
        #expect(try world.events(of: world.ana) == ["two_factor.requirement"])
    }

    @Test("it does not lift the firm's requirement")
    @Loop func firm() async throws {
        let world = try await World(clients: true)
        let pro = try await world.enter(world.pro)
        let client = try await world.call(
            Auth.RequireTwoFactor(session: pro, client: world.ana.id, required: false))
        #expect(client.twoFactor.requiredBy == .firm && client.twoFactor.state == .pending)
    }
}

@Suite("auth.UnlockClient", .timeLimit(.minutes(2)))
struct UnlockTests {
    @Test("wrong passwords lock a client out, which a PRO sees and ends")
    @Loop func password() async throws {
        let world = try await World()
        let wrong = Auth.LogIn(
            firm: "acme", email: world.ana.email, password: "wrong", address: "198.51.100.1")
        for _ in 0..<10 { _ = await refusal { try await world.call(wrong) } }
        expect(await refusal { try await world.call(wrong) }, .tooManyAttempts)
        let pro = try await world.enter(world.pro)
        let locked = try await world.call(Auth.GetClient(session: pro, client: world.ana.id)).lockedUntil
        #expect(try #require(locked) > world.clock.now)
        #expect(try await world.call(Auth.ListClients(session: pro)).clients.first?.lockedUntil == locked)

        let client = try await world.call(Auth.UnlockClient(session: pro, client: world.ana.id))
        #expect(client.lockedUntil == nil)
        _ = try await world.logIn(world.ana, address: "198.51.100.1")
        #expect(try world.events(of: world.ana).contains("client.unlocked"))
    }

    @Test("a lockout of codes ends with OTPService's; while that is down, the answer says that it has not")
    @Loop func codes() async throws {
        let world = try await World(clients: true)
        let end = world.clock.now + 900
        try await world.change(world.ana) { $0.codesLockedUntil = end }
        let pro = try await world.enter(world.pro)
        world.otp.isDown = true
        #expect(
            try await world.call(Auth.UnlockClient(session: pro, client: world.ana.id)).lockedUntil == end)
        world.otp.isDown = false
        #expect(
            try await world.call(Auth.UnlockClient(session: pro, client: world.ana.id)).lockedUntil == nil)
        #expect(world.otp.count("Unlock") == 1)
        #expect(try world.person(world.ana).codesLockedUntil == nil)
    }

    @Test("a lockout that is over is none")
    @Loop func over() async throws {
        let world = try await World()
        let end = world.clock.now
        try await world.change(world.ana) { $0.codesLockedUntil = end }
        let pro = try await world.enter(world.pro)
        #expect(try await world.call(Auth.GetClient(session: pro, client: world.ana.id)).lockedUntil == nil)
    }
}
