import Testing
import Wire

@testable import AuthService

@Suite("The gate")
struct GatePolicyTests {
    private static let flags = [false, true]

    /// Every combination of facts.
    static let all: [GateFacts] = (0..<128).map { bits in
        GateFacts(
            requiredByFirm: bits & 1 != 0, requiredByPro: bits & 2 != 0, requiredBySelf: bits & 4 != 0,
            enrolled: bits & 8 != 0, proved: bits & 16 != 0, deferred: bits & 32 != 0,
            declined: bits & 64 != 0)
    }

    // MARK: the table, row by row

    @Test("required and no factor: set-up, every page locked")
    func setUp() {
        let gate = GatePolicy.decide(GateFacts(requiredByFirm: true))
        #expect(gate.state == .setUp && gate.rule == .setUp && gate.required && !gate.deferred && !gate.offer)
    }

    @Test("required and no factor, in a session that was alive when a PRO overrode: open and deferred")
    func deferred() {
        let gate = GatePolicy.decide(GateFacts(requiredByFirm: true, deferred: true))
        #expect(
            gate.state == .open && gate.rule == .deferred && gate.required && gate.deferred && !gate.offer)
    }

    @Test("required, a factor, and the second factor proved or the device trusted: open")
    func proved() {
        let gate = GatePolicy.decide(GateFacts(requiredByFirm: true, enrolled: true, proved: true))
        #expect(gate.state == .open && gate.rule == .proved && gate.required && !gate.deferred && !gate.offer)
    }

    @Test("required, a factor, and nothing proved: the code is asked for")
    func verify() {
        let gate = GatePolicy.decide(GateFacts(requiredByFirm: true, enrolled: true))
        #expect(gate.state == .verify && gate.rule == .verify && gate.required && !gate.offer)
    }

    @Test("not required and no factor: open, with an offer")
    func offered() {
        let gate = GatePolicy.decide(GateFacts())
        #expect(gate.state == .open && gate.rule == .notRequired && !gate.required && gate.offer)
    }

    @Test("not required, no factor, and the offer declined: open, without another offer")
    func declined() {
        let gate = GatePolicy.decide(GateFacts(declined: true))
        #expect(gate.state == .open && !gate.offer)
    }

    @Test("not required and a factor: it is dormant and nothing is asked for")
    func dormant() {
        let gate = GatePolicy.decide(GateFacts(enrolled: true))
        #expect(gate.state == .open && gate.rule == .dormant && !gate.required && !gate.offer)
    }

    @Test("a deferred session gets no offer: that comes at the next log-in")
    func deferredWithoutRequirement() {
        let gate = GatePolicy.decide(GateFacts(deferred: true))
        #expect(gate.state == .open && gate.deferred && !gate.offer)
    }

    @Test("a deferred session owes the code once a factor is set up elsewhere")
    func deferredAndEnrolledElsewhere() {
        let gate = GatePolicy.decide(GateFacts(requiredByPro: true, enrolled: true, deferred: true))
        #expect(gate.state == .verify && !gate.deferred)
    }

    @Test(
        "who requires it: the firm before a PRO, a PRO before the person",
        arguments: [
            (true, true, true, Auth.Requirer.firm), (true, false, true, .firm), (true, true, false, .firm),
            (true, false, false, .firm), (false, true, true, .pro), (false, true, false, .pro),
            (false, false, true, .person),
        ])
    func requirer(firm: Bool, pro: Bool, person: Bool, expected: Auth.Requirer) {
        let facts = GateFacts(requiredByFirm: firm, requiredByPro: pro, requiredBySelf: person)
        #expect(GatePolicy.decide(facts).requiredBy == expected)
    }

    @Test("nobody requires it: no requirer")
    func noRequirer() { #expect(GatePolicy.decide(GateFacts()).requiredBy == nil) }

    @Test("each row has a sentence of its own")
    func sentences() {
        #expect(Set(GatePolicy.Rule.allCases.map(\.sentence)).count == GatePolicy.Rule.allCases.count)
    }

    // MARK: all of it

    /// DESIGN's table once more, written as questions one after the other instead of a switch.
    private func oracle(_ facts: GateFacts) -> Auth.Gate.State {
        let required = facts.requiredByFirm || facts.requiredByPro || facts.requiredBySelf
        if !required { return .open }
        if facts.enrolled { return facts.proved ? .open : .verify }
        return facts.deferred ? .open : .setUp
    }

    @Test("all 128 combinations of facts decide as the table says", arguments: all)
    func everything(facts: GateFacts) {
        let gate = GatePolicy.decide(facts)
        #expect(gate.state == oracle(facts))
        #expect(gate.required == (gate.requiredBy != nil))
        #expect(gate.offer == (!gate.required && !facts.enrolled && !facts.deferred && !facts.declined))
        #expect(gate.deferred == (facts.deferred && !facts.enrolled))
    }

    @Test("no combination opens a required gate without a factor but by an override")
    func nothingElseOpens() {
        for facts in Self.all where !facts.enrolled && !facts.deferred {
            let gate = GatePolicy.decide(facts)
            #expect(gate.required == (gate.state == .setUp))
        }
    }

    @Test("a proof without a factor counts for nothing")
    func proofWithoutFactor() {
        for facts in Self.all where !facts.enrolled {
            var unproved = facts
            unproved.proved = false
            #expect(GatePolicy.decide(facts) == GatePolicy.decide(unproved))
        }
    }

    @Test("no code is ever asked for that nobody has: only a confirmed factor asks for one")
    func verifyNeedsFactor() {
        for facts in Self.all where GatePolicy.decide(facts).state == .verify { #expect(facts.enrolled) }
    }
}

@Suite("Whether a firm requires 2FA")
struct RequirementPolicyTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func settings(_ clients: Bool, from: Timestamp? = nil, pros: Bool = false) -> Auth.Settings {
        Auth.Settings(
            twoFactorRequired: clients, enforceFrom: from, prosTwoFactorRequired: pros, trustedDeviceDays: 30,
            idleMinutes: 30, version: 1)
    }

    @Test("the toggle is the clients', at once where no date is set")
    func clients() {
        #expect(RequirementPolicy.firmRequires(of: .client, settings(true), at: now))
        #expect(!RequirementPolicy.firmRequires(of: .client, settings(false), at: now))
    }

    @Test("until its date the toggle only announces; from the very moment on it locks")
    func date() {
        let settings = settings(true, from: now + 60)
        #expect(!RequirementPolicy.firmRequires(of: .client, settings, at: now))
        #expect(
            !RequirementPolicy.firmRequires(
                of: .client, settings, at: Timestamp(milliseconds: now.milliseconds + 59_999)))
        #expect(RequirementPolicy.firmRequires(of: .client, settings, at: now + 60))
    }

    @Test("a date without the toggle requires nothing")
    func dateWithoutToggle() {
        #expect(!RequirementPolicy.firmRequires(of: .client, settings(false, from: now - 60), at: now))
    }

    @Test(
        "PROs and owners have their own setting, whatever the clients' toggle and date",
        arguments: [Auth.Role.pro, .owner])
    func pros(role: Auth.Role) {
        #expect(RequirementPolicy.firmRequires(of: role, settings(false, pros: true), at: now))
        #expect(!RequirementPolicy.firmRequires(of: role, settings(true, pros: false), at: now))
        #expect(RequirementPolicy.firmRequires(of: role, settings(true, from: now + 60, pros: true), at: now))
    }
}
