import AuditLog
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

extension AuditWalk {
    /// Events of one look into the database; between two, others may write.
    private static let step = 500

    /// Goes to the end that was recorded when it set out.
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
            for event in events where fault == nil { fault = walk.take(event.record, number: event.number) }
        }
        fault = fault ?? walk.finish(end: end.number, hash: end.hash, last: last)
        return Auth.VerifyAudit.Reply(
            intact: fault == nil, events: walk.number, head: Hex.encode(end.hash), firstBad: fault?.number,
            problem: fault?.problem)
    }
}
