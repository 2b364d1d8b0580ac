import Testing

@testable import Cryptography

@Suite("A file of keys") struct KeyFileTests {
    private static let one = Base64.encode((0..<32).map { UInt8($0) })
    private static let two = Base64.encode((1...32).map { UInt8($0) })

    private func parse(_ text: String) throws(KeyFileError) -> SealingKeys {
        try SealingKeys(parsing: Array(text.utf8))
    }

    @Test(
        "is read with comments, empty lines, blanks, and the line ends of any system",
        arguments: [
            "1 \(one)\n2 \(two)\n",
            "1 \(one)\n2 \(two)",
            "2 \(two)\n1 \(one)\n",
            "# keys\r\n\r\n1\t\(one)\r\n  2   \(two)  \r\n# end",
            "#1 \(two)\n 1 \(one.dropLast())\n2 \(two)",
            "1 \(one)\n02 \(two)",
        ])
    func reads(text: String) throws {
        let keys = try parse(text)
        #expect(keys.versions == [1, 2])
        #expect(keys.file == "1 \(Self.one)\n2 \(Self.two)\n")
    }

    @Test("is read again as it was written")
    func roundTrip() throws {
        let keys = SealingKeys.generate().adding().adding()
        let again = try parse(keys.file)
        #expect(again.file == keys.file)
        #expect(try again.open(keys.seal([1, 2], for: [3]), for: [3]) == [1, 2])
        #expect(again.derive("x") == keys.derive("x"))
    }

    @Test("has versions up to the highest 32-bit number")
    func highest() throws {
        let keys = try parse("4294967295 \(Self.one)")
        #expect(keys.current == .max)
        #expect(SealingKeys.version(of: keys.seal([], for: [])) == .max)
    }

    @Test(
        "is refused with the line and what is wrong with it",
        arguments: [
            ("", nil as Int?, "there is no key in the file"),
            ("# only this\n\n", nil, "there is no key in the file"),
            ("\n1", 2, "expected a version and a key, found 1 words"),
            ("1 \(one) \(two)", 1, "expected a version and a key, found 3 words"),
            ("\(one) 1", 1, "the first word is not a version: a number from 1 to 4294967295"),
            ("0 \(one)", 1, "the first word is not a version: a number from 1 to 4294967295"),
            ("-1 \(one)", 1, "the first word is not a version: a number from 1 to 4294967295"),
            ("+1 \(one)", 1, "the first word is not a version: a number from 1 to 4294967295"),
            ("4294967296 \(one)", 1, "the first word is not a version: a number from 1 to 4294967295"),
            ("1 \(one)\n# next\n2 not_base64!", 3, "the key is not base64"),
            ("1 AAECAwQFBgcICQoLDA0ODw==", 1, "the key has 16 bytes, expected 32"),
            ("1 \(one)\n1 \(two)", 2, "version 1 stands in the file twice"),
            (
                "1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 1,
                "the key is one byte repeated, not a random one"
            ),
        ])
    func refused(text: String, line: Int?, problem: String) {
        #expect(throws: KeyFileError(line: line, problem: problem)) { try parse(text) }
    }

    @Test("is refused without a word of what stands in it")
    func quotesNothing() throws {
        let secret = Base64.encode(Random.bytes(32))
        for text in [
            "\(secret)", "\(secret) 1", "1 \(secret)\n1 \(secret)", "1 \(secret)\n2 \(secret)A",
            "1 x\(secret)",
        ] {
            let error = try #require(throws: KeyFileError.self) { try parse(text) }
            #expect(!"\(error)".contains(secret.prefix(8)))
            #expect("\(error)".hasPrefix("line "))
        }
    }

    @Test("is refused, not misread, whatever bytes it holds")
    func anyBytes() {
        for count in 0..<200 {
            #expect(throws: KeyFileError.self) { try SealingKeys(parsing: Random.bytes(count)) }
        }
    }
}
