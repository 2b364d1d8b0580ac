import Foundation
import Synchronization
import Wire

/// The clients' phones: takes text messages out of the gateway's outbox, and gives each code to the visit that waits for
/// it. Looks fifty times a second, which is what it adds to the time of a message.
@Loop
final class Inbox {
    private var codes: [String: String] = [:]
    private var waiting: [String: CheckedContinuation<String?, Never>] = [:]
    private let isOpen = Flag()

    init(directory: String) {
        let isOpen = isOpen
        Thread.detachNewThread { [weak self] in
            while isOpen.isSet {
                let messages = Self.takeMessages(from: directory)
                if !messages.isEmpty { Task { @Loop [weak self] in self?.received(messages) } }
                usleep(20_000)
            }
        }
    }

    deinit { isOpen.clear() }

    private final class Flag: Sendable {
        private let value = Mutex(true)
        var isSet: Bool { value.withLock { $0 } }
        func clear() { value.withLock { $0 = false } }
    }

    /// What was sent so far to a number, and no visit waits for, is forgotten: the next code is the one that counts.
    func forget(_ number: String) { codes[number] = nil }

    /// The next code that a number gets.
    func code(to number: String, within milliseconds: Int) async throws -> String {
        if let code = codes.removeValue(forKey: number) { return code }
        let timer = Task { @Loop [weak self] in
            try await Task.sleep(for: .milliseconds(milliseconds))
            self?.waiting.removeValue(forKey: number)?.resume(returning: nil)
        }
        defer { timer.cancel() }
        let code = await withCheckedContinuation { waiting[number] = $0 }
        guard let code else { throw Refusal(.deadlineExceeded, "No text message came in time.") }
        return code
    }

    private func received(_ messages: [Message]) {
        for message in messages {
            guard let code = message.code else { continue }
            if let visit = waiting.removeValue(forKey: message.to) {
                visit.resume(returning: code)
            } else {
                codes[message.to] = code
            }
        }
    }

    /// A file of the outbox.
    struct Message: Decodable, Sendable {
        let to: String
        let text: String

        /// The first six digits in a row.
        var code: String? {
            text.split { !$0.isNumber }.first { $0.count == 6 }.map(String.init)
        }
    }

    private nonisolated static func takeMessages(from directory: String) -> [Message] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.compactMap { name in
            let path = "\(directory)/\(name)"
            guard let data = FileManager.default.contents(atPath: path) else { return nil }
            unlink(path)
            return try? JSONDecoder().decode(Message.self, from: data)
        }
    }
}
