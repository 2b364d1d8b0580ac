import AuditLog
import Cryptography
import Testing
import Wire

@testable import AuthService

@Suite("The audit chain")
struct AuditChainTests {
    private let firm = ID(high: 1, low: 1)
    private let person = ID(high: 2, low: 2)

    private func record(
        number: Int = 7, at: Int64 = 1_000, actor: Auth.EventActor? = nil, event: String = "log_out",
        person: ID?? = nil, detail: [String: String] = ["a": "1", "b": "2"], previous: String = "before"
    ) -> Digest {
        AuditChain.hash(
            firm: firm, number: number, at: Timestamp(milliseconds: at),
            actor: actor ?? Auth.EventActor(id: self.person, role: "client", name: "Ana"), event: event,
            person: person ?? self.person, detail: detail, previous: SHA256.digest(previous))
    }

    @Test("the same event has the same hash, whatever the order of its details")
    func same() {
        #expect(record() == record(detail: ["b": "2", "a": "1"]))
    }

    @Test("any field that changes changes the hash")
    func fields() {
        let others = [
            record(number: 8), record(at: 1_001), record(event: "log_ou"), record(person: .some(nil)),
            record(person: firm), record(previous: "other"), record(detail: [:]), record(detail: ["a": "1"]),
            record(detail: ["a": "1", "b": "3"]), record(detail: ["a": "1", "c": "2"]),
            record(actor: Auth.EventActor(role: "client", name: "Ana")),
            record(actor: Auth.EventActor(id: firm, role: "client", name: "Ana")),
            record(actor: Auth.EventActor(id: person, role: "pro", name: "Ana")),
            record(actor: Auth.EventActor(id: person, role: "client", name: "Eva")),
        ]
        #expect(Set(others + [record()]).count == others.count + 1)
    }

    @Test("text that moves from one field to the next changes the hash")
    func boundaries() {
        let one = record(actor: Auth.EventActor(id: person, role: "ab", name: "c"))
        let other = record(actor: Auth.EventActor(id: person, role: "a", name: "bc"))
        #expect(one != other)
        #expect(record(detail: ["ab": "c"]) != record(detail: ["a": "bc"]))
        #expect(record(detail: ["a": "1", "b": "2"]) != record(detail: ["a": "1b2"]))
    }

    @Test("each firm's chain begins with a value of its own")
    func start() { #expect(AuditChain.start(of: firm) != AuditChain.start(of: person)) }

    @Test("the names of events are all different")
    func names() { #expect(Set(EventKind.allCases.map(\.rawValue)).count == EventKind.allCases.count) }
}

@Suite("An event's details as text")
struct DetailTests {
    @Test(
        "what is written is read again",
        arguments: [
            [:], ["a": "1"], ["reason": "lost phone\nand = 100% sure\r\n", "identified by": "call back"],
            ["": "", "x": ""], ["é=ü": "日本%0A"], ["a%": "%", "b": "%%25"],
        ])
    func roundTrip(detail: [String: String]) {
        #expect(Detail.decode(Detail.encode(detail)) == detail)
    }

    @Test("each detail is a line of its own, by name")
    func lines() { #expect(Detail.encode(["b": "2\n3", "a": "1=1"]) == "a=1%3D1\nb=2%0A3") }
}

@Suite("Sets of factors")
struct FactorSetTests {
    @Test("recovery codes alone are no factor")
    func recovery() {
        #expect(!FactorSet([.recovery]).isEnrolled)
        #expect(!FactorSet([]).isEnrolled)
        #expect(FactorSet([.sms]).isEnrolled && FactorSet([.authenticator, .recovery]).isEnrolled)
    }

    @Test("a set lists its methods in the wire's order", arguments: 0..<8)
    func methods(bits: Int) {
        let set = FactorSet(rawValue: UInt8(bits))
        #expect(FactorSet(set.methods) == set)
        #expect(set.methods == FactorMethod.allCases.filter { set.contains(FactorSet($0)) })
    }
}
