import Wire

/// The counters of sends while orders are judged: each is read once and written once, however many orders it counts.
final class SendLedger {
    private struct Subject: Hashable {
        let scope: CountScope
        let bytes: [UInt8]
    }

    private struct Bucket: Hashable {
        let subject: Subject
        let begins: Int64
    }

    private let table: CountTable
    private var counts: [Subject: [Count]] = [:]
    private var added: [Bucket: Int] = [:]

    init(_ table: CountTable) { self.table = table }

    /// What was sent of `scope` to or for `subject`, as far back as it matters.
    func counts(_ scope: CountScope, _ subject: [UInt8], _ now: Timestamp) throws -> [Count] {
        try counts(of: Subject(scope: scope, bytes: subject), now)
    }

    private func counts(of subject: Subject, _ now: Timestamp) throws -> [Count] {
        if let known = counts[subject] { return known }
        let read = try table.counts(subject.scope, subject.bytes, since: now - subject.scope.memory)
        counts[subject] = read
        return read
    }

    /// Counts one send.
    func addSent(_ scope: CountScope, _ subject: [UInt8], _ now: Timestamp) throws {
        let subject = Subject(scope: scope, bytes: subject)
        let begins = scope.bucket(at: now)
        var counts = try counts(of: subject, now)
        if let index = counts.firstIndex(where: { $0.begins == begins }) {
            counts[index].sent += 1
        } else {
            counts.append(Count(begins: begins, sent: 1, verified: 0))
        }
        self.counts[subject] = counts
        added[Bucket(subject: subject, begins: begins), default: 0] += 1
    }

    /// Writes what was added.
    func write() throws {
        for (bucket, sent) in added {
            try table.addSent(bucket.subject.scope, bucket.subject.bytes, begins: bucket.begins, sent: sent)
        }
    }
}
