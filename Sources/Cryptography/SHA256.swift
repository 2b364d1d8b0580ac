import CCrypto

/// SHA-256 (FIPS 180-4), in one go or piece by piece.
///
///     var hash = SHA256()
///     hash.update(previous.bytes)
///     hash.update(event)
///     let next = hash.finish()
public struct SHA256 {
    private var state = SHA256_CTX()

    public init() {
        unsafe _ = SHA256_Init(&state)
    }

    /// Adds `bytes` to what is hashed.
    public mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe _ = SHA256_Update(&state, $0.baseAddress, $0.count) }
    }

    public mutating func update(_ bytes: [UInt8]) {
        update(bytes.span)
    }

    /// Adds the UTF-8 of `text`.
    public mutating func update(_ text: String) {
        update(text.utf8.span)
    }

    /// The hash of everything added.
    public consuming func finish() -> Digest {
        var digest = Digest()
        unsafe digest.withBytes { unsafe _ = SHA256_Final($0, &state) }
        return digest
    }

    /// The hash of `bytes`, without heap memory.
    public static func digest(_ bytes: [UInt8]) -> Digest {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    /// The hash of the UTF-8 of `text`, without heap memory.
    public static func digest(_ text: String) -> Digest {
        var hash = SHA256()
        hash.update(text)
        return hash.finish()
    }

    public static func hash(_ bytes: [UInt8]) -> [UInt8] { digest(bytes).bytes }
    public static func hash(_ text: String) -> [UInt8] { digest(text).bytes }
}
