import Testing
import Wire

@testable import hubload

@Suite("Population")
struct PopulationTests {
    private let people = Population(firms: 1_000, clients: 1_000_000, seed: 7)

    @Test("has names, numbers and identities of its own for everybody")
    func distinct() {
        let sample = Array(stride(from: 0, to: 1_000_000, by: 97))
        #expect(Set(sample.map(people.email)).count == sample.count)
        #expect(Set(sample.map(people.phone)).count == sample.count)
        #expect(Set(sample.map(people.id(ofClient:))).count == sample.count)
        #expect(Set(sample.map(people.secret)).count == sample.count)
        #expect(Set(sample.map(people.firm)) == Set(0..<1_000))
    }

    @Test("has numbers that a North American phone can have")
    func phones() throws {
        let form = try Regex(#"\+1415[2-9](?!11)\d{2}\d{4}"#)
        for client in stride(from: 0, to: 1_000_000, by: 997) {
            #expect(people.phone(of: client).wholeMatch(of: form) != nil)
        }
    }

    @Test("has identities of version 7")
    func identities() {
        for client in [0, 1, 999_999] {
            let text = people.id(ofClient: client).description
            #expect(text.dropFirst(14).first == "7")
            #expect("89ab".contains(text.dropFirst(19).first ?? " "))
        }
    }

    @Test("is another one for another seed, and the same for the same")
    func seeds() {
        #expect(people.secret(of: 5) == Population(firms: 1, clients: 20, seed: 7).secret(of: 5))
        #expect(people.secret(of: 5) != Population(firms: 1, clients: 20, seed: 8).secret(of: 5))
    }

    /// RFC 6238, appendix B, the last six digits of its SHA-1 column.
    @Test(
        "makes the codes of RFC 6238",
        arguments: [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
            (2_000_000_000, "279037"), (20_000_000_000, "353130"),
        ] as [(Int64, String)])
    func codes(seconds: Int64, code: String) {
        let now = Timestamp(milliseconds: seconds * 1_000)
        #expect(AuthenticatorCode.code(of: Array("12345678901234567890".utf8), at: now) == code)
    }

    @Test("gives nobody a turn before they have rested")
    func turns() throws {
        var turns = Turns([4, 5], restSeconds: 30)
        #expect(try turns.take(at: 0) == 4)
        #expect(try turns.take(at: Clock.second) == 5)
        #expect(throws: Unexpected.self) { try turns.take(at: 29 * Clock.second) }
        #expect(try turns.take(at: 30 * Clock.second) == 4)
    }
}
