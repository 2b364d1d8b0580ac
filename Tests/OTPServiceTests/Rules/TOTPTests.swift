import Testing
import Wire

@testable import OTPService

/// The secret of both RFCs' test vectors.
private let secret = Array("12345678901234567890".utf8)

private func time(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1_000) }

@Suite("TOTP") struct TOTPTests {
    @Test(
        "gives the codes of RFC 4226, appendix D",
        arguments: zip(
            0...9,
            [
                "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
                "520489",
            ]))
    func rfc4226(counter: Int64, code: String) {
        #expect(TOTP(secret: secret).code(at: counter) == code)
    }

    @Test(
        "gives the codes of RFC 6238, appendix B",
        arguments: [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
        ])
    func rfc6238(seconds: Int64, code: String) {
        let step = TOTP.step(at: time(seconds))
        #expect(TOTP(secret: secret, digits: 8).code(at: step) == code)
        #expect(TOTP(secret: secret, digits: 7).code(at: step) == String(code.suffix(7)))
        #expect(TOTP(secret: secret).code(at: step) == String(code.suffix(6)))
        #expect(
            TOTP(secret: secret).match(String(code.suffix(6)), now: time(seconds), lastUsedStep: nil)
                == .accepted(step: step))
    }

    @Test(
        "counts steps of thirty seconds from 1970",
        arguments: [
            (0, 0), (29_999, 0), (30_000, 1), (59_999, 1), (60_000, 2), (1_111_111_109_000, 37_037_036),
            (1_111_111_110_000, 37_037_037), (-1, 0), (-90_000, 0),
        ])
    func steps(milliseconds: Int64, step: Int64) {
        #expect(TOTP.step(at: Timestamp(milliseconds: milliseconds)) == step)
    }

    @Test("makes secrets of 160 bits, no two the same")
    func secrets() {
        #expect(TOTP.newSecret().count == 20)
        #expect(TOTP.newSecret() != TOTP.newSecret())
    }

    @Test("judges the code of any step by how far off and how used it is", arguments: -12...12)
    func everyStep(offset: Int64) {
        // Eight digits, so that no two steps of the table have the same code.
        let totp = TOTP(secret: secret, digits: 8)
        let now = time(1_234_567_890)
        let current = TOTP.step(at: now)
        let code = totp.code(at: current + offset)
        for lastUsed in [nil] + (-13...13).map({ current + $0 }) {
            let isSpent = lastUsed.map { current + offset <= $0 } ?? false
            let expected: TOTP.Match =
                switch (abs(offset), isSpent) {
                case (0...1, false): .accepted(step: current + offset)
                case (2...10, false): .clockOff(steps: Int(offset))
                case (0...10, true): .used
                default: .wrong
                }
            #expect(
                totp.match(code, now: now, lastUsedStep: lastUsed) == expected, "last used \(lastUsed ?? -1)")
        }
    }

    @Test("takes no code twice, nor an earlier one after a later one")
    func replay() {
        let totp = TOTP(secret: secret)
        let now = time(1_700_000_010)
        let current = TOTP.step(at: now)
        var last: Int64?
        for (offset, expected) in [
            (-1 as Int64, TOTP.Match.accepted(step: current - 1)), (-1, .used),
            (1, .accepted(step: current + 1)), (0, .used),
            (1, .used), (-1, .used),
        ] {
            let match = totp.match(totp.code(at: current + offset), now: now, lastUsedStep: last)
            #expect(match == expected)
            if case .accepted(let step) = match { last = step }
        }
        // The next step's code is good again.
        let later = now + 60
        #expect(
            totp.match(totp.code(at: current + 2), now: later, lastUsedStep: last)
                == .accepted(step: current + 2))
    }

    @Test("is within a second of the thirty before and after the present step")
    func edges() {
        let totp = TOTP(secret: secret)
        let start = Timestamp(milliseconds: 1_700_000_010_000)
        let step = TOTP.step(at: start)
        let code = totp.code(at: step)
        #expect(TOTP.step(at: Timestamp(milliseconds: start.milliseconds - 1)) == step - 1)
        for (milliseconds, isGood) in [
            (-30_001 as Int64, false), (-30_000, true), (0, true), (59_999, true), (60_000, false),
        ] {
            let match = totp.match(
                code, now: Timestamp(milliseconds: start.milliseconds + milliseconds), lastUsedStep: nil)
            #expect((match == .accepted(step: step)) == isGood, "\(milliseconds) ms")
        }
    }

    @Test("refuses a code later on that it has called the code of some minutes later")
    func burnt() {
        let totp = TOTP(secret: secret)
        let now = time(1_700_000_010)
        let current = TOTP.step(at: now)
        let code = totp.code(at: current + 5)
        #expect(totp.match(code, now: now, lastUsedStep: nil) == .clockOff(steps: 5))
        let then = now + 150
        #expect(totp.match(code, now: then, lastUsedStep: nil, burnt: current + 5) == .used)
        #expect(totp.match(code, now: now, lastUsedStep: nil, burnt: current + 5) == .used)
        #expect(
            totp.match(totp.code(at: current + 6), now: then, lastUsedStep: nil, burnt: current + 5)
                == .accepted(step: current + 6))
    }

    @Test("knows no step before the first")
    func early() {
        let totp = TOTP(secret: secret)
        #expect(totp.match("755224", now: time(0), lastUsedStep: nil) == .accepted(step: 0))
        #expect(totp.match("755224", now: time(0), lastUsedStep: 0) == .used)
        #expect(totp.match("000000", now: time(-100), lastUsedStep: nil) == .wrong)
        #expect(totp.match("338314", now: time(0), lastUsedStep: nil) == .clockOff(steps: 4))
    }

    @Test(
        "reads a code as it is typed", arguments: ["287082", "287 082", " 287082 ", "287-082", "2 8 7 0 8 2"])
    func typed(code: String) {
        #expect(TOTP(secret: secret).match(code, now: time(30), lastUsedStep: nil) == .accepted(step: 1))
    }

    @Test(
        "refuses what is no code",
        arguments: [
            "", " ", "28708", "2870820", "94287082", "28708x", "+87082", "287\u{0}082", "287.082", "２８７０８２",
            "٢٨٧٠٨٢",
            String(repeating: "2", count: 100_000),
        ])
    func noCode(code: String) {
        #expect(TOTP(secret: secret).match(code, now: time(30), lastUsedStep: nil) == .wrong)
    }

    @Test("keeps leading zeros, and takes no code without them")
    func leadingZeros() throws {
        let totp = TOTP(secret: secret)
        let step = try #require((0..<1_000 as Range<Int64>).first { totp.code(at: $0).hasPrefix("0") })
        let code = totp.code(at: step)
        #expect(code.utf8.count == 6)
        #expect(totp.match(String(code.dropFirst()), now: time(step * 30), lastUsedStep: nil) == .wrong)
        #expect(totp.match(code, now: time(step * 30), lastUsedStep: nil) == .accepted(step: step))
    }

    @Test("has no codes of five or nine digits", arguments: [5, 9])
    func digits(count: Int) async {
        switch count {
        case 5: await #expect(processExitsWith: .failure) { _ = TOTP(secret: [], digits: 5) }
        default: await #expect(processExitsWith: .failure) { _ = TOTP(secret: [], digits: 9) }
        }
    }
}

