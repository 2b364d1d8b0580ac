import Foundation
import Wire

/// The demo's phone: it shows what the outbox "sent", as a phone would. There is none outside of a demonstration, since it
/// shows everybody's codes to everybody.
///
/// No session is looked at: a phone has none, and a page that looks for news each second would keep one from ever being idle.
enum PhonePage {
    static func routes(_ configuration: WebConfiguration) -> [Route] {
        guard let directory = configuration.phone else { return [] }
        let outbox = PhoneOutbox(directory: directory)
        return [
            .get("/phone", for: .machine) { visit in
                visit.page(
                    "phone",
                    [
                        "title": visit.texts("phone", "title"),
                        "threads": try threads(of: outbox.newest, visit),
                        "phoneJS": visit.site.renderer.assets.address(of: "phone.js"),
                    ])
            },
            .get("/phone/messages", for: .machine) { _ in try .json(["messages": outbox.newest]) },
        ]
    }

    /// A thread for each number, the one with the newest message first; in it the newest message is the last.
    private static func threads(of messages: [PhoneMessage], _ visit: Visit) -> [View] {
        let threads = Dictionary(grouping: messages, by: \.to).sorted { one, other in
            (one.value.last?.message ?? "") > (other.value.last?.message ?? "")
        }
        return threads.map { number, messages in
            [
                "number": number,
                "messages": messages.map { message in
                    var view: View = [
                        "text": message.text, "id": message.message, "time": View.moment(message.at),
                    ]
                    if let code = message.code {
                        view["code"] = code
                        view["copy"] = visit.texts("phone", "copy", ["code": code])
                    }
                    return view
                },
            ] as View
        }
    }
}

/// A text message, as the outbox writes it into a file.
struct PhoneMessage: Codable, Equatable, Sendable {
    /// Its id, which sorts by time.
    let message: String
    let to: String
    let text: String
    let at: Timestamp

    /// The digits to type, as the gateway's template has them.
    var code: String? {
        text.firstMatch(of: /code: ([0-9]{4,10})/).map { String($0.1) }
    }
}

/// The files of the outbox.
struct PhoneOutbox: Sendable {
    let directory: String

    /// How many messages are shown.
    static let count = 50

    /// The newest messages, the newest last. There is no directory before the first message.
    var newest: [PhoneMessage] {
        get throws {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            return try names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted().suffix(
                Self.count
            )
            .compactMap { name in
                // One that was cleared away meanwhile is none.
                guard let data = FileManager.default.contents(atPath: directory + "/" + name) else {
                    return nil
                }
                do {
                    return try JSONDecoder().decode(PhoneMessage.self, from: data)
                } catch {
                    throw NotAMessage(file: directory + "/" + name)
                }
            }
        }
    }

    struct NotAMessage: Error, CustomStringConvertible {
        let file: String
        var description: String { "\(file) is no message { message, to, text, at }" }
    }
}
