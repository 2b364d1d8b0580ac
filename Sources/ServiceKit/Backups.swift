import Glibc
import Wire

/// What a service's admins ask about its database as a whole: copies of it, of this moment or of one that is held, and
/// what is in it.
@Loop
final class Backups<S: Service> {
    private let service: S
    private let server: Server
    private let settings: ServiceSettings
    private let log: Log
    private var isHolding = false
    private var held: Held?

    /// A moment that is kept while the service's calls wait.
    private struct Held {
        let id: ID
        let at: Timestamp
        let picture: Picture
        let timer: LoopTimer
    }

    init(of service: S, _ server: Server, _ settings: ServiceSettings, _ log: Log) {
        self.service = service
        self.server = server
        self.settings = settings
        self.log = log
    }

    func register() {
        let admins = Peers.users(settings.admins, else: .notAnAdmin)
        server.handle(Common.Backup.self, from: admins, changes: false) { [self] request, _ in
            try await backup(request)
        }
        server.handle(Common.Hold.self, from: admins, changes: false) { [self] request, _ in
            try await hold(request)
        }
        server.handle(Common.Release.self, from: admins) { [self] request, _ in
            _ = try take(request.hold)
            return Nothing()
        }
        server.handle(Common.Inspect.self, from: admins, changes: false) { [self] _, _ in try await inspect()
        }
    }

    /// Ends a hold, if there is one: the service is about to stop.
    func giveUp() {
        if let held { _ = try? take(held.id) }
    }

    private func hold(_ request: Common.Hold) async throws -> Common.Hold.Reply {
        let milliseconds = request.milliseconds ?? 5_000
        guard (100...10_000).contains(milliseconds) else {
            throw Refusal(.malformed, "milliseconds must be 100 to 10000", field: "milliseconds")
        }
        guard !isHolding else { throw Refusal(.held, retryAfter: 1) }
        isHolding = true
        let end = Deadline.after(milliseconds: milliseconds)
        guard await server.holdChanges(within: milliseconds) else {
            isHolding = false
            throw Refusal(.busy, retryAfter: 1)
        }
        do {
            let (id, at) = (ID(), Timestamp.now)
            let picture = try service.picture()
            let timer = Loop.after(milliseconds: end.millisecondsLeft) { [self] in
                guard held?.id == id else { return }
                log.warning("a hold ended by itself", ["milliseconds": .number(milliseconds)])
                giveUp()
            }
            held = Held(id: id, at: at, picture: picture, timer: timer)
            return Common.Hold.Reply(hold: id, at: at)
        } catch {
            release()
            throw error
        }
    }

    /// Ends the hold, and hands over what it kept.
    private func take(_ id: ID) throws(Refusal) -> Held {
        guard let held, held.id == id else { throw Refusal(.noSuchHold) }
        held.timer.cancel()
        self.held = nil
        release()
        return held
    }

    private func release() {
        isHolding = false
        server.releaseChanges()
    }

    private func backup(_ request: Common.Backup) async throws -> Common.Backup.Reply {
        let at: Timestamp
        let picture: Picture
        if let hold = request.hold {
            let held = try take(hold)
            (at, picture) = (held.at, held.picture)
        } else {
            (at, picture) = (.now, try service.picture())
        }
        let directory = settings.backups
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw Refusal(
                .unavailable, "The backup directory cannot be made: \(SystemError("mkdir \(directory)"))")
        }
        // A file name without the colons of RFC 3339, which some systems do not take.
        let time = String("\(at)".filter { $0 != ":" && $0 != "-" })
        let path = "\(directory)/\(S.name)-\(time).db"
        let bytes = try await picture.copy(path)
        let facts = try await picture.facts()
        log.notice("backup made", ["path": .text(path), "bytes": .number(bytes)])
        return Common.Backup.Reply(
            path: path, bytes: bytes, at: at, schema: facts.schema,
            keys: facts.keys(service.fingerprints).filter { $0.values > 0 })
    }

    private func inspect() async throws -> Common.Inspect.Reply {
        let facts = try await service.picture().facts()
        return Common.Inspect.Reply(
            now: .now, newest: facts.newest, user: geteuid(), database: settings.database,
            schema: facts.schema, keys: facts.keys(service.fingerprints))
    }
}
