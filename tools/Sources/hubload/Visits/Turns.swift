/// Gives clients to visits, one after the other, and none again before it has rested: a code of an authenticator works
/// once, and a message is not sent again at once.
struct Turns {
    private let clients: [Int]
    /// Nanoseconds that a client rests.
    private let rest: Int64
    private var next = 0
    private var lastUsed: [Int64]

    init(_ clients: [Int], restSeconds: Int64) {
        self.clients = clients
        rest = restSeconds * Clock.second
        lastUsed = Array(repeating: .min / 2, count: clients.count)
    }

    /// Clients that wait for their turn, at the rate of visits that they are enough for.
    var count: Int { clients.count }

    /// The client whose turn it is.
    ///
    /// - Throws: `NO_CLIENT_LEFT` where that one has not rested: there are too few for so many visits.
    mutating func take(at now: Int64) throws -> Int {
        guard !clients.isEmpty, now - lastUsed[next] >= rest else { throw Unexpected("NO_CLIENT_LEFT") }
        defer { next = (next + 1) % clients.count }
        lastUsed[next] = now
        return clients[next]
    }
}
