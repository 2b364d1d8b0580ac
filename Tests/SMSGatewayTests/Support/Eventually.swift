import Testing
import Wire

/// What a test waited for in vain.
struct WaitedInVain: Error, CustomStringConvertible {
    let description: String
}

/// Looks again and again until `look` gives something, for a limit that no machine in working order needs.
@Loop @discardableResult
func eventually<T>(
    _ what: String, _ location: SourceLocation = #_sourceLocation, _ look: @Loop () async throws -> T?
) async throws -> T {
    let end = Deadline.after(milliseconds: 120_000)
    while true {
        if let found = try await look() { return found }
        guard !end.hasPassed else {
            throw WaitedInVain(
                description: "waited in vain for \(what), at \(location.fileName):\(location.line)")
        }
        await Loop.pause(milliseconds: 5)
    }
}
