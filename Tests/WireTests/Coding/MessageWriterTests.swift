import Testing

@testable import Wire

struct MessageWriterTests {
    /// Writes with `body`, a message of its own.
    private func written(_ encoding: WireEncoding, _ body: (MessageWriter) throws -> Void) rethrows -> [UInt8]
    {
        let writer = MessageWriter(capacity: 0)
        writer.begin(encoding)
        try body(writer)
        return writer.bytes()
    }

    @Test("writes an envelope by hand, in either encoding")
    func envelope() {
        func write(_ writer: MessageWriter) {
            writer.beginMap()
            writer.key("id")
            writer.uint(7)
            writer.key("ok")
            writer.bool(true)
            writer.key("list")
            writer.beginArray()
            writer.string("a")
            writer.int(-1)
            writer.null()
            writer.beginMap()
            writer.endMap()
            writer.endArray()
            writer.key("word")
            writer.word("serving")
            writer.endMap()
        }
        let text = String(decoding: written(.json, write), as: UTF8.self)
        #expect(text == #"{"id":7,"ok":true,"list":["a",-1,null,{}],"word":"serving"}"#)
        #expect(
            written(.cbor, write)
                == hex("a4 626964 07 626f6b f5 646c697374 84 6161 20 f6 a0 64776f7264 6773657276696e67"))
    }

    @Test(
        "writes the shortest heads, as the examples of RFC 8949 have them",
        arguments: [
            (0, "00"), (1, "01"), (10, "0a"), (23, "17"), (24, "1818"), (25, "1819"), (100, "1864"),
            (255, "18ff"), (256, "190100"), (1_000, "1903e8"), (65_535, "19ffff"), (65_536, "1a00010000"),
            (1_000_000, "1a000f4240"), (4_294_967_295, "1affffffff"), (4_294_967_296, "1b0000000100000000"),
            (1_000_000_000_000, "1b000000e8d4a51000"), (-1, "20"), (-10, "29"), (-100, "3863"),
            (-1_000, "3903e7"),
            (.max, "1b7fffffffffffffff"), (.min, "3b7fffffffffffffff"),
        ] as [(Int64, String)])
    func integers(value: Int64, expected: String) {
        #expect(written(.cbor) { $0.int(value) } == hex(expected))
        #expect(String(decoding: written(.json) { $0.int(value) }, as: UTF8.self) == "\(value)")
    }

    @Test("writes the largest number there is")
    func largest() {
        #expect(written(.cbor) { $0.uint(.max) } == hex("1bffffffffffffffff"))
        #expect(String(decoding: written(.json) { $0.uint(.max) }, as: UTF8.self) == "18446744073709551615")
    }

    @Test(
        "writes floats without loss, the short form where it will do",
        arguments: [
            (0.0 as Double, "fa00000000", "0.0"), (-0.0, "fa80000000", "-0.0"), (1.5, "fa3fc00000", "1.5"),
            (1.1, "fb3ff199999999999a", "1.1"), (100_000.0, "fa47c35000", "100000.0"),
            (1.0e+300, "fb7e37e43c8800759c", "1e+300"), (-4.1, "fbc010666666666666", "-4.1"),
            (.leastNonzeroMagnitude, "fb0000000000000001", "5e-324"),
            (0x1p53, "fa5a000000", "9007199254740992.0"),
        ])
    func floats(value: Double, cbor: String, json: String) throws {
        #expect(try written(.cbor) { try $0.double(value) } == hex(cbor))
        let text = String(decoding: try written(.json) { try $0.double(value) }, as: UTF8.self)
        #expect(text == json)
        let back = try decode(Box<Double>.self, "{\"v\":\(text)}").v
        #expect(back.bitPattern == value.bitPattern)
    }

    @Test(
        "counts the entries of maps and arrays, however many",
        arguments: [0, 1, 23, 24, 25, 255, 256, 65_535, 65_536])
    func counts(count: Int) throws {
        let head =
            switch count {
            case ...23: [0x80 + UInt8(count)]
            case ...255: [0x98, UInt8(count)]
            case ...65_535: [0x99, UInt8(count >> 8), UInt8(count & 0xFF)]
            default: [0x9A, 0, UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
            }
        let bytes = written(.cbor) { writer in
            writer.beginMap()
            writer.key("v")
            writer.beginArray()
            for item in 0..<count { writer.uint(UInt64(item % 24)) }
            writer.endArray()
            writer.key("w")
            writer.null()
            writer.endMap()
        }
        #expect(Array(bytes.prefix(3 + head.count)) == hex("a26176") + head)
        #expect(Array(bytes.suffix(3)) == hex("6177f6"))
        let read = try document(bytes)
        #expect(
            try read.decode([Int].self, from: read.member("v", of: read.root)) == (0..<count).map { $0 % 24 })
    }

    @Test(
        "escapes what JSON wants escaped, and nothing else",
        arguments: [
            ("", #""""#), ("plain", #""plain""#), ("a\"b", #""a\"b""#), ("a\\b", #""a\\b""#),
            ("a/b", #""a/b""#),
            ("\n\r\t", #""\n\r\t""#), ("\u{0}\u{1}\u{8}\u{C}\u{1F}", #""\u0000\u0001\u0008\u000c\u001f""#),
            ("ä€𝄞\u{7F}\u{2028}", "\"ä€𝄞\u{7F}\u{2028}\""), ("12345678\"", #""12345678\"""#),
            ("1234567\"12345678\n", #""1234567\"12345678\n""#), ("ääää\"ääää", #""ääää\"ääää""#),
        ])
    func escapes(text: String, expected: String) throws {
        #expect(String(decoding: written(.json) { $0.string(text) }, as: UTF8.self) == expected)
        #expect(try decode(Box<String>.self, "{\"v\":\(expected)}").v == text)
        let inKey = try json([text: 1])
        #expect(inKey == "{\(expected):1}")
    }

    @Test("writes ids and times as their text does")
    func texts() throws {
        let ids = [
            ID(high: 0, low: 0), ID(high: .max, low: .max),
            ID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210),
        ]
        for id in ids {
            #expect(try json(["v": id]) == "{\"v\":\"\(id)\"}")
            #expect(ID(id.description) == id)
        }
        #expect(ids[2].description == "01234567-89ab-cdef-fedc-ba9876543210")
        let times: [(Int64, String)] = [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_123, "2000-02-29T00:00:00.123Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (253_402_300_800_000, "10000-01-01T00:00:00.000Z"),
            (-62_167_219_200_001, "-0001-12-31T23:59:59.999Z"),
        ]
        for (milliseconds, text) in times {
            let time = Timestamp(milliseconds: milliseconds)
            #expect(time.description == text)
            #expect(try json(["v": time]) == "{\"v\":\"\(text)\"}")
            #expect(try decode(Box<String>.self, encode(Box(v: time), .cbor)).v == text)
        }
        // The extremes have years of nine digits.
        #expect(Timestamp(milliseconds: .max).description == "292278994-08-17T07:12:55.807Z")
        #expect(Timestamp(milliseconds: .min).description == "-292275055-05-16T16:47:04.192Z")
    }

    @Test("writes frames one behind the other, their lengths before them")
    func frames() throws {
        let writer = MessageWriter(capacity: 0)
        for size in [1, 300, 70_000] {
            let start = writer.count
            let mark = writer.beginFrame(.cbor)
            #expect(mark == start)
            try writer.encode(["v": String(repeating: "x", count: size)])
            let length = writer.frameLength(mark)
            writer.endFrame(mark)
            #expect(writer.count == start + 4 + length)
            let head = writer.bytes(from: mark).prefix(4)
            #expect(head.reduce(0) { $0 << 8 | Int($1) } == length)
            #expect(try decode([String: String].self, writer.bytes(from: mark + 4))["v"]?.utf8.count == size)
        }
        #expect(Array(writer.bytes().prefix(4)) == [0, 0, 0, 5])
    }

    @Test("ends with the frame what is still open")
    func openFrames() throws {
        let writer = MessageWriter()
        let mark = writer.beginFrame(.json)
        writer.beginMap()
        writer.key("a")
        writer.beginArray()
        writer.uint(1)
        writer.endFrame(mark)
        #expect(String(decoding: writer.bytes(from: 4), as: UTF8.self) == #"{"a":[1]}"#)
    }

    @Test("takes half a message back, and writes another", arguments: WireEncoding.allCases)
    func truncation(encoding: WireEncoding) throws {
        let writer = MessageWriter(capacity: 0)
        let first = writer.beginFrame(encoding)
        try writer.encode(["a": 1])
        writer.endFrame(first)
        let before = writer.bytes()

        let second = writer.beginFrame(encoding)
        writer.beginMap()
        writer.key("body")
        #expect(throws: Unencodable(path: "x[0]", message: "a number that is not finite")) {
            try writer.encode(["x": [Double.nan]])
        }
        writer.truncate(to: second)
        #expect(writer.bytes() == before)

        let third = writer.beginFrame(encoding)
        try writer.encode(["b": 2])
        writer.endFrame(third)
        #expect(try decode([String: Int].self, writer.bytes(from: third + 4)) == ["b": 2])
    }

    @Test("feeds a socket from its front")
    func buffer() {
        let writer = MessageWriter(capacity: 0)
        let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        bytes.withUnsafeBytes { writer.append($0) }
        writer.removeFirst(0)
        writer.removeFirst(1)
        writer.removeFirst(998)
        #expect(writer.bytes() == [bytes[999]])
        #expect(!writer.isEmpty)
        writer.shrink(to: 64)
        #expect(writer.bytes() == [bytes[999]])
        writer.removeFirst(1)
        #expect(writer.isEmpty)
        writer.shrink(to: 64)
        bytes.withUnsafeBytes { writer.append($0) }
        writer.append(UnsafeRawBufferPointer(start: nil, count: 0))
        #expect(writer.bytes(from: 990) == Array(bytes[990...]))
        writer.removeAll()
        #expect(writer.isEmpty)
    }
}
