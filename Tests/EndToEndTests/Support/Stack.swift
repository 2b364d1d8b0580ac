import Testing

@testable import Wire

/// The three services over a directory of their own, each with its configuration, its database and its socket there.
@Loop
final class Stack {
    let scratch: Scratch
    let auth: Daemon
    let otp: Daemon
    let sms: Daemon
    let secrets = Secrets()
    private var numbers = 0

    var daemons: [Daemon] { [auth, otp, sms] }

    /// Services that do not run yet. `auth`, `otp` and `sms` are settings of theirs beside those that each stack needs,
    /// as members of a JSON5 object.
    init(auth: String = "", otp: String = "", sms: String = "") throws {
        let scratch = try Scratch()
        self.scratch = scratch
        self.auth = Daemon("AuthService", "auth", in: scratch)
        self.otp = Daemon("OTPService", "otp", in: scratch)
        self.sms = Daemon("SMSGateway", "sms", in: scratch)
        try Configurations(scratch: scratch).write(auth: auth, otp: otp, sms: sms)
    }

    /// Lets `body` have the services, then stops them, expects that each ended well, and that no secret that was in use
    /// shows in a log or a database. They end also where `body` throws.
    static func run<T: Sendable>(
        auth: String = "", otp: String = "", sms: String = "", _ body: @Loop (Stack) async throws -> T
    ) async throws -> T {
        let stack = try Stack(auth: auth, otp: otp, sms: sms)
        do {
            // Callers first: none may depend on what it calls to come up.
            for daemon in stack.daemons { try await daemon.start() }
            let result = try await body(stack)
            stack.expectSecrecy()
            for daemon in stack.daemons { try await daemon.stop() }
            stack.expectSecrecy()
            return result
        } catch {
            for daemon in stack.daemons {
                daemon.abandon()
                print("\(daemon.name)'s log ends with:\n\(daemon.log.suffix(3_000))")
            }
            throw error
        }
    }

    /// A number that no other test of this stack uses.
    func number() -> Int {
        numbers += 1
        return numbers
    }

    /// A US phone number that no other test of this stack uses, as E.164.
    func phone() -> String {
        let number = number()
        let phone = "+1415\(232 + number / 10_000)\(String(10_000 + number % 10_000).suffix(4))"
        secrets.note(phone: phone)
        return phone
    }

    /// Files that a secret must not be in: databases with their write-ahead logs, and what the services logged.
    var files: [String] {
        scratch.names().filter { $0.contains(".db") || $0.hasSuffix(".log") }
    }

    func expectSecrecy(_ location: SourceLocation = #_sourceLocation) {
        for file in files {
            let shown = secrets.shown(in: scratch.read(file))
            #expect(shown.isEmpty, "\(file) shows what is secret", sourceLocation: location)
        }
    }
}
