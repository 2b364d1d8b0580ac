import Testing

@testable import Wire

/// A text message, as the outbox has it.
struct TextMessage: Codable, Sendable, Hashable {
    let message: ID
    let to: String
    let text: String
    let at: Timestamp

    /// The first run of digits that can be a code.
    var code: String? {
        text.split { !$0.isNumber }.first { $0.count == 6 }.map(String.init)
    }
}

extension Stack {
    /// What was sent, oldest first: to `phone`, or to everybody.
    func texts(to phone: String? = nil) throws -> [TextMessage] {
        let document = Document()
        return try scratch.names(in: "outbox").filter { $0.hasSuffix(".json") }.map { name in
            try scratch.read("outbox/\(name)").withUnsafeBytes { bytes in
                try document.parse(bytes)
                return try document.decode(TextMessage.self, from: document.root)
            }
        }.filter { phone == nil || $0.to == phone }.sorted { $0.message < $1.message }
    }

    /// Waits for the text message to `phone` that comes after the first `count`, and gives its code.
    func code(sentTo phone: String, after count: Int) async throws -> String {
        let text = try await eventually("text message \(count + 1)") { () -> TextMessage? in
            let texts = try texts(to: phone)
            return texts.count > count ? texts[count] : nil
        }
        let code = try #require(text.code)
        secrets.note(code: code)
        return code
    }
}
