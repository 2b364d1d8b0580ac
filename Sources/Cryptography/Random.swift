import CCrypto

/// Random values that nobody can guess, from libcrypto's generator (NIST SP 800-90A, seeded by the kernel).
///
/// A generator that fails ends the process: nothing that this system does is safe without it.
public enum Random {
    /// `count` random bytes.
    public static func bytes(_ count: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            unsafe fill(
                UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]))
            filled = count
        }
    }

    /// A number below `bound`, each with the same chance. `bound` is at least 1.
    public static func uniform(below bound: UInt32) -> UInt32 {
        uniform(below: bound, drawing: word)
    }

    /// What a session, a device or an invitation is known by: 256 random bits as 43 characters that are safe in
    /// cookies and links (OWASP ASVS 5.0, 7.2.3, asks for 128).
    public static func token() -> String {
        Base64URL.encode(bytes(32))
    }

    /// Draws until a value falls below the highest multiple of `bound`: a plain remainder would favour small numbers.
    static func uniform(below bound: UInt32, drawing draw: () -> UInt32) -> UInt32 {
        precondition(bound > 0, "no number is below 0")
        let surplus = (UInt32.max % bound + 1) % bound
        while true {
            let value = draw()
            if value <= UInt32.max - surplus { return value % bound }
        }
    }

    private static func word() -> UInt32 {
        var word: UInt32 = 0
        unsafe withUnsafeMutableBytes(of: &word) { unsafe fill($0) }
        return word
    }

    private static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        let start = unsafe buffer.assumingMemoryBound(to: UInt8.self).baseAddress
        guard unsafe RAND_bytes(start, Int32(buffer.count)) == 1 else {
            fatalError("libcrypto's random generator failed: the kernel gives it no seed")
        }
    }
}
