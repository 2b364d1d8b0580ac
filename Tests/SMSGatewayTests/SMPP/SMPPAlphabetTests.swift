import Testing

@testable import SMSGateway

@Suite("Alphabets of SMPP") struct SMPPAlphabetTests {
    @Test(
        "keep the @ of a code's last line, each in its own way",
        arguments: [(SMPPAlphabet.gsm7, 0x00, 0), (.latin1, 0x40, 3), (.ascii, 0x40, 1)]
            as [(SMPPAlphabet, UInt8, UInt8)])
    func at(alphabet: SMPPAlphabet, byte: UInt8, dataCoding: UInt8) {
        let (bytes, coding) = alphabet.encode("@a.example #123456")
        #expect(bytes.first == byte)
        #expect(coding == dataCoding)
        #expect(alphabet.decode(bytes, dataCoding: coding) == "@a.example #123456")
    }

    @Test("of GSM has the octets of the standard's table")
    func gsm() {
        let (bytes, _) = SMPPAlphabet.gsm7.encode("@£$¥èéùìòÇ\nØø\rÅåΔ_ÆæßÉ ¤¡AZÄÖÑÜ§¿azäöñüà^{}\\[~]|€")
        let expected: [UInt8] = [
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31, 32, 36, 64, 65, 90,
            91, 92,
            93, 94, 95, 96, 97, 122, 123, 124, 125, 126, 127, 27, 20, 27, 40, 27, 41, 27, 47, 27, 60, 27, 61,
            27, 62,
            27, 64, 27, 101,
        ]
        #expect(bytes == expected)
    }

    @Test("of GSM writes each character as often as its septets are counted, and reads it back")
    func everyCharacter() {
        for value in UInt32(0)...0x2FFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(Character(scalar))
            let octets = GSM7.octets(text)
            #expect(octets?.count == GSM7.septets(text))
            if let octets { #expect(GSM7.text(octets) == text) }
        }
    }

    @Test(
        "give way to UCS-2 for a text that they cannot say", arguments: SMPPAlphabet.allCases)
    func ucs2(alphabet: SMPPAlphabet) {
        let (bytes, coding) = alphabet.encode("код 1😀")
        #expect(coding == 8)
        #expect(bytes == [4, 0x3A, 4, 0x3E, 4, 0x34, 0, 0x20, 0, 0x31, 0xD8, 0x3D, 0xDE, 0])
        #expect(alphabet.decode(bytes, dataCoding: 8) == "код 1😀")
    }

    @Test(
        "read what came by its own data_coding, whatever the route's alphabet is",
        arguments: [
            ([0x00, 0x1B, 0x65], 0, "@€"), ([0x1B, 0x1B, 0x41], 0, " A"), ([0x80, 0x1B], 0, "?"),
            ([0x40, 0xE9], 3, "@é"), ([0x53, 0x54, 0x4F, 0x50], 1, "STOP"), ([0, 0x53, 0], 8, "S"),
            ([], 8, ""),
        ] as [([UInt8], UInt8, String)])
    func decode(bytes: [UInt8], dataCoding: UInt8, text: String) {
        #expect(SMPPAlphabet.gsm7.decode(bytes, dataCoding: dataCoding) == text)
    }
}
