import CCrypto

/// Zeroes a secret that is not needed any more; no optimiser takes this away.
///
///     var secret = try keys.open(sealed, for: identity)
///     defer { wipe(&secret) }
///
/// It reaches this array alone: one that shares its memory with a copy leaves the copy as it was, so keep secrets in
/// one variable and pass them as arguments only.
package func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
}

/// Zeroes a value on the stack.
func wipe<let count: Int>(_ bytes: inout InlineArray<count, UInt8>) {
    unsafe withUnsafeMutableBytes(of: &bytes) { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
}
