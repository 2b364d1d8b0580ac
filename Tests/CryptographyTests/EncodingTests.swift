import Testing

@testable import Cryptography

@Suite("Encodings") struct EncodingTests {
    @Test(
        "are those of RFC 4648, section 10",
        arguments: [
            // bytes, base64, base32 without padding, hex
            ("", "", "", ""),
            ("f", "Zg==", "MY", "66"),
            ("fo", "Zm8=", "MZXQ", "666f"),
            ("foo", "Zm9v", "MZXW6", "666f6f"),
            ("foob", "Zm9vYg==", "MZXW6YQ", "666f6f62"),
            ("fooba", "Zm9vYmE=", "MZXW6YTB", "666f6f6261"),
            ("foobar", "Zm9vYmFy", "MZXW6YTBOI", "666f6f626172"),
        ])
    func vectors(text: String, base64: String, base32: String, hex: String) {
        let bytes = Array(text.utf8)
        let bare = base64.filter { $0 != "=" }
        #expect(Base64.encode(bytes) == base64)
        #expect(Base64.encode(bytes, padded: false) == bare)
        #expect(Base64.decode(base64) == bytes)
        #expect(Base64.decode(bare) == bytes)
        #expect(Base64URL.encode(bytes) == bare)
        #expect(Base64URL.decode(bare) == bytes)
        #expect(Base32.encode(bytes) == base32)
        #expect(Base32.decode(base32) == bytes)
        #expect(Hex.encode(bytes) == hex)
        #expect(Hex.decode(hex) == bytes)
        #expect(Hex.decode(hex.uppercased()) == bytes)
    }

    @Test("give back any bytes", arguments: 0...70)
    func roundTrips(count: Int) {
        let bytes = Random.bytes(count)
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        #expect(Base32.decode(Base32.encode(bytes)) == bytes)
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    }

    @Test("use the last two characters of their own alphabet")
    func alphabets() {
        #expect(Base64.encode([0xFB, 0xFF]) == "+/8=")
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
        #expect(Base64.decode("-_8") == nil)
        #expect(Base64URL.decode("+/8") == nil)
    }

    @Test(
        "of base32 are read as people type them",
        arguments: ["MZXW6YTBOI======", "mzxw6ytboi", "MZXW 6YTB OI", "mzxw-6ytb-oi", " MZXW6-YTBOI- "])
    func tolerant(text: String) {
        #expect(Base32.decode(text) == Array("foobar".utf8))
    }

    @Test(
        "of base32 are refused where they stand for nothing",
        arguments: [
            "M", "MZX", "MZXW6Y", "MZ0W", "MZ1W", "M8", "MY=", "MY=====", "MY=======", "MY==A===", "=", "MZ",
            "MZXW6YTB=",
            "MY\u{0}", "M\u{DF}", "\u{FF2D}\u{FF39}", "MY.", "========",
        ])
    func base32Refused(text: String) {
        #expect(Base32.decode(text) == nil)
    }

    @Test(
        "of base64 are refused where they stand for nothing",
        arguments: [
            "Z", "Zg=", "Zg===", "Zm9v=", "Zm9v====", "Zh==", "Zm9=", "Z g", "Zg==Zg==", "=", "====",
            "Zm9v\n", "Z\u{E9}==",
        ])
    func base64Refused(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(
        "of links are refused with padding, with blanks and with bits to spare",
        arguments: ["Zg==", "Z", "Zh", "Zm 9v", "Zm9v "])
    func base64URLRefused(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test(
        "of hexadecimal digits are refused where one is missing or foreign",
        arguments: ["6", "666", "6g", "0x66", " 66", "66="])
    func hexRefused(text: String) {
        #expect(Hex.decode(text) == nil)
    }
}
