/// Keys from a key: HKDF (RFC 5869) with HMAC-SHA-256.
package enum HKDF {
    /// A key of `count` bytes for the use that `info` names; other names give keys that tell nothing of this one.
    ///
    /// `count` is at most 8,160 (RFC 5869, section 2.3). Without a salt 32 zero bytes stand for it (section 2.2).
    package static func derive(
        key: [UInt8], salt: [UInt8] = [], info: [UInt8], count: Int = 32
    ) -> [UInt8] {
        expand(extract(salt: salt, key: key), info: info, count: count)
    }

    /// Section 2.2: an even key from one that need not be.
    static func extract(salt: [UInt8], key: [UInt8]) -> [UInt8] {
        // HMAC fills a short key with zeros, so no salt and 32 zero bytes are the same.
        HMAC.sha256(key: salt, key)
    }

    /// Section 2.3: as many bytes as are wanted, 32 at a time, each block over the one before.
    static func expand(_ key: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
        precondition((0...8_160).contains(count), "HKDF-SHA-256 gives at most 8,160 bytes")
        var output: [UInt8] = []
        var block: [UInt8] = []
        var number: UInt8 = 1
        while output.count < count {
            block = HMAC.sha256(key: key, block + info + [number])
            output += block
            number &+= 1
        }
        return Array(output.prefix(count))
    }
}
