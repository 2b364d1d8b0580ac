import Cryptography
import ServiceKit
import Wire

/// What admin users of the host look into: one message, the limits, who uses them up, and whether a provider works.
extension Gateway {
    func trace(_ request: SMS.Trace) throws -> SMS.Trace.Reply {
        guard let trace = try store.trace(request.message) else { throw Refusal(.noSuchMessage) }
        return trace
    }

    func currentLimits() -> SMS.Limits.Reply {
        SMS.Limits.Reply(
            numberPerTenMinutes: limits.numberPerTenMinutes, numberPerHour: limits.numberPerHour,
            numberPerDay: limits.numberPerDay, prefixPerHour: limits.prefixPerHour,
            firmPerDay: limits.firmPerDay, countryPerDay: limits.countryPerDay,
            countries: limits.countries.sorted(), pumping: limits.pumping.rawValue, queue: queueLimit)
    }

    /// Who was sent the most codes that were not used.
    func top(_ request: SMS.Top) throws -> SMS.Top.Reply {
        let (hours, limit) = (request.hours ?? 1, request.limit ?? 10)
        guard (1...24).contains(hours) else {
            throw Refusal(.malformed, "hours must be 1 to 24", field: "hours")
        }
        guard (1...100).contains(limit) else {
            throw Refusal(.malformed, "limit must be 1 to 100", field: "limit")
        }
        let now = clock.wall()
        func top(_ scope: CountScope, name: (CountTable.Usage) throws -> (name: String, isBlocked: Bool?))
            throws -> [SMS.Usage]
        {
            try store.top(scope, since: now - hours * 3_600, limit: limit).map { usage in
                let (name, isBlocked) = try name(usage)
                return SMS.Usage(name: name, sent: usage.sent, verified: usage.verified, blocked: isBlocked)
            }
        }
        func prefix(_ usage: CountTable.Usage) throws -> (name: String, isBlocked: Bool?) {
            guard let found = try store.prefix(usage.subject, now: now) else { return ("unknown", nil) }
            return (try BlockTable.open(found.sealed, hash: found.hash, with: keys), found.isBlocked)
        }
        return SMS.Top.Reply(
            claimed: try top(.prefixClaimed, name: prefix), proved: try top(.prefixProved, name: prefix),
            firms: try top(.firm) { (ID(bytes: $0.subject).map { "\($0)" } ?? "unknown", nil) },
            countries: try top(.country) { (String(decoding: $0.subject, as: UTF8.self), nil) })
    }

    /// Sends a code that nobody asked for, by one provider and no other. It is a message like all others: it is
    /// counted, kept and traced.
    func test(_ request: SMS.Test) async throws -> SMS.Test.Reply {
        let others = Set(courier.routes.map(\.name)).subtracting([request.provider])
        guard others.count < courier.routes.count else { throw Refusal(.noSuchProvider) }
        let now = clock.wall()
        let digits = String(Random.uniform(below: 1_000_000))
        let submit = SMS.Submit(
            key: "test-\(ID(now: now))", to: request.to,
            code: String(repeating: "0", count: 6 - digits.count) + digits, expires: now + 300,
            firm: Self.nobody, purpose: .verify)
        let reply = try await self.submit(order(submit, now, ruledOut: others), at: now)
        log.notice(
            "provider tested by an admin",
            ["message": .id(reply.message), "provider": .text(request.provider)])
        return SMS.Test.Reply(message: reply.message, state: reply.state)
    }

    /// What stands for the firm of a message that is for none.
    private static var nobody: ID { ID(high: 0x7000, low: 0x8000_0000_0000_0000) }
}
