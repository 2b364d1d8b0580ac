import Testing
import Wire

@testable import SMSGateway

@Suite("Settlement") struct SettlementTests {
    typealias State = SMS.MessageState

    let now = Timestamp(milliseconds: 1_800_000_000_000)

    func facts(
        _ state: State = .sending, attempts: Int = 1, life: Int = 300, isUnwanted: Bool = false,
        isResent: Bool = false, crashes: Int = 0, provider: String = "a",
        ruledOut: Set<String> = [], tried: Set<String> = []
    ) -> Settlement.Facts {
        Settlement.Facts(
            state: state, attempts: attempts, expires: now + life, isUnwanted: isUnwanted,
            isResent: isResent, crashes: crashes, provider: provider, ruledOut: ruledOut, tried: tried)
    }

    func settle(
        _ outcome: Outcome, _ facts: Settlement.Facts, of providers: [String] = ["a"], random: Double = 0.5,
        onUncertain: OnUncertain = .report
    )
        -> Settlement?
    {
        Settlement(
            outcome, facts, providers: providers, onUncertain: onUncertain, random: random, now: now)
    }

    @Test(
        "of a message with one provider",
        arguments: [
            (Outcome.sent(providerID: "x"), State.sent, nil),
            (.permanent(reason: "no mobile phone"), .failed, "no mobile phone"),
            (.uncertain(reason: "timed out"), .uncertain, "timed out"),
            (.otherRoute(reason: "queue too long"), .failed, "queue too long"),
            (.configuration(reason: "wrong password"), .failed, "wrong password"),
            (.retry(after: nil, reason: "refused"), .queued, "refused"),
        ] as [(Outcome, State, String?)])
    func single(outcome: Outcome, state: State, error: String?) {
        let settlement = settle(outcome, facts())
        #expect(settlement?.state == state)
        #expect(settlement?.error == error)
    }

    @Test("opts the number out where the provider says that its owner did")
    func optsOut() {
        #expect(settle(.permanent(reason: "stopped", optedOut: true), facts())?.optsOut == true)
        #expect(settle(.permanent(reason: "a landline"), facts())?.optsOut == false)
    }

    @Test("keeps the provider's name for what it took")
    func providerID() {
        #expect(settle(.sent(providerID: "SM1"), facts())?.providerID == "SM1")
    }

    @Test("puts what was turned away back with a growing, jittered pause")
    func backoff() {
        #expect(
            settle(.retry(after: nil, reason: ""), facts(attempts: 1))?.due?.milliseconds == now.milliseconds
                + 500)
        #expect(
            settle(.retry(after: nil, reason: ""), facts(attempts: 3))?.due?.milliseconds == now.milliseconds
                + 2_000)
        #expect(settle(.retry(after: 30, reason: ""), facts(attempts: 3))?.due == now + 30)
    }

    @Test("offers what was turned away to the next provider at once, and pauses only after the last")
    func failover() {
        let first = settle(.retry(after: 30, reason: ""), facts(provider: "a"), of: ["a", "b"])
        #expect(first?.due == now)
        #expect(first?.tried == ["a"])
        let second = settle(
            .retry(after: nil, reason: ""), facts(attempts: 2, provider: "b", tried: ["a"]), of: ["a", "b"])
        #expect(second?.due?.milliseconds == now.milliseconds + 500)
        #expect(second?.tried == [])
    }

    @Test("rules out a provider that will not take it, and fails where none is left")
    func ruledOut() {
        let first = settle(.otherRoute(reason: "no route"), facts(provider: "a"), of: ["a", "b"])
        #expect(first?.state == .queued)
        #expect(first?.due == now)
        #expect(first?.ruledOut == ["a"])
        let second = settle(
            .configuration(reason: "wrong password"), facts(attempts: 2, provider: "b", ruledOut: ["a"]),
            of: ["a", "b"])
        #expect(second?.state == .failed)
        #expect(second?.error == "wrong password")
        // A provider that was taken out of the configuration meanwhile does not count as one left.
        #expect(
            settle(.otherRoute(reason: ""), facts(provider: "b", ruledOut: ["gone"]), of: ["b"])?.state
                == .failed)
    }

    @Test(
        "expires what could only be tried when its code is dying",
        arguments: [
            (Outcome.retry(after: nil, reason: "refused"), 20, State.expired),
            (.retry(after: 290, reason: "too many"), 300, .expired),
            (.retry(after: 280, reason: "too many"), 300, .queued),
        ])
    func dying(outcome: Outcome, life: Int, state: State) {
        #expect(settle(outcome, facts(life: life))?.state == state)
    }

    @Test(
        "does not send again what was cancelled on its way",
        arguments: [
            (Outcome.retry(after: nil, reason: ""), State.cancelled), (.otherRoute(reason: ""), .cancelled),
            (.sent(providerID: nil), .sent), (.uncertain(reason: ""), .uncertain),
            (.permanent(reason: ""), .failed),
        ])
    func unwanted(outcome: Outcome, state: State) {
        #expect(settle(outcome, facts(isUnwanted: true), of: ["a", "b"])?.state == state)
    }

    @Test(
        "sends what is uncertain once more, at once and rather by another provider, where its setting says so"
    )
    func resendOnce() throws {
        let again = try #require(
            settle(
                .uncertain(reason: "timed out"), facts(life: 60), of: ["a", "b"], onUncertain: .resendOnce))
        #expect(again.state == .queued)
        #expect(again.isResent)
        #expect(again.due == now)
        #expect(again.error == "timed out")
        #expect(again.tried == ["a"])
        #expect(again.ruledOut == [])
    }

    @Test(
        "never sends what is uncertain a second time, nor what is dying, was cancelled or broke the gateway")
    func resendNever() {
        let never = [
            facts(isResent: true), facts(life: 59), facts(isUnwanted: true), facts(crashes: 1),
            facts(attempts: 9, life: 0),
        ]
        for facts in never {
            let end = settle(.uncertain(reason: "timed out"), facts, onUncertain: .resendOnce)
            #expect(end?.state == .uncertain)
            #expect(end?.isResent == facts.isResent)
        }
        for outcome in [Outcome.uncertain(reason: "late"), .retry(after: nil, reason: "late")] {
            #expect(settle(outcome, facts(.uncertain), onUncertain: .resendOnce) == nil)
        }
    }

    @Test("of an answer that comes late: only proof of sending counts", arguments: State.allCases)
    func late(state: State) {
        guard state != .sending else { return }
        for outcome in [
            Outcome.retry(after: nil, reason: ""), .otherRoute(reason: ""), .configuration(reason: ""),
            .uncertain(reason: ""),
        ] {
            #expect(settle(outcome, facts(state)) == nil, "\(outcome)")
        }
        let isOpen = state == .uncertain || state == .queued
        #expect(settle(.sent(providerID: nil), facts(state))?.state == (isOpen ? .sent : nil))
    }

    @Test(
        "tells the breaker what concerns the route",
        arguments: [
            (Outcome.sent(providerID: nil), "works"), (.permanent(reason: ""), "works"),
            (.otherRoute(reason: ""), "works"),
            (.retry(after: nil, reason: ""), "fails"), (.uncertain(reason: ""), "fails"),
            (.retry(after: 3, reason: ""), "tellsNothing"),
            (.configuration(reason: ""), "isMisconfigured"),
        ])
    func observation(outcome: Outcome, expected: String) {
        #expect("\(outcome.observation)" == expected)
    }
}
