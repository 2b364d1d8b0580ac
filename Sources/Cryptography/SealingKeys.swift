/// The keys that secrets at rest are sealed with: AES-256-GCM (NIST SP 800-38D) under a numbered key.
///
/// A sealed value is the key's version (`UInt32`, big-endian), a random nonce of 12 bytes, the ciphertext, and a tag of
/// 16 bytes: 32 bytes more than what was sealed. The version and the record's identity are authenticated with it, so a
/// value copied into another row does not open there.
///
/// Random nonces are safe for 2^32 values a key (section 8.3): add a key before that, and seal again what
/// ``version(of:)`` finds under an older one. The keys stay in memory as long as the service runs.
public struct SealingKeys: Sendable {
    /// The version that seals: the highest.
    public let current: UInt32
    private let keys: [UInt32: [UInt8]]

    /// What a sealed value has more than the value.
    public static let overhead = versionSize + AESGCM.nonceSize + AESGCM.tagSize
    private static let versionSize = 4

    private init(_ keys: [UInt32: [UInt8]]) {
        self.keys = keys
        current = keys.keys.max() ?? 0
    }

    /// A new set of one random key, of version 1.
    public static func generate() -> SealingKeys {
        SealingKeys([1: Random.bytes(AESGCM.keySize)])
    }

    /// Reads a file of keys: a line each, `VERSION BASE64(32 bytes)`; `#` starts a comment.
    public init(parsing file: [UInt8]) throws(KeyFileError) {
        self.init(try KeyFile.parse(file))
    }

    /// These keys and a random one of the next version, which seals from now on.
    public func adding() -> SealingKeys {
        precondition(current < .max, "there is no next version")
        return SealingKeys(keys.merging([current + 1: Random.bytes(AESGCM.keySize)]) { old, _ in old })
    }

    /// The text that ``init(parsing:)`` reads. It is all the secrets: write it only where nobody else can read.
    public var file: String {
        versions.map { "\($0) \(Base64.encode(keys[$0] ?? []))\n" }.joined()
    }

    public var versions: [UInt32] { keys.keys.sorted() }

    /// Seals `plain` with the current key, to be opened for the same `identity` alone.
    ///
    /// `identity` names the place of the record, such as its table, its id and its column: the same bytes for no other
    /// place.
    public func seal(_ plain: [UInt8], for identity: [UInt8]) -> [UInt8] {
        let version = Self.bytes(of: current)
        let nonce = Random.bytes(AESGCM.nonceSize)
        return AESGCM.seal(
            plain, key: keys[current] ?? [], nonce: nonce, associated: version + identity,
            after: version + nonce)
    }

    /// Opens what was sealed for `identity`.
    public func open(_ sealed: [UInt8], for identity: [UInt8]) throws(SealError) -> [UInt8] {
        guard let version = Self.version(of: sealed) else { throw .tooShort }
        guard let key = keys[version] else { throw .unknownVersion(version) }
        let body = Self.versionSize + AESGCM.nonceSize
        let plain = AESGCM.open(
            sealed[body...], key: key, nonce: Array(sealed[Self.versionSize..<body]),
            associated: Self.bytes(of: version) + identity)
        guard let plain else { throw .notAuthentic }
        return plain
    }

    /// The version that a value is sealed under; nil where it is too short to be one.
    public static func version(of sealed: [UInt8]) -> UInt32? {
        guard sealed.count >= overhead else { return nil }
        return sealed.prefix(versionSize).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// A key of 32 bytes for another use, such as keyed hashes of codes, from the current key by HKDF-SHA-256
    /// (RFC 5869). `label` names the use. Keep ``current`` beside what is made with it.
    public func derive(_ label: String) -> [UInt8] {
        HKDF.derive(key: keys[current] ?? [], info: Array(label.utf8))
    }

    /// The key that ``derive(_:)`` gave when `version` was the current one.
    public func derive(_ label: String, version: UInt32) throws(SealError) -> [UInt8] {
        guard let key = keys[version] else { throw .unknownVersion(version) }
        return HKDF.derive(key: key, info: Array(label.utf8))
    }

    /// What tells each key from another of the same version, by version: 16 hexadecimal digits, which give nothing of the
    /// key away.
    public var fingerprints: [UInt32: String] {
        keys.mapValues { Hex.encode(HKDF.derive(key: $0, info: Array("fingerprint".utf8), count: 8)) }
    }

    private static func bytes(of version: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: version >> UInt32(24 - 8 * $0)) }
    }
}

extension SealingKeys: CustomStringConvertible, CustomReflectable {
    public var description: String { "keys of versions \(versions)" }

    /// Nothing: a dump of a service's state shows no key.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a sealed value does not open.
public enum SealError: Error, Equatable {
    /// It was sealed under a key that is not here.
    case unknownVersion(UInt32)
    /// It was changed, or sealed for another identity, or under another key of the same version.
    case notAuthentic
    /// It has fewer bytes than any sealed value.
    case tooShort
}
