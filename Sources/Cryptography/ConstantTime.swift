import CCrypto

/// Comparisons whose time does not tell where two secrets differ.
public enum ConstantTime {
    /// Whether two values are the same. That their lengths differ may show.
    public static func equal(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        equal(one.span, other.span)
    }

    /// Whether two texts are the same in UTF-8.
    public static func equal(_ one: String, _ other: String) -> Bool {
        equal(one.utf8.span, other.utf8.span)
    }

    private static func equal(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
        guard one.count == other.count else { return false }
        return unsafe one.withUnsafeBytes { first in
            unsafe other.withUnsafeBytes { second in
                unsafe CRYPTO_memcmp(first.baseAddress, second.baseAddress, first.count) == 0
            }
        }
    }
}
