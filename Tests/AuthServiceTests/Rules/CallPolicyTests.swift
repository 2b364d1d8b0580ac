import Testing
import Wire

@testable import AuthService

@Suite("Who may make a call")
struct CallPolicyTests {
    @Test(
        "a locked session reaches only what unlocks it",
        arguments: [
            (CallPolicy.open, Reason.locked as Reason?, Reason.locked as Reason?),
            (.sensitive, .locked, .locked), (.pro, .locked, .locked), (.proSensitive, .locked, .locked),
            (.ownerSensitive, .locked, .locked), (.settingUp, nil, .locked), (.proving, nil, nil),
        ])
    func locks(policy: CallPolicy, inSetUp: Reason?, inVerify: Reason?) {
        #expect(policy.refusal(gate: .setUp, role: .owner, isFresh: true) == inSetUp)
        #expect(policy.refusal(gate: .verify, role: .owner, isFresh: true) == inVerify)
        #expect(policy.refusal(gate: .open, role: .owner, isFresh: true) == nil)
    }

    @Test(
        "each role makes its own calls",
        arguments: [
            (CallPolicy.open, nil as Reason?, nil as Reason?, nil as Reason?), (.sensitive, nil, nil, nil),
            (.pro, .notAPro, nil, nil), (.proSensitive, .notAPro, nil, nil),
            (.ownerSensitive, .notTheOwner, .notTheOwner, nil),
        ])
    func roles(policy: CallPolicy, client: Reason?, pro: Reason?, owner: Reason?) {
        #expect(policy.refusal(gate: .open, role: .client, isFresh: true) == client)
        #expect(policy.refusal(gate: .open, role: .pro, isFresh: true) == pro)
        #expect(policy.refusal(gate: .open, role: .owner, isFresh: true) == owner)
    }

    @Test("sensitive calls need a fresh proof, others none")
    func fresh() {
        for policy in [CallPolicy.sensitive, .proSensitive, .ownerSensitive] {
            #expect(policy.refusal(gate: .open, role: .owner, isFresh: false) == .stepUp)
        }
        for policy in [CallPolicy.open, .pro, .settingUp, .proving] {
            #expect(policy.refusal(gate: .open, role: .owner, isFresh: false) == nil)
        }
    }

    @Test("the lock is told before the role, and the role before the proof")
    func order() {
        #expect(CallPolicy.proSensitive.refusal(gate: .setUp, role: .client, isFresh: false) == .locked)
        #expect(CallPolicy.proSensitive.refusal(gate: .open, role: .client, isFresh: false) == .notAPro)
    }
}

@Suite("A fresh proof")
struct StepUpPolicyTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    @Test("with a factor, only the factor counts, for 15 minutes")
    func factor() {
        func isFresh(_ factorAt: Timestamp?) -> Bool {
            StepUpPolicy.isFresh(enrolled: true, passwordAt: now, factorAt: factorAt, at: now)
        }
        #expect(!isFresh(nil))
        #expect(isFresh(now))
        #expect(isFresh(Timestamp(milliseconds: now.milliseconds - 899_999)))
        #expect(!isFresh(now - 900))
    }

    @Test("without a factor, the password counts, for 15 minutes")
    func password() {
        func isFresh(_ passwordAt: Timestamp) -> Bool {
            StepUpPolicy.isFresh(enrolled: false, passwordAt: passwordAt, factorAt: now, at: now)
        }
        #expect(isFresh(now))
        #expect(isFresh(Timestamp(milliseconds: now.milliseconds - 899_999)))
        #expect(!isFresh(now - 900))
    }
}
