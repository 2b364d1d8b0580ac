import Cryptography
import Glibc
import ServiceKit
import Storage
import Synchronization
import Testing

@testable import AuthService
@testable import Wire

/// A clock that stands until a test moves it.
final class TestClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

    var now: Timestamp { time.withLock { $0 } }

    func advance(_ seconds: Int) { time.withLock { $0 = $0 + seconds } }
}

/// A directory that lasts as long as the test that made it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/auth-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        for name in names { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    var names: [String] {
        guard let listing = opendir(path) else { return [] }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }

    /// Whether any file in it has these bytes.
    func contains(_ text: String) -> Bool {
        names.contains { name in
            guard let file = fopen("\(path)/\(name)", "r") else { return false }
            defer { fclose(file) }
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
                bytes += chunk.prefix(count)
            }
            return bytes.firstRange(of: Array(text.utf8)) != nil
        }
    }
}

/// AuthService with a database of its own, a clock that stands, OTPService in the test's hands, a firm, its owner Olga,
/// its PRO Piet and its client Ana.
@Loop final class World {
    let clock = TestClock()
    let otp = FakeOTP()
    let scratch: Scratch
    let configuration: AuthConfiguration
    private(set) var service: AuthService
    private(set) var server: Server
    private(set) var client: Client
    let firm: Firm
    let owner: Person
    let pro: Person
    let ana: Person

    nonisolated static let password = "a green tulip in Utrecht"
    nonisolated static let address = "192.0.2.7"
    /// Argon2id as cheap as it gets.
    private nonisolated static let cost = PasswordCost(memory: 64, passes: 1, lanes: 1)

    /// Whose 2FA is required, and from when, is said by the firm's settings.
    init(
        clients: Bool = false, pros: Bool = false, from date: Timestamp? = nil, devices: Int = 30,
        configure: (inout AuthConfiguration) -> Void = { _ in }
    ) async throws {
        scratch = try Scratch()
        var configuration = try Settings.read(
            text: "{ socket: 'auth.sock', otp: 'otp.sock', database: 'auth.db' }"
        ) {
            (settings: Settings) throws(SettingError) in try AuthConfiguration(settings)
        }
        configuration.passwords.cost = Self.cost
        configuration.passwords.threads = 2
        configure(&configuration)
        self.configuration = configuration
        let now = clock.now
        let firm = Firm(
            id: ID(now: now), slug: "acme", name: "Acme Tax", created: now,
            settings: Auth.Settings(
                twoFactorRequired: clients, enforceFrom: date, prosTwoFactorRequired: pros,
                trustedDeviceDays: devices, idleMinutes: 30, version: 1))
        self.firm = firm
        owner = Person(
            id: ID(now: now), firm: firm.id, role: .owner, name: "Olga", email: "olga@acme.example",
            created: now)
        pro = Person(
            id: ID(now: now), firm: firm.id, role: .pro, name: "Piet", email: "piet@acme.example",
            created: now)
        ana = Person(
            id: ID(now: now), firm: firm.id, role: .client, name: "Ana", email: "ana@example.com",
            created: now)
        (service, server, client) = try Self.start(configuration, scratch, otp, clock)
        let people = [owner, pro, ana]
        try await service.store.write { database in
            try database.insert(firm)
            let hash = try PasswordHasher(Self.cost).hash(Self.password)
            for person in people { try database.insert(person, password: hash) }
        }
    }

    private static func start(
        _ configuration: AuthConfiguration, _ scratch: Scratch, _ otp: FakeOTP, _ clock: TestClock
    ) throws -> (AuthService, Server, Client) {
        let store = try AuthStore("\(scratch.path)/auth.db", now: clock.now)
        let service = AuthService(
            configuration, store: store, otp: Client(to: otp.server), log: Log("test", level: .critical),
            now: { clock.now })
        // The clock stands still: what a busy machine puts off would never be due.
        service.tasks.patience = 60_000
        let server = Server(service: "auth", version: "test")
        service.register(on: server)
        return (service, server, Client(to: server))
    }

    /// Ends the service as a SIGTERM does, and starts it anew on the same database.
    func restart() async throws {
        client.disconnect()
        await service.stop()
        (service, server, client) = try Self.start(configuration, scratch, otp, clock)
        service.started()
    }

    /// Waits until no call is being worked on: for tests that leave one alone.
    func settle() async throws {
        try await until { server.callsInFlight == 0 && otp.server.callsInFlight == 0 }
    }

    // MARK: what people do

