public import Cryptography
public import Wire

/// How the events of a firm are chained: each holds the hash of the one before, over all its fields.
public enum AuditChain {
    /// What stands in the place of a hash before the first event.
    public static func start(of firm: ID) -> Digest { SHA256.digest(firm.bytes) }

    /// SHA-256 over every field, each before its length, in this order; numbers are 8 big-endian bytes, an absent text or id
    /// is one byte 0 and a present one follows a byte 1, the details stand in the order of their names.
    public static func hash(
        firm: ID, number: Int, at: Timestamp, actor: Auth.EventActor, event: String, person: ID?,
        detail: [String: String], previous: Digest
    ) -> Digest {
        var hash = SHA256()
        hash.update("clienthub audit 1\n")
        hash.update(firm.bytes)
        add(Int64(number), to: &hash)
        add(at.milliseconds, to: &hash)
        add(actor.id, to: &hash)
        for text in [actor.role, actor.name, event] { add(text, to: &hash) }
        add(person, to: &hash)
        add(Int64(detail.count), to: &hash)
        for (name, value) in detail.sorted(by: { $0.key < $1.key }) {
            add(name, to: &hash)
            add(value, to: &hash)
        }
        hash.update(previous.bytes)
        return hash.finish()
    }

    private static func add(_ number: Int64, to hash: inout SHA256) {
        hash.update((0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) })
    }

    private static func add(_ text: String, to hash: inout SHA256) {
        add(Int64(text.utf8.count), to: &hash)
        hash.update(text)
    }

    private static func add(_ id: ID?, to hash: inout SHA256) {
        hash.update(id.map { [1] + $0.bytes } ?? [0])
    }
}
