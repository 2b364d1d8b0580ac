package import Wire

/// The settings that every service has: where it listens, who may call it, where it keeps its data, what it bears.
package struct ServiceSettings: Sendable {
    package let common: CommonSettings
    /// The Unix socket's path.
    package let socket: String
    /// Users who may connect; admins may too.
    package let callers: Set<UInt32>
    /// Users who may make the admin calls.
    package let admins: Set<UInt32>
    /// Users who may connect, and only ask how the service is.
    package let monitors: Set<UInt32>
    /// Users who may connect too, but make those calls alone that name them (`Peers`). A service sets them.
    package var guests: Set<UInt32> = []
    /// The SQLite file.
    package let database: String
    /// Where `wire.Backup` writes to.
    package let backups: String
    package let limits: ServerLimits

    package init(_ settings: Settings) throws(SettingError) {
        common = try CommonSettings(settings)
        socket = try settings.socket(
            "socket", meaning: "The Unix socket to listen at; systemd's takes its place.")
        callers = try settings.users(
            "callers", meaning: "Users who may connect; empty means the service's own user and root.")
        admins = try settings.users(
            "admins", meaning: "Users who may make admin calls; empty means the service's own user and root.")
        monitors = try settings.usersOrNone(
            "monitors", meaning: "Users who may ask for health and metrics, and nothing else.")
        database = try settings.path("database", meaning: "The SQLite file; made where there is none.")
        backups = try settings.path(
            "backups", default: "backups",
            meaning: "The directory that backups are written to; made when needed.")
        limits = try Self.limits(settings)
    }

    /// Everybody who may make calls: all whom the socket lets in, but for the monitors.
    package var mayCall: Set<UInt32> { callers.union(admins).union(guests) }

    private static func limits(_ settings: Settings) throws(SettingError) -> ServerLimits {
        var limits = ServerLimits()
        limits.requestBytes = try settings.int(
            "wire.requestBytes", default: limits.requestBytes, in: 1_024...(16 << 20),
            meaning: "The longest request, in bytes.")
        limits.answerBytes = try settings.int(
            "wire.answerBytes", default: limits.answerBytes, in: 65_536...(16 << 20),
            meaning: "The longest answer, in bytes.")
        limits.connections = try settings.int(
            "wire.connections", default: limits.connections, in: 1...65_536,
            meaning: "Open connections at most.")
        limits.callsPerConnection = try settings.int(
            "wire.callsPerConnection", default: limits.callsPerConnection, in: 1...65_536,
            meaning: "Calls in flight on one connection, at which reading from it pauses.")
        limits.calls = try settings.int(
            "wire.calls", default: limits.calls, in: 1...1_000_000,
            meaning: "Calls in flight altogether; more are refused as overload.")
        limits.unreadBytes = try settings.int(
            "wire.unreadBytes", default: limits.unreadBytes, in: 65_536...(256 << 20),
            meaning: "Bytes of answers that a peer leaves unread, at which its connection closes.")
        limits.frameSeconds = try settings.int(
            "wire.frameSeconds", default: limits.frameSeconds, in: 1...3_600,
            meaning: "Seconds within which a frame, once begun, must be complete.")
        limits.unreadSeconds = try settings.int(
            "wire.unreadSeconds", default: limits.unreadSeconds, in: 1...3_600,
            meaning: "Seconds within which a peer must read something of its answers.")
        limits.idleSeconds = try settings.int(
            "wire.idleSeconds", default: limits.idleSeconds, in: 1...86_400,
            meaning: "Seconds without a call after which a connection closes.")
        limits.drainSeconds = try settings.int(
            "wire.drainSeconds", default: limits.drainSeconds, in: 0...300,
            meaning: "Seconds that calls in flight get when the service stops.")
        limits.defaultTimeout = try settings.int(
            "wire.defaultTimeout", default: limits.defaultTimeout, in: 1...600_000,
            meaning: "Milliseconds that a call gets which names no timeout.")
        return limits
    }
}
