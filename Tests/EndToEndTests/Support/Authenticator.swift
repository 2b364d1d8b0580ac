@testable import Wire

/// An authenticator app on somebody's phone: `oathtool`, which knows no more of the services than the secret.
@Loop
final class Authenticator {
    private let secret: String
    private let secrets: Secrets
    /// The last time step whose code was given out.
    private var last: Int64 = 0

    private static let step: Int64 = 30_000

    init(_ secret: String, _ secrets: Secrets) {
        self.secret = secret
        self.secrets = secrets
        secrets.note(totp: secret)
    }

    /// A code that is good now and was not given out before. A code is good for a step more and a step less than its own
    /// (RFC 6238, section 5.2), which gives three of them without waiting.
    func code() async throws -> String {
        let step = try await eventually("a fresh time step") { () -> Int64? in
            let now = Timestamp.now.milliseconds
            // One that is about to end might end on its way.
            let oldest = (now + 8_000) / Self.step - 1
            let next = max(last + 1, oldest)
            return next <= now / Self.step + 1 ? next : nil
        }
        last = step
        let code = try await Self.code(secret, at: step * Self.step / 1_000)
        secrets.note(code: code)
        return code
    }

    /// The code of a time in seconds since 1970.
    private static func code(_ secret: String, at time: Int64) async throws -> String {
        let outcome = try await run("oathtool", "--totp", "-b", "--now", "@\(time)", secret)
        guard outcome.end == .exit(0) else {
            throw WaitedInVain(description: "a code of oathtool: \(outcome.errors)")
        }
        return String(outcome.output.prefix { $0.isNumber })
    }
}
