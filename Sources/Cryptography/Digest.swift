/// A SHA-256 value in 32 bytes without heap memory: what session tokens are looked up by.
///
/// Tables keyed by it leak nothing by their timing, since who asks cannot choose a digest near another one.
public struct Digest: Hashable, Sendable, BitwiseCopyable {
    /// The bytes, as they lie in memory.
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init() {}

    /// Takes 32 bytes, such as a database kept; nil for any other count.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        unsafe withUnsafeMutableBytes(of: &words) { unsafe $0.copyBytes(from: bytes) }
    }

    public var bytes: [UInt8] {
        unsafe withUnsafeBytes(of: words) { unsafe [UInt8]($0) }
    }

    /// The 32 bytes to write a digest into.
    mutating func withBytes(_ body: (UnsafeMutablePointer<UInt8>?) -> Void) {
        unsafe withUnsafeMutableBytes(of: &words) {
            unsafe body($0.assumingMemoryBound(to: UInt8.self).baseAddress)
        }
    }

    public static func == (one: Digest, other: Digest) -> Bool {
        one.words == other.words
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

extension Digest: CustomStringConvertible {
    /// The bytes as 64 lower-case hexadecimal digits.
    public var description: String { Hex.encode(bytes) }
}
