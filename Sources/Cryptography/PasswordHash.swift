/// What one Argon2id hash costs (RFC 9106, section 3.1).
package struct PasswordCost: Hashable, Sendable {
    /// m, in KiB.
    package let memory: UInt32
    /// t, how often the memory is filled.
    package let passes: UInt32
    /// p. More lanes than one are computed one after another here.
    package let lanes: UInt32

    /// 19 MiB, 2 passes, 1 lane: the first choice of OWASP's Password Storage Cheat Sheet.
    package static let standard = PasswordCost(memory: 19 << 10, passes: 2, lanes: 1)

    package init(memory: UInt32, passes: UInt32, lanes: UInt32) {
        self.memory = memory
        self.passes = passes
        self.lanes = lanes
    }

    /// Whether Argon2 can be computed so (RFC 9106, section 3.1: m is at least 8 p).
    var isSound: Bool { passes >= 1 && lanes >= 1 && UInt64(memory) >= 8 * UInt64(lanes) }

    /// Whether it takes no more than 256 MiB, and no more work than 1 GiB filled once (half a second): a stored hash
    /// that asks for more is a slip or an attack.
    var isBearable: Bool {
        memory <= 256 << 10 && lanes <= 64 && UInt64(memory) * UInt64(passes) <= 1 << 20
    }
}

/// A stored password hash: the string of the Password Hashing Competition,
/// `$argon2id$v=19$m=19456,t=2,p=1$SALT$TAG`, salt and tag in base64 without padding.
struct PasswordHash: Equatable, CustomStringConvertible {
    var cost: PasswordCost
    var salt: [UInt8]
    var tag: [UInt8]

    static let saltSize = 16
    static let tagSize = 32

    init(cost: PasswordCost, salt: [UInt8], tag: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.tag = tag
    }

    init(_ text: String) throws(PasswordError) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].isEmpty else {
            throw .malformed("a hash has five parts, each after a $")
        }
        guard parts[1] == "argon2id" else { throw .malformed("the algorithm is not argon2id") }
        guard parts[2] == "v=19" else { throw .malformed("the version of Argon2 is not 19") }
        let costs = parts[3].split(separator: ",", omittingEmptySubsequences: false)
        guard costs.count == 3, let memory = Self.number("m", costs[0]),
            let passes = Self.number("t", costs[1]),
            let lanes = Self.number("p", costs[2])
        else { throw .malformed("the costs are not m=…,t=…,p=…") }
        cost = PasswordCost(memory: memory, passes: passes, lanes: lanes)
        guard cost.isSound else { throw .malformed("the costs are less than Argon2 can have") }
        guard cost.isBearable else { throw .tooCostly }
        guard let salt = Base64.decode(String(parts[4])), (8...64).contains(salt.count) else {
            throw .malformed("the salt is not 8 to 64 bytes in base64")
        }
        guard let tag = Base64.decode(String(parts[5])), (16...64).contains(tag.count) else {
            throw .malformed("the tag is not 16 to 64 bytes in base64")
        }
        self.salt = salt
        self.tag = tag
    }

    var description: String {
        "$argon2id$v=19$m=\(cost.memory),t=\(cost.passes),p=\(cost.lanes)"
            + "$\(Base64.encode(salt, padded: false))$\(Base64.encode(tag, padded: false))"
    }

    /// Reads `name=NUMBER` as it is written: digits alone, no leading zero.
    private static func number(_ name: String, _ text: Substring) -> UInt32? {
        guard text.hasPrefix(name + "="), let value = UInt32(text.dropFirst(2)), text == "\(name)=\(value)"
        else {
            return nil
        }
        return value
    }
}

/// Why a password cannot be hashed or checked. A wrong password is no error.
package enum PasswordError: Error, Equatable {
    /// The stored text is not a hash that this module made; the text says why.
    case malformed(String)
    /// The stored hash asks for more memory or work than any sound one.
    case tooCostly
    /// There is no memory for the hash now.
    case noMemory
}
