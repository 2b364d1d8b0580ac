import Foundation
import HTTPTypes
import Testing
import Wire

@testable import ClientHubWeb

@Suite("The demo's phone", .timeLimit(.minutes(5)))
final class PhoneTests {
    let outbox = FileManager.default.temporaryDirectory.appendingPathComponent(
        "clienthub-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: outbox, withIntermediateDirectories: false) }

    deinit { try? FileManager.default.removeItem(at: outbox) }

    var phone: AskingProgram {
        get throws {
            try AskingProgram(
                settings: """
                    {
                        demo: true, origin: "http://localhost:8080", auth: "/nowhere/auth.sock",
                        phone: "\(outbox.path)",
                    }
                    """)
        }
    }

    /// Writes a message as the outbox does, with an id that sorts as its number.
    func write(_ number: Int, to phone: String, _ text: String) throws {
        let id = "0193-" + String(10_000 + number)
        let message = PhoneMessage(message: id, to: phone, text: text, at: .now)
        try JSONEncoder().encode(message).write(to: outbox.appendingPathComponent("\(id).json"))
    }

    func messages() async throws -> [PhoneMessage] {
        let answer = try await phone.get("/phone/messages")
        #expect(answer.status == .ok)
        return try JSONDecoder().decode([String: [PhoneMessage]].self, from: Data(answer.text.utf8))[
            "messages"] ?? []
    }

    @Test("there is no phone outside of a demonstration")
    func noPhone() async throws {
        let program = try AskingProgram()
        #expect(PhonePage.routes(program.site.configuration).isEmpty)
        #expect(throws: (any Error).self) {
            try AskingProgram(
                settings: #"{ origin: "https://h.example", auth: "/nowhere/auth.sock", phone: "/tmp" }"#)
        }
    }

    @Test("before the first message the page says how to get one")
    func empty() async throws {
        let answer = try await phone.get("/phone")
        #expect(answer.status == .ok)
        #expect(answer.text.contains("No messages yet."))
        try FileManager.default.removeItem(at: outbox)
        #expect(try await messages().isEmpty)
    }

    @Test("each number has a thread, the newest message last, and texts are only text")
    func threads() async throws {
        try write(1, to: "+14155550001", "Hub code: 111111. Expires in 5 min.")
        try write(2, to: "+14155550002", "Hub code: 222222. <script>alert(1)</script>")
        try write(3, to: "+14155550001", "Hub code: 333333. Expires in 5 min.")
        try Data("{".utf8).write(to: outbox.appendingPathComponent(".0193-10004.json.new"))

        let page = try await phone.get("/phone").text
        let places = try ["+14155550001", "111111", "333333", "+14155550002", "222222"].map { text in
            try #require(page.range(of: text), "\(text) is not on the page").lowerBound
        }
        #expect(places == places.sorted())
        #expect(!page.contains("<script>alert"))
        #expect(page.contains(#"data-code="333333" hidden>Copy code 333333</button>"#))
        #expect(try await messages().map(\.code) == ["111111", "222222", "333333"])
    }

    @Test("the fifty newest messages are shown")
    func newest() async throws {
        for number in 1...60 { try write(number, to: "+14155550001", "Message \(number)") }
        #expect(try await messages().map(\.text) == (11...60).map { "Message \($0)" })
    }

    @Test("a file that is no message is a fault that is named")
    func noMessage() async throws {
        try Data("{}".utf8).write(to: outbox.appendingPathComponent("x.json"))
        #expect(try await phone.get("/phone").status == .internalServerError)
        let error = #expect(throws: PhoneOutbox.NotAMessage.self) {
            try PhoneOutbox(directory: outbox.path).newest
        }
        #expect(error?.description == "\(outbox.path)/x.json is no message { message, to, text, at }")
    }
}
