public import Cryptography
public import Wire

/// Goes along the chain of a firm's events, from the first, and finds what does not fit.
public struct AuditWalk: Sendable {
    /// The first event that does not fit, and what does not.
    public struct Fault: Hashable, Sendable {
        public let number: Int
        public let problem: String
    }

    public let firm: ID
    /// The last event that was checked, 0 before the first, and its hash.
    public private(set) var number = 0
    public private(set) var hash: Digest

    public init(firm: ID) {
        self.firm = firm
        hash = AuditChain.start(of: firm)
    }

    /// Takes the next event, if it fits: the one called `number` where it was found, and what was found there; nil where
    /// that is nothing that a service writes.
    public mutating func take(_ record: AuditRecord?, number found: Int) -> Fault? {
        let next = number + 1
        guard found == next else {
            return Fault(number: next, problem: "event \(next) is missing: it was removed")
        }
        guard let record, record.hash == record.computedHash else {
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
    public func finish(end: Int, hash recorded: [UInt8], last: Int) -> Fault? {
        let next = number + 1
        if number < end {
            return Fault(
                number: next,
                problem: "events \(next) to \(end) are missing: the end of the log was cut off")
        }
        if last > end {
            return Fault(
                number: next,
                problem: "event \(next) stands behind the recorded end of the log: it was inserted")
        }
        guard recorded == hash.bytes else {
            return Fault(
                number: number,
                problem: "event \(number) is not the one that the log was recorded to end with")
        }
        return nil
    }
}
