import FoundationEssentials
import Testing

@testable import Wire

/// Values come back as they were sent, in both encodings.
struct RoundTripTests {
    struct Everything: Codable, Hashable, Sendable {
        enum Colour: String, Word { case red, green }
        struct Inner: Codable, Hashable, Sendable {
            var text: String
            var colours: [Colour]
            var nested: [[Int]]
        }

        var bool = true
        var text = "Grüße, 世界 🌍 \u{0}\"\\\n"
        var empty = ""
        var double = 0.1
        var float: Float = -3.5
        var int = Int.min
        var int8 = Int8.min
        var int16 = Int16.max
        var int32 = Int32.min
        var int64 = Int64.max
        var uint = UInt.max
        var uint8 = UInt8.max
        var uint16 = UInt16.max
        var uint32 = UInt32.max
        var uint64 = UInt64.max
        var absent: String?
        var present: Int? = 5
        var absentInner: Inner?
        var inner = Inner(text: "x", colours: [.red, .green, .red], nested: [[], [1], [1, 2, 3]])
        var inners = [Inner(text: "", colours: [], nested: [])]
        var optionals: [Int?] = [1, nil, 3]
        var byName = ["a": 1.5, "": -2, "ä\"": 3]
        var sets: Set<String> = ["p", "q"]
        var id = ID(high: 0x0190_5F4A_7C00_7ABC, low: 0x8123_4567_89AB_CDEF)
        var at = Timestamp(milliseconds: 1_795_512_600_000)
        var data = Data([0, 1, 254, 255])
        var colour = Colour.green
        var status = Status.aborted
        var characters = (0..<30).map { String(repeating: "€", count: $0) }
        var long = Dictionary(uniqueKeysWithValues: (0..<300).map { ("key number \($0)", $0 * $0) })
    }

    @Test("all kinds of fields", arguments: WireEncoding.allCases)
    func everything(encoding: WireEncoding) throws {
        let value = Everything()
        let bytes = try encode(value, encoding)
        #expect(WireEncoding(firstByte: bytes[0]) == encoding)
        #expect(try decode(Everything.self, bytes) == value)
    }

    @Test("what the services say of themselves", arguments: WireEncoding.allCases)
    func descriptions(encoding: WireEncoding) throws {
        let health = Common.Health.Reply(
            status: .degraded, service: "auth", version: "1", since: Timestamp(milliseconds: 1),
            checks: [
                Common.Check(name: "database", ok: false, detail: "full"),
                Common.Check(name: "otp", ok: true),
            ])
        #expect(try decode(Common.Health.Reply.self, encode(health, encoding)) == health)

        let schema = Schema(describing: Common.Describe.Reply.self)
        #expect(try decode(Schema.self, encode(schema, encoding)) == schema)
    }

    @Test("random numbers and texts")
    func random() throws {
        var generator = SplitMix(state: 0x5EED)
        for _ in 0..<2_000 {
            let bits = generator.next()
            let shift = generator.next() % 64
            let double = Double(bitPattern: bits)
            let text = String(
                decoding: (0..<generator.next() % 40).map { _ in
                    UInt8(truncatingIfNeeded: generator.next() >> (bits & 1))
                },
                as: UTF8.self)
            for encoding in WireEncoding.allCases {
                func check<V: Codable & Equatable & Sendable>(_ value: V) throws {
                    try #require(try decode(Box<V>.self, encode(Box(v: value), encoding)).v == value)
                }
                try check(bits >> shift)
                try check(Int64(bitPattern: bits) >> shift)
                try check(text)
                try check([text: Timestamp(milliseconds: Int64(bits >> 22))])
                try check(ID(high: bits, low: generator.next()))
                if double.isFinite { try check(double) }
            }
        }
    }
}

/// A generator whose numbers are the same in every run (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
