import Cryptography
import FoundationEssentials
import ServiceKit
import Testing
import Wire

@testable import OTPService

/// An OTPService over a database of its own, called over the wire, with a clock that the test moves.
@Loop
final class Bench {
    let path: String
    let gateway = ScriptedGateway()
    let service: OTPService
    let client: Client
    var now: Timestamp {
        get { time.now }
        set { time.now = newValue }
    }
    private let time = Time()

    /// Where the subjects of the tests are.
    let firm = ID()
    let subject = ID()

    private final class Time {
        // The beginning of a step.
        var now = Timestamp(milliseconds: 1_800_000_000_000)
    }

    /// Opens the database at `path`; nil: a new one.
    init(at path: String? = nil, keys: SealingKeys = testKeys, gateway client: Client? = nil) throws {
        self.path = try path ?? Bench.newPath()
        let time = time
        let store = try OTPStore(self.path, keys: KeyRing(keys), now: time.now)
        let gateway = Gateway(client ?? Client(to: gateway.server))
        service = OTPService(
            store: store, gateway: gateway, log: Log("otp", level: .critical), clock: { time.now })
        let server = Server(service: "otp", version: "test")
        service.register(on: server)
        self.client = Client(to: server)
    }

    nonisolated static func newPath() throws -> String {
        let directory = FileManager.default.temporaryDirectory.appending(path: "otp-\(ID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        return directory.appending(path: "otp.db").path
    }

    /// Moves the clock.
    func pass(_ seconds: Int) { time.now = time.now + seconds }

    /// Ends the service, and waits for what it still tells the gateway.
    func stop() async { await service.stop() }

    /// Makes a call, with the patience that a busy machine needs.
    func call<C: Call>(_ call: C) async throws -> C.Reply { try await client.call(call, within: 60_000) }

    // The calls, for the bench's one subject.

    func begin(_ method: FactorMethod, phone: String? = nil) async throws -> OTP.Begin.Reply {
        try await call(
            OTP.Begin(
                subject: subject, method: method, account: "ann@example.com", issuer: "Smith & Co",
                phone: phone,
                firm: firm))
    }

    func confirm(_ method: FactorMethod, _ code: String) async throws -> OTP.Confirm.Reply {
        try await call(OTP.Confirm(subject: subject, method: method, code: code))
    }

    @discardableResult
    func send(_ purpose: Purpose? = nil) async throws -> OTP.Send.Reply {
        try await call(OTP.Send(subject: subject, firm: firm, purpose: purpose))
    }

    @discardableResult
    func verify(_ method: FactorMethod, _ code: String, _ purpose: Purpose? = nil) async throws
        -> OTP.Verify.Reply
    {
        try await call(OTP.Verify(subject: subject, method: method, code: code, purpose: purpose))
    }

    func delivery() async throws -> OTP.Delivery.Reply { try await call(OTP.Delivery(subject: subject)) }

    func methods() async throws -> OTP.Methods.Reply { try await call(OTP.Methods(subject: subject)) }

    /// Sets an authenticator up; the code of the present step is used by that.
    func setUpAuthenticator() async throws -> Authenticator {
        let app = try Authenticator(await begin(.authenticator))
        _ = try await confirm(.authenticator, app.code(at: now))
        return app
    }

    /// Sets a phone up; its code is used by that.
    func setUpPhone(_ phone: String = "+14155552671") async throws {
        _ = try await begin(.sms, phone: phone)
        _ = try await confirm(.sms, gateway.code)
    }

    /// A code that is not `code`.
    func wrong(_ code: String) -> String { code == "000000" ? "000001" : "000000" }
}

/// What an authenticator app makes of a set-up.
struct Authenticator: Sendable {
    let totp: TOTP

    init(_ reply: OTP.Begin.Reply) throws {
        let text = try #require(reply.secret)
        totp = TOTP(secret: try #require(Base32.decode(text)))
    }

    /// The code that it shows `steps` later.
    func code(at now: Timestamp, _ steps: Int64 = 0) -> String { totp.code(at: TOTP.step(at: now) + steps) }

    /// A code that no step near by has.
    func wrong(at now: Timestamp) -> String {
        let near = Set((-12...12).map { code(at: now, $0) })
        return ["000000", "111111", "222222", "333333"].first { !near.contains($0) } ?? ""
    }
}

/// The same keys wherever a test opens a database again, and in its child processes.
let testKeys: SealingKeys = {
    let line = "1 " + Base64.encode((0..<32).map { UInt8($0 * 7 % 251) })
    guard let keys = try? SealingKeys(parsing: Array(line.utf8)) else { preconditionFailure("no keys") }
    return keys
}()

/// What a call was refused with; a test that expects a refusal fails where there is none.
func refusal<Value>(
    of call: () async throws -> Value, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> Refusal {
    try await #require(throws: Refusal.self, sourceLocation: sourceLocation) { _ = try await call() }
}
