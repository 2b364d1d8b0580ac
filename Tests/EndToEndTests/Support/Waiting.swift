@testable import Wire

/// What a test waited for in vain.
struct WaitedInVain: Error, CustomStringConvertible {
    let description: String
}

/// Looks again and again until `look` gives something, for a limit of `seconds` that no machine in working order needs.
@Loop
func eventually<T>(
    _ what: String, within seconds: Int = 45, _ look: @Loop () async throws -> T?
) async throws -> T {
    let end = Deadline.after(milliseconds: seconds * 1_000)
    while true {
        if let found = try await look() { return found }
        guard !end.hasPassed, !Task.isCancelled else {
            throw WaitedInVain(description: "waited in vain for \(what)")
        }
        await Loop.pause(milliseconds: 3)
    }
}

/// The same for something that is to become true.
@Loop
func eventually(_ what: String, within seconds: Int = 45, _ look: @Loop () async throws -> Bool) async throws
{
    _ = try await eventually(what, within: seconds) { () async throws -> Bool? in
        try await look() ? true : nil
    }
}

/// The word that a call was refused with; `OK` where it was not refused. Any other error goes on.
@Loop
func reason<T>(_ call: @Loop () async throws -> T) async throws -> String {
    do {
        _ = try await call()
        return "OK"
    } catch let refusal as Refusal {
        return refusal.reason
    }
}

/// Runs `body` `count` times at once.
@Loop
func atOnce<T: Sendable>(_ count: Int, _ body: @escaping @Loop (Int) async throws -> T) async -> [Result<
    T, any Error
>] {
    let tasks = (0..<count).map { number in Task { @Loop in try await body(number) } }
    var results: [Result<T, any Error>] = []
    for task in tasks { results.append(await task.result) }
    return results
}
