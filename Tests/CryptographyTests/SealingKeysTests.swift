import Testing

@testable import Cryptography

@Suite("AES-256-GCM") struct AESGCMTests {
    private static let key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
    private static let plain =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    private static let sealed =
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"

    /// Key, nonce, associated data, plain text, ciphertext and tag.
    struct Vector: Sendable, CustomTestStringConvertible {
        var key, nonce, associated, plain, sealed, tag: String
        var testDescription: String { tag }
    }

    @Test(
        "gives the test cases 13 to 16 of the GCM specification that NIST took over",
        arguments: [
            Vector(
                key: String(repeating: "0", count: 64), nonce: String(repeating: "0", count: 24),
                associated: "",
                plain: "", sealed: "", tag: "530f8afbc74536b9a963b4f1c4cb738b"),
            Vector(
                key: String(repeating: "0", count: 64), nonce: String(repeating: "0", count: 24),
                associated: "",
                plain: String(repeating: "0", count: 32), sealed: "cea7403d4d606b6e074ec5d3baf39d18",
                tag: "d0d1c8a799996bf0265b98b5d48ab919"),
            Vector(
                key: key, nonce: "cafebabefacedbaddecaf888", associated: "", plain: plain + "1aafd255",
                sealed: sealed + "898015ad", tag: "b094dac5d93471bdec1a502270e3cc6c"),
            Vector(
                key: key, nonce: "cafebabefacedbaddecaf888",
                associated: "feedfacedeadbeeffeedfacedeadbeefabaddad2", plain: plain, sealed: sealed,
                tag: "76fc6ece0f4e1768cddf8853bb2d551b"),
        ])
    func vectors(vector: Vector) throws {
        let key = try #require(Hex.decode(vector.key))
        let nonce = try #require(Hex.decode(vector.nonce))
        let associated = try #require(Hex.decode(vector.associated))
        let plain = try #require(Hex.decode(vector.plain))
        let sealed = AESGCM.seal(plain, key: key, nonce: nonce, associated: associated)
        #expect(Hex.encode(sealed) == vector.sealed + vector.tag)
        #expect(AESGCM.open(sealed[...], key: key, nonce: nonce, associated: associated) == plain)
    }
}

@Suite("Sealing keys") struct SealingKeysTests {
    private let keys = SealingKeys.generate()
    private let identity = Array("factor/01/secret".utf8)

    @Test("are told from others of the same version by their fingerprints, which stay when a key is added")
    func fingerprints() throws {
        let first = keys.fingerprints
        #expect(first.keys.sorted() == [1] && first[1]?.count == 16)
        #expect(try SealingKeys(parsing: Array(keys.file.utf8)).fingerprints == first)
        #expect(SealingKeys.generate().fingerprints[1] != first[1])
        let both = keys.adding().fingerprints
        #expect(both.count == 2 && both[1] == first[1] && both[2] != first[1])
    }

    @Test("open what they sealed", arguments: [0, 1, 6, 20, 64, 1_000, 70_000])
    func roundTrip(count: Int) throws {
        let plain = Random.bytes(count)
        let sealed = keys.seal(plain, for: identity)
        #expect(sealed.count == count + SealingKeys.overhead)
        #expect(SealingKeys.overhead == 32)
        #expect(try keys.open(sealed, for: identity) == plain)
        #expect(try keys.open(keys.seal(plain, for: []), for: []) == plain)
    }

