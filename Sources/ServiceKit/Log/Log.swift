import Glibc
import Wire

/// Writes what happens to standard error: one line an event, `key=value`, in the form that the journal or a person reads.
///
///     let log = Log("sms")
///     log.info("message sent", ["message": .id(id), "to": .phone(number), "tries": 3])
///
/// prints `2026-11-24T09:30:00.000Z info sms message sent message=0199… to=**71 tries=3`, and under the journal
/// `<6>sms message sent …`. The message is a literal, so that lines can be searched for by it. Copies share their level.
public struct Log: Sendable {
    public typealias Fields = KeyValuePairs<StaticString, Value>

    private let service: StaticString
    private let output: Output

    /// A log of the service called `service`, to standard error.
    public init(_ service: StaticString, level: LogLevel = .info) {
        self.init(service, to: Output(descriptor: STDERR_FILENO, level: level))
    }

    init(_ service: StaticString, to output: Output) {
        self.service = service
        self.output = output
    }

    /// The least that is written. May be changed at any time, from any thread.
    public var level: LogLevel {
        get { output.level }
        nonmutating set { output.level = newValue }
    }

    public func debug(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        write(.debug, message, fields)
    }
    public func info(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        write(.info, message, fields)
    }
    public func notice(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        write(.notice, message, fields)
    }
    public func warning(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        write(.warning, message, fields)
    }
    public func error(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        write(.error, message, fields)
    }
    public func critical(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        write(.critical, message, fields)
    }

    private func write(_ level: LogLevel, _ message: StaticString, _ fields: () -> Fields) {
        guard level >= output.level else { return }
        output.write(
            Log.line(level, service, message, fields(), at: .now, forJournal: output.isJournal))
    }

    /// The line of one event, with its newline.
    static func line(
        _ level: LogLevel, _ service: StaticString, _ message: StaticString, _ fields: Fields,
        at time: Timestamp,
        forJournal: Bool
    ) -> String {
        var line = forJournal ? "<\(level.priority)>" : "\(time) \(level.rawValue) "
        line += "\(service) \(message)"
        for (key, value) in fields { line += " \(key)=\(logfmt(value.text))" }
        return line + "\n"
    }
}

/// `text` as the value of a field: bare where that is clear, else in quotation marks with escapes. A long one is cut,
/// so that no caller can fill the log with one call.
private func logfmt(_ text: String) -> String {
    let isBare =
        !text.isEmpty && text.utf8.count <= 1_000
        && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3D && $0 != 0x5C }
    return isBare ? text : quoted(text, limit: 1_000)
}