@Suite("Key URI") struct KeyURITests {
    @Test(
        "names the firm and the account in the label, with everything unsafe percent-encoded",
        arguments: [
            (
                "Smith & Co", "ann@example.com", "Smith%20%26%20Co:ann%40example.com",
                "&issuer=Smith%20%26%20Co"
            ),
            ("ACME", "a-b_c.d~e", "ACME:a-b_c.d~e", "&issuer=ACME"),
            ("Smith: Tax", "x:y", "Smith%20Tax:xy", "&issuer=Smith%20Tax"),
            (
                "Müller/50%+?#", "ä", "M%C3%BCller%2F50%25%2B%3F%23:%C3%A4",
                "&issuer=M%C3%BCller%2F50%25%2B%3F%23"
            ),
            ("", "ann", "ann", ""),
            (":", "ann", "ann", ""),
            (nil as String?, "ann", "ann", ""),
            ("A&secret=x", "b\n", "A%26secret%3Dx:b%0A", "&issuer=A%26secret%3Dx"),
        ])
    func labels(issuer: String?, account: String, label: String, source: String) {
        #expect(
            KeyURI.totp(secret: secret, issuer: issuer, account: account)
                == "otpauth://totp/\(label)?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\(source)"
                + "&algorithm=SHA1&digits=6&period=30")
    }
}

@Suite("Phone mask") struct PhoneMaskTests {
    @Test(
        "shows the last two digits, and neither country nor length",
        arguments: [
            ("+14155552671", "•••• ••71"), ("+4915112345600", "•••• ••00"), ("(415) 555-2671", "•••• ••71"),
            ("7", "•••• ••7"), ("", "•••• ••"),
        ])
    func masks(phone: String, masked: String) {
        #expect(PhoneMask.mask(phone) == masked)
    }
}
