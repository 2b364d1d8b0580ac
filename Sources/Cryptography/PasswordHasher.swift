/// Hashes passwords and checks them, with Argon2id (RFC 9106).
///
/// It keeps its memory between hashes, so each thread has its own; a check takes about 13 ms and is no work for the
/// thread that answers calls. The memory is taken at the first hash.
package final class PasswordHasher {
    private let cost: PasswordCost
    private let decoy: String
    private var memory = Argon2Memory()

    /// - Parameter cost: of new hashes. Stored ones are checked at the cost that they name.
    package init(_ cost: PasswordCost = .standard) {
        precondition(cost.isSound && cost.isBearable, "a cost that Argon2 or this machine cannot have")
        self.cost = cost
        decoy =
            PasswordHash(
                cost: cost, salt: Random.bytes(PasswordHash.saltSize), tag: Random.bytes(PasswordHash.tagSize)
            ).description
    }

    /// The text to store for `password`, under a new salt.
    package func hash(_ password: String) throws(PasswordError) -> String {
        let salt = Random.bytes(PasswordHash.saltSize)
        let tag = try tag(of: password, salt: salt, cost: cost, count: PasswordHash.tagSize)
        return PasswordHash(cost: cost, salt: salt, tag: tag).description
    }

    /// Whether `stored` was made from `password`.
    package func verify(_ password: String, against stored: String) throws(PasswordError) -> Bool {
        let hash = try PasswordHash(stored)
        let tag = try tag(of: password, salt: hash.salt, cost: hash.cost, count: hash.tag.count)
        return ConstantTime.equal(tag, hash.tag)
    }

    /// Does the work of a check that fails, for an account that does not exist: log-in takes as long with it.
    package func dummy(_ password: String) throws(PasswordError) {
        _ = try verify(password, against: decoy)
    }

    /// Whether `stored` should be made anew at the next log-in, since it was made at another cost.
    package func needsRehash(_ stored: String) -> Bool {
        guard let hash = try? PasswordHash(stored) else { return true }
        return hash.cost != cost || hash.salt.count != PasswordHash.saltSize
            || hash.tag.count != PasswordHash.tagSize
    }

    /// Gives the memory back, for a pool that has nothing to do; the next hash takes it again.
    package func releaseMemory() {
        memory.release()
    }

    private func tag(
        of password: String, salt: [UInt8], cost: PasswordCost, count: Int
    ) throws(PasswordError) -> [UInt8] {
        var bytes = Array(password.utf8)
        defer { wipe(&bytes) }
        let input = Argon2.Input(salt: salt)
        guard cost.memory > self.cost.memory else {
            return try Argon2.tag(of: &bytes, input, cost: cost, count: count, in: &memory)
        }
        // One that costs more than ours is rare, and does not get to stay.
        var larger = Argon2Memory()
        return try Argon2.tag(of: &bytes, input, cost: cost, count: count, in: &larger)
    }
}
