import Cryptography
import ServiceKit
import Storage
import Wire

extension AuthService {
    /// Walks the chain of a firm's audit log, apart from the loop and a piece at a time, so that nobody waits for it.
    func verifyAudit(_ request: Auth.VerifyAudit, for caller: Caller) async throws -> Auth.VerifyAudit.Reply {
        guard let firm = try store.read({ try $0.firm(slug: request.firm) }) else {
            throw Refusal(.noSuchFirm)
        }
        let reply = try await store.readApart { database in
            try AuditWalk.run(firm.id, in: database, until: caller.deadline)
        }
        if let problem = reply.problem {
            log.critical("the audit log is not intact", ["firm": .id(firm.id), "problem": .text(problem)])
        }
        return reply
    }
}

/// Goes along the chain of a firm's events, from the first to the end that was recorded when it set out.
struct AuditWalk {
    /// The first event that does not fit, and what does not.
    struct Fault: Hashable, Sendable {
        let number: Int
        let problem: String
    }

    /// Events of one look into the database; between two, others may write.
    static let step = 500

    let firm: ID
    /// The last event that was checked, 0 before the first, and its hash.
    private(set) var number = 0
    private(set) var hash: Digest

    init(firm: ID) {
        self.firm = firm
        hash = AuditChain.start(of: firm)
    }

    static func run(_ firm: ID, in database: Database, until deadline: Deadline) throws
        -> Auth.VerifyAudit.Reply
    {
        // What is recorded after this moment is not looked at.
        let (end, last) = try database.snapshot {
            (try database.chainEnd(of: firm), try database.lastEventNumber(of: firm))
        }
        var walk = AuditWalk(firm: firm)
        var fault: Fault?
        while fault == nil, walk.number < end.number {
            guard !deadline.hasPassed else { throw Refusal(.deadlineExceeded) }
            let events = try database.storedEvents(
                of: firm, after: walk.number, upTo: end.number, limit: step)
            guard !events.isEmpty else { break }
            for event in events where fault == nil { fault = walk.take(event) }
        }
        fault = fault ?? walk.finish(end, last: last)
        return Auth.VerifyAudit.Reply(
            intact: fault == nil, events: walk.number, head: Hex.encode(end.hash), firstBad: fault?.number,
            problem: fault?.problem)
    }

    /// Takes the next event, if it fits.
    mutating func take(_ event: StoredEvent) -> Fault? {
        let next = number + 1
        guard event.number == next else {
            return Fault(number: next, problem: "event \(next) is missing: it was removed")
        }
        guard let record = event.record, record.hash == record.computedHash else {
            return Fault(
                number: next, problem: "event \(next) is not what was recorded: it was changed or inserted")
        }
        guard record.previous == hash else {
            return Fault(
                number: next,
                problem:
                    "event \(next) does not follow the event before it: one of them was changed or inserted")
        }
        number = next
        hash = record.hash
        return nil
    }

    /// Compares where the walk came to with the end that was recorded apart from the events; `last` is the number of the
    /// last event that stands in the table.
    func finish(_ end: ChainEnd, last: Int) -> Fault? {
        let next = number + 1
        if number < end.number {
            return Fault(
                number: next,
                problem: "events \(next) to \(end.number) are missing: the end of the log was cut off")
        }
        if last > end.number {
            return Fault(
                number: next,
                problem: "event \(next) stands behind the recorded end of the log: it was inserted")
        }
        guard end.hash == hash.bytes else {
            return Fault(
                number: number,
                problem: "event \(number) is not the one that the log was recorded to end with")
        }
        return nil
    }
}
