import Testing
import Wire

@testable import AuthService

@Suite("Turns", .timeLimit(.minutes(1)))
struct TurnsTests {
    private let ana = ID(high: 1, low: 1)
    private let eva = ID(high: 2, low: 2)

    @Test("one at a time for a person, in the order in which they came, also after a failure")
    @Loop func order() async throws {
        let turns = Turns()
        var entered: [Int] = []
        var inside = 0
        _ = await together(20) { number in
            try await turns.take(ana) {
                inside += 1
                #expect(inside == 1)
                entered.append(number)
                await Loop.pause(milliseconds: 1)
                inside -= 1
                if number % 3 == 0 { throw Refusal(.noSession) }
            }
        }
        #expect(entered == Array(0..<20))
    }

    @Test("people do not wait for one another")
    @Loop func apart() async throws {
        let turns = Turns()
        try await turns.take(ana) {
            try await turns.take(eva) {}
        }
    }
}