    @Test("never seal the same value to the same bytes")
    func nonces() {
        var seen: Set<[UInt8]> = []
        for _ in 0..<1_000 { #expect(seen.insert(keys.seal([1, 2, 3], for: identity)).inserted) }
    }

    @Test("refuse a value with any bit changed")
    func tampered() throws {
        let sealed = keys.seal(Array("secret".utf8), for: identity)
        for index in sealed.indices {
            for bit in 0..<8 {
                var other = sealed
                other[index] ^= 1 << UInt8(bit)
                // The first four bytes name the key: changed, they name one that is not there.
                let expected =
                    index < 4
                    ? SealError.unknownVersion(try #require(SealingKeys.version(of: other))) : .notAuthentic
                #expect(throws: expected) { try keys.open(other, for: identity) }
            }
        }
    }

    @Test("refuse a value cut short or grown")
    func length() {
        let sealed = keys.seal([1, 2, 3, 4], for: identity)
        for count in 0..<SealingKeys.overhead {
            #expect(throws: SealError.tooShort) { try keys.open(Array(sealed.prefix(count)), for: identity) }
        }
        for count in SealingKeys.overhead..<sealed.count {
            #expect(throws: SealError.notAuthentic) {
                try keys.open(Array(sealed.prefix(count)), for: identity)
            }
        }
        #expect(throws: SealError.notAuthentic) { try keys.open(sealed + [0], for: identity) }
    }

    @Test(
        "refuse a value for another identity",
        arguments: ["", "factor/01/secre", "factor/01/secret ", "factor/02/secret"])
    func wrongIdentity(other: String) {
        let sealed = keys.seal([1, 2, 3], for: identity)
        #expect(throws: SealError.notAuthentic) { try keys.open(sealed, for: Array(other.utf8)) }
    }

    @Test("refuse a value under another key of the same version")
    func wrongKey() {
        let sealed = keys.seal([1, 2, 3], for: identity)
        #expect(throws: SealError.notAuthentic) { try SealingKeys.generate().open(sealed, for: identity) }
    }

    @Test("bind a value to the version it names, even where two versions have one key")
    func versionIsAuthenticated() throws {
        let key = Base64.encode(Random.bytes(32))
        let keys = try SealingKeys(parsing: Array("1 \(key)\n2 \(key)".utf8))
        var sealed = keys.seal([1, 2, 3], for: identity)
        #expect(Array(sealed.prefix(4)) == [0, 0, 0, 2])
        sealed[3] = 1
        #expect(throws: SealError.notAuthentic) { try keys.open(sealed, for: identity) }
    }

    @Test("seal under the highest version and open under all, so that keys can be changed while at work")
    func rotation() throws {
        let old = keys.seal([1, 2, 3], for: identity)
        let both = keys.adding()
        #expect(both.versions == [1, 2])
        #expect(both.current == 2)
        #expect(SealingKeys.version(of: old) == 1)
        #expect(try both.open(old, for: identity) == [1, 2, 3])
        let new = both.seal([1, 2, 3], for: identity)
        #expect(SealingKeys.version(of: new) == 2)
        #expect(throws: SealError.unknownVersion(2)) { try keys.open(new, for: identity) }
    }

    @Test("derive a key for each use and version")
    func derive() throws {
        let both = keys.adding()
        let codes = keys.derive("sms codes")
        #expect(codes.count == 32)
        #expect(codes == keys.derive("sms codes"))
        #expect(codes != keys.derive("recovery codes"))
        #expect(try both.derive("sms codes", version: 1) == codes)
        #expect(try both.derive("sms codes", version: 2) == both.derive("sms codes"))
        #expect(both.derive("sms codes") != codes)
        #expect(throws: SealError.unknownVersion(3)) { try both.derive("sms codes", version: 3) }
    }

    @Test("show nothing of themselves when they are printed or dumped")
    func printing() throws {
        let secret = Random.bytes(32)
        let keys = try SealingKeys(parsing: Array("7 \(Base64.encode(secret))".utf8))
        var shown = "\(keys)\n" + String(reflecting: keys)
        dump(keys, to: &shown)
        #expect(shown.contains("keys of versions [7]"))
        #expect(!shown.contains(Base64.encode(secret)))
        #expect(!shown.contains("\(secret[0]), \(secret[1])"))
        #expect(!shown.contains("\(secret[0])\n"))
    }
}
