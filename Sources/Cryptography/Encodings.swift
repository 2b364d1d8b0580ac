/// Base32 (RFC 4648, section 6), for what people type: written without padding, read in any case, with spaces, dashes
/// and padding wherever they stand.
public enum Base32 {
    private static let radix = Radix(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", folding: true, skipping: " -", padding: .optional)

    public static func encode(_ bytes: [UInt8]) -> String { radix.encode(bytes) }
    public static func decode(_ text: String) -> [UInt8]? { radix.decode(text) }
}

/// Base64 with the alphabet for links and cookies (RFC 4648, section 5), without padding.
public enum Base64URL {
    private static let radix = Radix("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    public static func encode(_ bytes: [UInt8]) -> String { radix.encode(bytes) }
    public static func decode(_ text: String) -> [UInt8]? { radix.decode(text) }
}

/// Base64 (RFC 4648, section 4). Padding may be missing where it is read.
public enum Base64 {
    private static let radix = Radix(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", padding: .optional)

    public static func encode(_ bytes: [UInt8], padded: Bool = true) -> String {
        radix.encode(bytes, padded: padded)
    }
    public static func decode(_ text: String) -> [UInt8]? { radix.decode(text) }
}

/// Hexadecimal digits (RFC 4648, section 8): written in lower case, read in either.
public enum Hex {
    private static let radix = Radix("0123456789abcdef", folding: true)

    public static func encode(_ bytes: [UInt8]) -> String { radix.encode(bytes) }
    public static func decode(_ text: String) -> [UInt8]? { radix.decode(text) }
}
