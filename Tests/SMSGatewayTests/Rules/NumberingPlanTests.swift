import Pages
import Testing

@testable import SMSGateway

/// The numbering plan beside the package that its table is made of: `scripts/setup test` installs it.
@Suite("The numbering plan", .timeLimit(.minutes(5))) struct NumberingPlanTests {
    /// What phonenumbers says of a number.
    struct Sample {
        let number: String
        let country: String
        let isPossible: Bool
        let kind: Substring
    }

    static let samples = Task {
        let lines = try await Child.run(Child.python("Tests/Python/phone-numbers.py"))
        return try lines.split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            try #require(words.count == 4, "\(line)")
            return Sample(
                number: String(words[0]), country: String(words[1]), isPossible: words[2] == "possible",
                kind: words[3])
        }
    }

    @Test("has the table that its script makes of the package")
    func isMade() async throws {
        let made = try await Child.run(Child.python("scripts/make-numbering-plan"))
        #expect(try Repository.text(of: "Sources/SMSGateway/Rules/NumberingTable.swift") == made)
    }

    @Test("takes every ordinary number, and knows whose it is")
    func ordinary() async throws {
        let ordinary = try await Self.samples.value.filter { $0.kind == "ordinary" }
        #expect(ordinary.count > 5_000)
        #expect(Set(ordinary.map(\.country)).count > 200)
        for sample in ordinary where !Self.isHeldBack(sample.number) {
            let number = try? PhoneNumber(sample.number)
            #expect(number?.country == sample.country, "\(sample.number)")
            #expect(number?.special == nil, "\(sample.number)")
        }
    }

    @Test("takes no number of a length that its country has not")
    func lengths() async throws {
        for sample in try await Self.samples.value where !sample.isPossible {
            guard let number = try? PhoneNumber(sample.number) else { continue }
            // Of what nothing is sent to, only that is told.
            #expect(number.special != nil || number.country != sample.country, "\(sample.number)")
        }
    }

    @Test("lets no code go to a costly number of the US, Canada and the rest of +1")
    func costlyNorthAmerica() async throws {
        let costly = try await Self.samples.value.filter { $0.kind == "special" && $0.number.hasPrefix("+1") }
        #expect(costly.count > 300)
        for sample in costly where sample.number.count == 12 {
            let number = try? PhoneNumber(sample.number)
            #expect(number == nil || number?.special != nil, "\(sample.number)")
        }
    }

    @Test(
        "lets hardly any code go to a costly number elsewhere: some differ from mobile phones by their length alone"
    )
    func costly() async throws {
        let costly = try await Self.samples.value.filter { $0.kind == "special" }
        let missed = costly.filter { sample in (try? PhoneNumber(sample.number))?.special == nil }
            .filter { (try? PhoneNumber($0.number)) != nil }
        #expect(costly.count > 4_000)
        #expect(missed.count * 20 < costly.count, "\(missed.count) of \(costly.count)")
    }

    /// Numbers that the package takes for ordinary ones and the North American plan does not.
    static func isHeldBack(_ number: String) -> Bool {
        guard number.hasPrefix("+1") else { return false }
        return !NorthAmerica.isNumber(number.dropFirst(2)) || NorthAmerica.isService(number.dropFirst(2))
    }
}
