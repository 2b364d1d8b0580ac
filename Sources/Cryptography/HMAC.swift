import CCrypto

/// Keyed hashes (RFC 2104), over the hash functions that need no look-up of an algorithm at each call.
public enum HMAC {
    /// HMAC-SHA-1, 20 bytes, for RFC 4226 and RFC 6238 alone, where SHA-1 is still sound (RFC 6194, section 3.3).
    public static func sha1(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        code(SHA1State.self, key: key.span, message.span)
    }

    /// HMAC-SHA-256, 32 bytes.
    package static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        code(SHA256State.self, key: key.span, message.span)
    }

    private static func code<State: HashState>(_: State.Type, key: Span<UInt8>, _ message: Span<UInt8>)
        -> [UInt8]
    {
        guard key.count <= State.blockSize else {
            let short = hash(State.self, key)
            return code(State.self, key: short.span, message)
        }
        // The key fills a block; what is left of the block is zero, so that the pads stand there alone.
        var inner = InlineArray<64, UInt8>(repeating: 0x36)
        var outer = InlineArray<64, UInt8>(repeating: 0x5C)
        for index in 0..<key.count {
            inner[index] ^= key[index]
            outer[index] ^= key[index]
        }
        defer {
            wipe(&inner)
            wipe(&outer)
        }
        let message = hash(State.self, inner.span, message)
        return hash(State.self, outer.span, message.span)
    }

    private static func hash<State: HashState>(
        _: State.Type, _ first: Span<UInt8>, _ second: Span<UInt8> = Span()
    ) -> [UInt8] {
        var state = State()
        state.update(first)
        state.update(second)
        return state.finish()
    }
}

/// What HMAC asks of a hash function. Both have blocks of 64 bytes.
private protocol HashState {
    init()
    mutating func update(_ bytes: Span<UInt8>)
    mutating func finish() -> [UInt8]
}

extension HashState {
    static var blockSize: Int { 64 }
}

private struct SHA1State: HashState {
    private var state = SHA_CTX()

    init() {
        unsafe _ = SHA1_Init(&state)
    }

    mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe _ = SHA1_Update(&state, $0.baseAddress, $0.count) }
    }

    mutating func finish() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 20) { buffer, filled in
            unsafe _ = SHA1_Final(buffer.baseAddress, &state)
            filled = 20
        }
    }
}

private struct SHA256State: HashState {
    private var hash = SHA256()

    mutating func update(_ bytes: Span<UInt8>) { hash.update(bytes) }
    mutating func finish() -> [UInt8] { hash.finish().bytes }
}
