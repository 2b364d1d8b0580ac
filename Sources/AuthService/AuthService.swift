import Cryptography
import ServiceKit
package import Wire

/// Who somebody is, and what is locked for them: what each `auth.*` method does.
///
/// All of it runs on the loop. A call that changes something commits first, then makes the cache forget what it knew
/// (``changed(person:)``, ``changed(firm:)``), and only then answers, so that the very next `Authorize` sees the change.
@Loop package final class AuthService {
    let configuration: AuthConfiguration
    let store: AuthStore
    let sessions: SessionCache
    let passwords: PasswordPool
    /// One thing at a time with OTPService for each person.
    let turns = Turns()
    let otp: Client
    /// What OTPService still has to be told.
    let tasks: OTPTasks
    let upkeep: Upkeep
    let log: Log
    let now: @Sendable () -> Timestamp

    init(
        _ configuration: AuthConfiguration, store: AuthStore, otp: Client, log: Log,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.configuration = configuration
        self.store = store
        self.otp = otp
        self.log = log
        self.now = now
        sessions = SessionCache(store: store, capacity: configuration.cachedSessions)
        passwords = PasswordPool(configuration.passwords)
        tasks = OTPTasks(store: store, otp: otp, turns: turns, log: log, now: now)
        upkeep = Upkeep(store: store, sessions: sessions, log: log, now: now)
    }

    /// To be called after every commit that changed a person, its sessions or its devices, before the answer goes out.
    func changed(person: ID) { sessions.forget(person: person) }

    /// To be called after every commit that changed a firm or its settings, before the answer goes out.
    func changed(firm: ID) { sessions.forget(firm: firm) }

    /// Runs `body` to its end, whether its caller goes on waiting or not.
    func shielded<T: Sendable>(_ body: @escaping @Loop () async throws -> T) async throws -> T {
        try await Task { @Loop in try await body() }.value
    }

    /// Does what no caller waits for; a failure is logged as `problem`.
    func inBackground(_ problem: StaticString, _ body: @escaping @Loop () async throws -> Void) {
        Task { @Loop in
            do {
                try await body()
            } catch {
                log.error(problem, ["problem": .error(error)])
            }
        }
    }
}
