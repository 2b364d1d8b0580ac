import Testing

@testable import Wire

/// Whatever arrives is either read or refused.
struct RobustnessTests {
    /// Reads what came, as a server would, and uses all of it.
    private func use(_ bytes: [UInt8], with read: Document, _ writer: MessageWriter) -> Bool {
        do {
            try bytes.withUnsafeBytes { try read.parse($0) }
        } catch {
            _ = read.salvaged("id")
            return false
        }
        _ = read.member("id", of: read.root).flatMap(read.uint32)
        _ = read.notation(of: read.root)
        _ = try? read.decode(RoundTripTests.Everything.self, from: read.root)
        // What is read can be written again, and read again as the same.
        guard let schema = try? read.decode(Loose.self, from: read.root) else { return true }
        for encoding in WireEncoding.allCases {
            writer.removeAll()
            writer.begin(encoding)
            if (try? writer.encode(schema)) != nil {
                let again = Document()
                let isReadable = writer.withBytes { (try? again.parse($0)) != nil }
                #expect(isReadable)
                #expect((try? again.decode(Loose.self, from: again.root)) == schema)
            }
        }
        return true
    }

    /// Any value but byte strings and numbers too large.
    indirect enum Loose: Codable, Equatable {
        case null, flag(Bool), int(Int64), text(String), list([Loose]), map([String: Loose])

        init(from decoder: any Decoder) throws {
            let single = try decoder.singleValueContainer()
            if single.decodeNil() {
                self = .null
            } else if let value = try? single.decode(Bool.self) {
                self = .flag(value)
            } else if let value = try? single.decode(Int64.self) {
                self = .int(value)
            } else if let value = try? single.decode(String.self) {
                self = .text(value)
            } else if let value = try? single.decode([Loose].self) {
                self = .list(value)
            } else {
                self = .map(try single.decode([String: Loose].self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var single = encoder.singleValueContainer()
            switch self {
            case .null: try single.encodeNil()
            case .flag(let value): try single.encode(value)
            case .int(let value): try single.encode(value)
            case .text(let value): try single.encode(value)
            case .list(let value): try single.encode(value)
            case .map(let value): try single.encode(value)
            }
        }
    }

    @Test("random bytes behind each first byte that a message may have")
    func randomBytes() {
        var generator = SplitMix(state: 1)
        let (read, writer) = (Document(), MessageWriter())
        var taken = 0
        for round in 0..<40_000 {
            let first = round % 8 == 0 ? UInt8(ascii: "{") : 0xA0 + UInt8(generator.next() % 0x20)
            let length = Int(generator.next() % (round % 3 == 0 ? 5 : 40))
            let bytes = [first] + (0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            if use(bytes, with: read, writer) { taken += 1 }
        }
        #expect(taken > 50)
    }

    @Test("well-formed messages, changed in a few places", arguments: WireEncoding.allCases)
    func mutations(encoding: WireEncoding) throws {
        var generator = SplitMix(state: 2)
        let (read, writer) = (Document(), MessageWriter())
        var value = RoundTripTests.Everything()
        value.long = [:]
        value.characters = ["€", "\n"]
        let seeds = [
            try encode(value, encoding), try encode(value.inner, encoding),
            try encode(["id": 7, "timeout": 2_000], encoding),
        ]
        var taken = 0
        for round in 0..<30_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0...generator.next() % 4 where !bytes.isEmpty {
                let at = Int(generator.next() % UInt64(bytes.count))
                switch generator.next() % 6 {
                case 0: bytes[at] = UInt8(truncatingIfNeeded: generator.next())
                case 1: bytes[at] ^= 1 << (generator.next() % 8)
                case 2: bytes.remove(at: at)
                case 3: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: at)
                case 4: bytes.removeLast(min(bytes.count - 1, Int(generator.next() % 20)))
                default:
                    let other = Int(generator.next() % UInt64(bytes.count))
                    bytes.insert(contentsOf: bytes[min(at, other)..<max(at, other)].prefix(30), at: at)
                }
            }
            if use(bytes, with: read, writer) { taken += 1 }
        }
        #expect(taken > 1_000)
    }

    @Test("JSON put together at random from its own words")
    func jsonWords() {
        let words = [
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"\\u00e4\"", "\"\\ud834\\udd1e\"", "\"", "\\",
            "1", "-0.5e3",
            "true", "null", " ", "é", "\u{1}", "{\"a\":", "{\"id\":7,",
        ]
        var generator = SplitMix(state: 3)
        let (read, writer) = (Document(), MessageWriter())
        for _ in 0..<30_000 {
            let count = generator.next() % 16
            let text =
                "{" + (0..<count).map { _ in words[Int(generator.next() % UInt64(words.count))] }.joined()
            _ = use(Array(text.utf8), with: read, writer)
        }
    }

    @Test("every beginning of a message is refused, but the whole", arguments: WireEncoding.allCases)
    func prefixes(encoding: WireEncoding) throws {
        var value = RoundTripTests.Everything()
        value.long = ["x": 1]
        let bytes = try encode(value, encoding)
        for length in 0..<bytes.count {
            #expect(throws: MalformedMessage.self) { try document(Array(bytes[..<length])) }
        }
        _ = try document(bytes)
    }
}
