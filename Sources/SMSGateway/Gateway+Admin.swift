import ServiceKit
import Wire

/// What admin users of the host ask of the gateway.
extension Gateway {
    func list(_ request: SMS.List) throws -> SMS.List.Reply {
        let limit = request.limit ?? 50
        guard (1...200).contains(limit) else {
            throw Refusal(.malformed, "limit must be 1 to 200", field: "limit")
        }
        var before = ID(high: .max, low: .max)
        if let cursor = request.cursor {
            guard let id = ID(cursor) else {
                throw Refusal(
                    .malformed, "cursor must be what an earlier answer gave as next", field: "cursor")
            }
            before = id
        }
        var messages = try store.list(
            state: request.state, firm: request.firm, before: before, limit: limit + 1)
        guard messages.count > limit else { return SMS.List.Reply(messages: messages) }
        messages.removeLast()
        return SMS.List.Reply(messages: messages, next: messages.last.map { "\($0.message)" })
    }

    func retry(_ request: SMS.Retry) async throws -> SMS.Retry.Reply {
        switch try await store.retry(request.message, now: clock.wall()) {
        case .queued:
            log.notice("message queued again by an admin", ["message": .id(request.message)])
            courier.nudge()
            return SMS.Retry.Reply(state: .queued)
        case .unknown:
            throw Refusal(.noSuchMessage)
        case .refused(let state):
            throw Refusal(
                .notRetryable,
                "The message is \(state.rawValue); only a failed or uncertain one can be sent again.")
        case .dead:
            throw Refusal(.alreadyExpired, "The message's code has ended, or is about to.")
        case .unwanted:
            throw Refusal(.notRetryable, "The message was cancelled: its code is not to be sent any more.")
        }
    }

    func block(_ request: SMS.Block) async throws -> Nothing {
        let now = clock.wall()
        let prefix = try Self.prefix(request.prefix)
        if let until = request.until, until <= now {
            throw Refusal(.malformed, "until must be in the future", field: "until")
        }
        let reason = request.reason ?? "Blocked by an admin."
        guard (1...200).contains(reason.count) else {
            throw Refusal(.malformed, "reason must have 1 to 200 characters", field: "reason")
        }
        let hash = store.fingerprints.block(prefix)
        try await store.block(
            BlockTable.Entry(
                hash: hash, sealed: BlockTable.seal(prefix, hash: hash, with: keys), claimsOnly: false,
                reason: reason,
                until: request.until), now: now)
        log.notice("prefix blocked by an admin", ["digits": .number(prefix.count - 1)])
        return Nothing()
    }

    func unblock(_ request: SMS.Unblock) async throws -> Nothing {
        let hash = store.fingerprints.block(try Self.prefix(request.prefix))
        guard try await store.unblock(hash, now: clock.wall()) else { throw Refusal(.notBlocked) }
        log.notice("prefix unblocked by an admin")
        return Nothing()
    }

    func stats() throws -> SMS.Stats.Reply {
        let (now, steady) = (clock.wall(), clock.steady())
        let tally = try store.tally()
        let states = SMS.MessageState.allCases.map { ($0.rawValue, tally[$0] ?? 0) }
        return SMS.Stats.Reply(
            states: Dictionary(uniqueKeysWithValues: states), oldestQueued: try store.oldestQueued(),
            providers: courier.routes.map {
                SMS.Provider(
                    name: $0.name, kind: $0.provider.kind, open: $0.isOpen(steady), sent: $0.sent,
                    failed: $0.failed)
            },
            blocks: try store.blocks(limit: Self.mostBlocks, now: now).map {
                SMS.BlockEntry(
                    prefix: try BlockTable.open($0.sealed, hash: $0.hash, with: keys), reason: $0.reason,
                    until: $0.until, recorded: $0.isRecord ? true : nil)
            })
    }

    /// Blocks that one answer shows; it must fit into a frame.
    private static var mostBlocks: Int { 1_000 }

    /// `+` and 1 to 15 digits, of which separators are taken out.
    private static func prefix(_ text: String) throws -> String {
        let prefix = text.filter { !" -.()/".contains($0) }
        let digits = prefix.dropFirst()
        guard prefix.first == "+", (1...15).contains(digits.utf8.count), digits.first != "0",
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw Refusal(.badPhone, "A prefix is + and 1 to 15 digits.", field: "prefix") }
        return prefix
    }
}
