import Testing

@testable import Cryptography

/// The cases that RFC 2202 and RFC 4231 share: key and message, as bytes.
private func bytes(_ count: Int, of byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: count) }
private func bytes(_ range: ClosedRange<UInt8>) -> [UInt8] { Array(range) }
private func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

@Suite("HMAC") struct HMACTests {
    @Test(
        "gives the SHA-1 codes of RFC 2202, section 3",
        arguments: [
            (bytes(20, of: 0x0B), utf8("Hi There"), "b617318655057264e28bc0b6fb378c8ef146be00"),
            (utf8("Jefe"), utf8("what do ya want for nothing?"), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            (bytes(20, of: 0xAA), bytes(50, of: 0xDD), "125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
            (bytes(1...25), bytes(50, of: 0xCD), "4c9007f4026250c6bc8414f9bf50c86c2d7235da"),
            (bytes(20, of: 0x0C), utf8("Test With Truncation"), "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"),
            (
                bytes(80, of: 0xAA), utf8("Test Using Larger Than Block-Size Key - Hash Key First"),
                "aa4ae5e15272d00e95705637ce8a3b55ed402112"
            ),
            (
                bytes(80, of: 0xAA),
                utf8("Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data"),
                "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"
            ),
        ])
    func sha1(key: [UInt8], message: [UInt8], code: String) {
        #expect(Hex.encode(HMAC.sha1(key: key, message)) == code)
    }

    @Test(
        "gives the SHA-256 codes of RFC 4231, section 4",
        arguments: [
            (
                bytes(20, of: 0x0B), utf8("Hi There"),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                utf8("Jefe"), utf8("what do ya want for nothing?"),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                bytes(20, of: 0xAA), bytes(50, of: 0xDD),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
            ),
            (
                bytes(1...25), bytes(50, of: 0xCD),
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
            ),
            (
                bytes(131, of: 0xAA), utf8("Test Using Larger Than Block-Size Key - Hash Key First"),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
            (
                bytes(131, of: 0xAA),
                utf8(
                    "This is a test using a larger than block-size key and a larger than block-size data. "
                        + "The key needs to be hashed before being used by the HMAC algorithm."),
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
            ),
        ])
    func sha256(key: [UInt8], message: [UInt8], code: String) {
        #expect(Hex.encode(HMAC.sha256(key: key, message)) == code)
    }

    @Test("gives the truncated code of RFC 4231, section 4.6")
    func truncated() {
        let code = HMAC.sha256(key: bytes(20, of: 0x0C), utf8("Test With Truncation"))
        #expect(Hex.encode(Array(code.prefix(16))) == "a3b6167473100ee06e0c796c2955552b")
    }

    @Test("takes a key of exactly a block as it is, and hashes one that is a byte longer")
    func blockSizedKey() {
        // Made with OpenSSL's own command: openssl dgst -sha256 -mac HMAC -macopt hexkey:…
        #expect(
            Hex.encode(HMAC.sha256(key: bytes(64, of: 0x61), utf8("abc")))
                == "6608ac82dca1cb1fddbb5d81e3d9877642b744f565cd9697ac27daa250c80d28")
        #expect(
            HMAC.sha256(key: bytes(65, of: 0x61), utf8("abc"))
                == HMAC.sha256(key: SHA256.hash(bytes(65, of: 0x61)), utf8("abc")))
        #expect(HMAC.sha256(key: [], []) == HMAC.sha256(key: [0], []))
    }
}

@Suite("HKDF") struct HKDFTests {
    @Test(
        "gives the keys of RFC 5869, appendix A",
        arguments: [
            (
                bytes(22, of: 0x0B), bytes(0x00...0x0C), bytes(0xF0...0xF9),
                "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
            ),
            (
                bytes(0x00...0x4F), bytes(0x60...0xAF),
                bytes(0xB0...0xFF),
                "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                    + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                    + "cc30c58179ec3e87c14c01d5c1f3434f1d87"
            ),
            (
                bytes(22, of: 0x0B), utf8(""), utf8(""),
                "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
            ),
        ])
    func vectors(key: [UInt8], salt: [UInt8], info: [UInt8], extracted: String, expanded: String) {
        #expect(Hex.encode(HKDF.extract(salt: salt, key: key)) == extracted)
        let count = expanded.utf8.count / 2
        #expect(Hex.encode(HKDF.derive(key: key, salt: salt, info: info, count: count)) == expanded)
    }

    @Test("gives the most that it can, and the beginning of it where less is asked")
    func counts() {
        let most = HKDF.derive(key: [1], info: [2], count: 8_160)
        #expect(most.count == 8_160)
        #expect(HKDF.derive(key: [1], info: [2]) == Array(most.prefix(32)))
        #expect(HKDF.derive(key: [1], info: [2], count: 33) == Array(most.prefix(33)))
        #expect(HKDF.derive(key: [1], info: [2], count: 0) == [])
    }

    @Test("asking for more than it can give is a bug") func tooMuch() async {
        await #expect(processExitsWith: .failure) { _ = HKDF.derive(key: [1], info: [], count: 8_161) }
    }
}

@Suite("Comparing in constant time") struct ConstantTimeTests {
    @Test("finds every difference")
    func differences() {
        let one = Random.bytes(32)
        #expect(ConstantTime.equal(one, one))
        #expect(ConstantTime.equal([], []))
        for bit in 0..<256 {
            var other = one
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!ConstantTime.equal(one, other))
        }
        #expect(!ConstantTime.equal(one, one + [0]))
        #expect(!ConstantTime.equal(one, Array(one.dropLast())))
        #expect(!ConstantTime.equal([], [0]))
    }

    @Test("compares texts by their bytes, not as Unicode would")
    func texts() {
        #expect(ConstantTime.equal("123456", "123456"))
        #expect(!ConstantTime.equal("123456", "123457"))
        #expect(!ConstantTime.equal("123456", "1234567"))
        #expect(!ConstantTime.equal("\u{E9}", "e\u{301}"))
    }
}

@Suite("Wiping") struct WipeTests {
    @Test("zeroes the array where it stands, and leaves copies made before")
    func zeroes() {
        var secret: [UInt8] = Array(1...40)
        let copy = secret
        wipe(&secret)
        #expect(secret == [UInt8](repeating: 0, count: 40))
        #expect(copy == Array(1...40))
        var none: [UInt8] = []
        wipe(&none)
        #expect(none.isEmpty)
    }

    @Test("zeroes the very memory of an array that is not shared")
    func inPlace() {
        var secret: [UInt8] = Array(1...40)
        let before = secret.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
        wipe(&secret)
        #expect(secret.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } == before)
    }
}
