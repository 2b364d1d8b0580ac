import Cryptography
import Testing
import Wire

@testable import AuthService

@Suite("How long sessions live")
struct SessionPolicyTests {
    private let start = Timestamp(milliseconds: 1_800_000_000_000)

    private func session(seen: Timestamp) -> Session {
        Session(
            digest: SHA256.digest("x"), id: ID(high: 1, low: 1), person: ID(high: 2, low: 2), created: start,
            expires: SessionPolicy.end(of: start), lastSeen: seen, passwordAt: start)
    }

    @Test("it is over after the firm's idle minutes", arguments: [5, 30, 60])
    func idle(minutes: Int) {
        let session = session(seen: start)
        let end = start + minutes * 60
        #expect(
            SessionPolicy.isAlive(
                session, idleMinutes: minutes, at: Timestamp(milliseconds: end.milliseconds - 1)))
        #expect(!SessionPolicy.isAlive(session, idleMinutes: minutes, at: end))
    }

    @Test("it is over after 12 hours, however busy")
    func absolute() {
        let end = start + 12 * 60 * 60
        let session = session(seen: end - 1)
        #expect(SessionPolicy.isAlive(session, idleMinutes: 30, at: end - 1))
        #expect(!SessionPolicy.isAlive(session, idleMinutes: 30, at: end))
    }

    @Test("a device is trusted for so many days")
    func device() {
        #expect(SessionPolicy.deviceEnd(from: start, days: 30) == start + 2_592_000)
    }
}

@Suite("Sessions after an override")
struct RevocationPolicyTests {
    @Test("a session that owed a code ends, any other goes on")
    func fates() {
        #expect(RevocationPolicy.afterOverride(.verify) == .ends)
        #expect(RevocationPolicy.afterOverride(.open) == .goesOn)
        #expect(RevocationPolicy.afterOverride(.setUp) == .goesOn)
    }

    @Test("a session that goes on is open afterwards, whatever is required")
    func goesOn() {
        for facts in GatePolicyTests.all
        where RevocationPolicy.afterOverride(GatePolicy.decide(facts).state) == .goesOn {
            var after = facts
            after.enrolled = false
            after.proved = false
            after.deferred = true
            #expect(GatePolicy.decide(after).state == .open)
        }
    }
}
