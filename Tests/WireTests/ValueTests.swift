import Testing

@testable import Wire

@Suite("Timestamp")
struct TimestampTests {
    @Test(
        "is written as RFC 3339 in UTC with milliseconds, and read back",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_795_512_600_123, "2026-11-24T09:30:00.123Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func roundTrip(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test(
        "reads any offset and any number of decimals",
        arguments: [
            ("2026-11-24T09:30:00Z", "2026-11-24T09:30:00.000Z"),
            ("2026-11-24t09:30:00z", "2026-11-24T09:30:00.000Z"),
            ("2026-11-24T04:30:00-05:00", "2026-11-24T09:30:00.000Z"),
            ("2026-11-25T00:00:00+14:30", "2026-11-24T09:30:00.000Z"),
            ("2026-11-24T09:30:00.5Z", "2026-11-24T09:30:00.500Z"),
            ("2026-11-24T09:30:00.123456789Z", "2026-11-24T09:30:00.123Z"),
            ("2026-12-31T23:59:60Z", "2026-12-31T23:59:59.000Z"),
        ])
    func reads(_ text: String, _ expected: String) { #expect(Timestamp(text)?.description == expected) }

    @Test(
        "refuses what is no time",
        arguments: [
            "", "now", "2026-11-24", "2026-11-24T09:30:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
            "2026-11-24T24:00:00Z", "2026-11-24T09:60:00Z", "2026-11-24T09:30:00.Z", "2026-11-24T09:30:00Z ",
            "2026-11-24T09:30:00+25:00", "26-11-24T09:30:00Z", "２026-11-24T09:30:00Z",
        ])
    func refuses(_ text: String) { #expect(Timestamp(text) == nil) }
}

@Suite("ID")
struct IDTests {
    @Test("is a UUID of version 7 and variant 10, in lower case, and sorts by its time")
    func version() throws {
        let early = ID(now: Timestamp(milliseconds: 1_795_512_600_123))
        let late = ID(now: Timestamp(milliseconds: 1_795_512_600_124))
        #expect(early < late)
        let text = Array(early.description)
        #expect(text.count == 36 && text[14] == "7" && "89ab".contains(text[19]))
        #expect(early.description == early.description.lowercased())
        #expect(early.high >> 16 == 1_795_512_600_123)
    }

    @Test("is read back from its text and from its bytes")
    func roundTrip() {
        for _ in 0..<100 {
            let id = ID()
            #expect(ID(id.description) == id)
            #expect(ID(id.description.uppercased()) == id)
            #expect(ID(bytes: id.bytes) == id)
        }
    }

    @Test(
        "refuses what is no UUID",
        arguments: [
            "", "0", "0193564e-7a3b-7c00-8000-00000000000", "0193564e-7a3b-7c00-8000-0000000000000",
            "0193564e_7a3b-7c00-8000-000000000000", "0193564g-7a3b-7c00-8000-000000000000",
            "0193564e7a3b-7c00-8000-0000-00000000", "{193564e-7a3b-7c00-8000-00000000000}",
        ])
    func refuses(_ text: String) { #expect(ID(text) == nil) }
}
