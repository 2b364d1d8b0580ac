import Wire

/// Lets one task at a time into what it guards for each person, in the order in which they came: what is asked of
/// OTPService for one person never overtakes itself.
@Loop final class Turns {
    private var waiting: [ID: [CheckedContinuation<Void, Never>]] = [:]

    /// Runs `body` once all that came before it for `person` is done.
    func take<T: Sendable>(_ person: ID, _ body: @Loop () async throws -> T) async throws -> T {
        if waiting[person] == nil {
            waiting[person] = []
        } else {
            await withCheckedContinuation { waiting[person, default: []].append($0) }
        }
        defer { pass(person) }
        return try await body()
    }

    private func pass(_ person: ID) {
        guard var queue = waiting[person], !queue.isEmpty else {
            waiting[person] = nil
            return
        }
        let next = queue.removeFirst()
        waiting[person] = queue
        next.resume()
    }
}
