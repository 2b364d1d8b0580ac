import Testing

@testable import SMSGateway

/// Whatever arrives is either read or refused with a reason.
@Suite("Bytes of any kind") struct PDURobustnessTests {
    /// Reads what came, and uses all of it.
    private func use(_ bytes: [UInt8]) -> Bool {
        do throws(MalformedPDU) {
            guard let length = try PDU.length(bytes[...]), length <= bytes.count else { return false }
            let pdu = try PDU(bytes.prefix(length))
            if case .deliver(let message) = pdu.body {
                for alphabet in SMPPAlphabet.allCases {
                    for ids in ReceiptIDs.allCases {
                        _ = Delivery(message, alphabet: alphabet, receiptIDs: ids)
                    }
                }
            }
            return true
        } catch {
            // No reason repeats what came, which may be a code or a number.
            #expect(error.description.count < 200)
            return false
        }
    }

    @Test("random bytes behind a header of each command are read or refused")
    func randomBytes() {
        var generator = SplitMix(state: 1)
        var taken = 0
        for round in 0..<20_000 {
            let commands: [UInt32] = [0x4, 0x5, 0x6, 0x9, 0x15, 0x8000_0000, 0x8000_0004, 0x8000_0009, 0x102]
            let body = (0..<Int(generator.next() % (round % 3 == 0 ? 8 : 80))).map { _ in
                // Zero bytes end texts, so that the fields behind them are reached.
                generator.next() % 3 == 0 ? 0 : UInt8(truncatingIfNeeded: generator.next())
            }
            var bytes: [UInt8] = []
            for number in [UInt32(16 + body.count), commands[round % commands.count], 0, 7] {
                bytes += [24, 16, 8, 0].map { UInt8(number >> UInt32($0) & 0xFF) }
            }
            if use(bytes + body) { taken += 1 }
        }
        #expect(taken > 2_500)
    }

    @Test("well-formed PDUs, changed in a few places, are read or refused")
    func mutations() {
        var generator = SplitMix(state: 2)
        var long = PDUTests.receipt
        long.text = Array("id:12 sub:001 dlvrd:001 submit date:2611240930 stat:DELIVRD err:000 text:".utf8)
        long.options = [
            PDU.Option(tag: 0x001E, value: Array("12".utf8) + [0]),
            PDU.Option(tag: 0x0423, value: [3, 0, 11]),
            PDU.Option(tag: 0x0204, value: [1, 2]),
        ]
        var parts = PDUTests.receipt
        parts.esmClass = 0x40
        parts.text = [5, 0, 3, 1, 2, 1] + Array("STOP".utf8)
        let seeds =
            PDUTests.table.map(\.0.bytes) + [
                PDU(sequence: 3, body: .deliver(long)).bytes, PDU(sequence: 4, body: .deliver(parts)).bytes,
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
            // The length is put right as often as not, so that what lies behind it is reached.
            if bytes.count >= 16, round % 2 == 0 {
                for index in 0..<4 { bytes[index] = UInt8(bytes.count >> (24 - 8 * index) & 0xFF) }
            }
            if use(bytes) { taken += 1 }
        }
        #expect(taken > 2_500)
    }

    @Test("every beginning of a PDU is refused, but the whole")
    func prefixes() throws {
        for (pdu, _) in PDUTests.table {
            let bytes = pdu.bytes
            for length in 0..<bytes.count {
                #expect(throws: MalformedPDU.self) { try PDU(bytes.prefix(length)) }
            }
            _ = try PDU(bytes[...])
        }
    }

    @Test("texts of receipts put together at random from their own words are read")
    func receiptWords() {
        let words = [
            "id:", "stat:", "err:", "text:", " ", ",", ":", "12", "DELIVRD", "submit date:", "ID:é", "\0",
        ]
        var generator = SplitMix(state: 3)
        var named = 0
        for _ in 0..<20_000 {
            let text = (0..<generator.next() % 12).map { _ in
                words[Int(generator.next() % UInt64(words.count))]
            }
            if ReceiptText(text.joined()).id != nil { named += 1 }
        }
        #expect(named > 1_000)
    }
}

/// Random numbers from a seed, the same in each run.
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
