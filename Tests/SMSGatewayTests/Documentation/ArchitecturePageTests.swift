import Pages
import Testing
import Wire

@testable import SMSGateway

@Suite("docs/architecture.md")
struct ArchitecturePageTests {
    @Test("names every state of a message in the queue's picture")
    func states() throws {
        let section = try #require(try Page("docs/architecture.md").section("The queue"))
        let picture = section.lines.filter { $0.hasPrefix("     ") }.joined(separator: "\n")
        let words = Set(picture.split { !$0.isLetter }.map(String.init))
        #expect(Set(SMS.MessageState.allCases.map(\.rawValue)).subtracting(words) == [])
    }
}