    func call<C: Call>(_ call: C) async throws -> C.Reply { try await client.call(call, within: 30_000) }

    /// Logs in with the right password, from the same address each time.
    func logIn(_ person: Person, device: String? = nil, address: String? = World.address) async throws
        -> Auth.LogIn.Reply
    {
        try await call(
            Auth.LogIn(
                firm: "acme", email: person.email, password: Self.password, device: device, address: address,
                agent: "Firefox"))
    }

    func authorize(_ session: String, _ path: String = "/documents") async throws -> Auth.Authorize.Reply {
        try await call(Auth.Authorize(session: session, path: path))
    }

    func decision(_ session: String, _ path: String = "/documents") async throws -> Auth.Decision {
        try await authorize(session, path).decision
    }

    /// Sets a factor up, from begin to end; the new token.
    func setUp(_ session: String, _ method: FactorMethod = .authenticator) async throws -> String {
        _ = try await call(
            Auth.BeginSetUp(session: session, method: method, phone: method == .sms ? "+14155552671" : nil))
        return try await call(Auth.ConfirmSetUp(session: session, method: method, code: FakeOTP.code)).session
    }

    func verify(
        _ session: String, _ method: FactorMethod = .authenticator, trustDevice: Bool = false
    ) async throws -> Auth.Verify.Reply {
        try await call(
            Auth.Verify(session: session, method: method, code: FakeOTP.code, trustDevice: trustDevice))
    }

    // MARK: what the firm does

    /// Changes the firm's settings, as `auth.UpdateSettings` does.
    func settings(_ change: @escaping @Sendable (inout Auth.Settings) -> Void) async throws {
        let id = firm.id
        try await service.store.write { database in
            let before = try #require(try database.firm(id)).settings
            var settings = before
            change(&settings)
            settings.version += 1
            #expect(try database.update(settings, of: id, from: before.version))
        }
        service.changed(firm: id)
    }

    /// Changes a person, as the calls of PROs do.
    func change(_ person: Person, _ change: @escaping @Sendable (inout Person) -> Void) async throws {
        try await service.store.write { _ = try $0.change(person.id, change) }
        service.changed(person: person.id)
    }

    /// Overrides, as `auth.OverrideTwoFactor` does.
    func override(_ person: Person) async throws {
        let now = clock.now
        try await service.store.write { database in
            let person = try #require(try database.person(person.id))
            _ = try database.override(person, by: "Piet", at: now)
        }
        service.changed(person: person.id)
        service.tasks.kick()
    }

    // MARK: what is written

    func person(_ person: Person) throws -> Person {
        try #require(try service.store.read { try $0.person(person.id) })
    }

    func tasks(of person: Person) throws -> [OTPTask] {
        try service.store.read { try $0.tasks(of: person.id) }
    }

    /// The names of a person's events, oldest first.
    func events(of person: Person) throws -> [String] {
        let (firm, id) = (firm.id, person.id)
        return try service.store.read { database in
            try database.all(
                "SELECT event FROM event WHERE firm = ?1 AND person = ?2 ORDER BY number", firm, id
            ) { $0.string(0) }
        }
    }

    /// Waits for a condition that another task brings about, for half a minute at most.
    func until(_ condition: () throws -> Bool, _ location: SourceLocation = #_sourceLocation) async throws {
        let end = Deadline.after(milliseconds: 30_000)
        while try !condition() {
            guard !end.hasPassed else {
                Issue.record("it never came to that", sourceLocation: location)
                return
            }
            await Loop.pause(milliseconds: 1)
        }
    }
}

/// The refusal that a call ends in.
@Loop func refusal<T>(
    _ location: SourceLocation = #_sourceLocation, _ body: () async throws -> T
) async -> Refusal? {
    do {
        _ = try await body()
        Issue.record("it was not refused", sourceLocation: location)
        return nil
    } catch {
        return error as? Refusal
    }
}

/// Runs `body` as often as that at the same time; what came of each, in the order of their numbers.
@Loop func together<T: Sendable>(
    _ count: Int, _ body: @escaping @Loop (Int) async throws -> T
) async -> [Result<T, any Error>] {
    let tasks = (0..<count).map { number in Task { @Loop in try await body(number) } }
    var results: [Result<T, any Error>] = []
    for task in tasks { results.append(await task.result) }
    return results
}

extension Result {
    /// The refusal that it ended in.
    var refusal: Refusal? {
        guard case .failure(let error) = self else { return nil }
        return error as? Refusal
    }

    var succeeded: Bool { (try? get()) != nil }
}
