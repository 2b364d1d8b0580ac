import Testing

@testable import Cryptography

@Suite("SHA-256") struct SHA256Tests {
    @Test(
        "gives the hashes of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
                    + "mnopqrstnopqrstu",
                "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
            ),
            (
                String(repeating: "a", count: 1_000_000),
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
            ),
        ])
    func vectors(text: String, hash: String) {
        #expect(SHA256.digest(text).description == hash)
        #expect(SHA256.digest(Array(text.utf8)).bytes == Hex.decode(hash))
        #expect(SHA256.hash(text) == Hex.decode(hash))
        #expect(SHA256.hash(Array(text.utf8)) == Hex.decode(hash))
    }

    @Test("is the same piece by piece, wherever the pieces part")
    func pieces() {
        let bytes = (0..<200).map { UInt8($0) }
        let whole = SHA256.digest(bytes)
        for first in 0...bytes.count {
            for second in stride(from: first, through: bytes.count, by: 37) {
                var hash = SHA256()
                hash.update(Array(bytes[..<first]))
                hash.update(Array(bytes[first..<second]))
                hash.update(Array(bytes[second...]))
                #expect(hash.finish() == whole)
            }
        }
    }

    @Test("hashes a text by its UTF-8, a bridged or composed one too")
    func text() {
        var hash = SHA256()
        hash.update("na\u{EF}ve ")
        hash.update("cafe\u{301}")
        #expect(
            hash.finish()
                == SHA256.digest([
                    0x6E, 0x61, 0xC3, 0xAF, 0x76, 0x65, 0x20, 0x63, 0x61, 0x66, 0x65, 0xCC, 0x81,
                ]))
    }

    @Test("is copied with what it has taken in, so that chains can branch")
    func copies() {
        var one = SHA256()
        one.update("a")
        var other = one
        one.update("b")
        other.update("c")
        #expect(one.finish() == SHA256.digest("ab"))
        #expect(other.finish() == SHA256.digest("ac"))
    }
}

@Suite("A digest") struct DigestTests {
    @Test("is read from 32 bytes and from no other count")
    func counts() {
        let bytes = SHA256.hash("x")
        #expect(Digest(bytes: bytes)?.bytes == bytes)
        #expect(Digest(bytes: bytes) == SHA256.digest("x"))
        #expect(Digest(bytes: []) == nil)
        #expect(Digest(bytes: Array(bytes.dropLast())) == nil)
        #expect(Digest(bytes: bytes + [0]) == nil)
    }

    @Test("differs when any of its bits does, and finds its entry in a table")
    func distinct() throws {
        let bytes = SHA256.hash("x")
        var table: [Digest: Int] = [:]
        for bit in 0..<256 {
            var other = bytes
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            table[try #require(Digest(bytes: other))] = bit
        }
        #expect(table.count == 256)
        #expect(table[SHA256.digest("x")] == nil)
        var last = bytes
        last[31] ^= 0x80
        #expect(table[try #require(Digest(bytes: last))] == 255)
    }

    @Test("takes 32 bytes")
    func size() {
        #expect(MemoryLayout<Digest>.size == 32)
    }
}
