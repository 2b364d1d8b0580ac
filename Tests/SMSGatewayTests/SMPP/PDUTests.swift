import Testing

@testable import SMSGateway

@Suite("An SMPP PDU") struct PDUTests {
    static let receipt = PDU.ShortMessage(
        source: .international("14155552671"), destination: PDU.Address(type: 3, plan: 0, digits: "32665"),
        esmClass: 4, text: Array("id:1".utf8), options: [PDU.Option(tag: 0x0427, value: [2])])

    /// PDUs and their bytes, as the specification has their fields.
    static let table: [(PDU, String)] = [
        (PDU(sequence: 1, body: .enquireLink), "00000010 00000015 00000000 00000001"),
        (PDU(sequence: 0x7FFF_FFFF, body: .unbindResponse), "00000010 80000006 00000000 7fffffff"),
        (PDU(status: 3, sequence: 9, body: .genericNack), "00000010 80000000 00000003 00000009"),
        (
            PDU(sequence: 5, body: .submitResponse(messageID: "a1")),
            "00000013 80000004 00000000 00000005 613100"
        ),
        (
            PDU(status: 0x58, sequence: 5, body: .submitResponse(messageID: "")),
            "00000010 80000004 00000058 00000005"
        ),
        (
            PDU(sequence: 2, body: .deliver(receipt)),
            """
            0000003a 00000005 00000000 00000002 00 0101 313431353535353236373100 0300 333236363500 04 00 00 00 00 \
            00 00 00 00 04 69643a31 0427 0001 02
            """
        ),
    ]

    @Test("is written as the specification says, and read back as it was", arguments: table)
    func bytes(pdu: PDU, hex: String) throws {
        let bytes = bytes(hex)
        #expect(pdu.bytes == bytes)
        #expect(try PDU(bytes[...]) == pdu)
    }

    @Test("binds as a transceiver of version 3.4, for all that is meant for the account")
    func bind() {
        let bind = PDU.Bind(systemID: "clienthub", password: "secret", systemType: "OTP")
        let written = PDU(sequence: 1, body: .bindTransceiver(bind)).bytes
        let body = "636c69656e7468756200 73656372657400 4f545000 34 00 00 00"
        #expect(written == bytes("00000029 00000009 00000000 00000001" + body.dropLast(2)) + [0])
        #expect(written.count == 16 + 10 + 7 + 4 + 4)
    }

    @Test("is read where its answer has no body, and its options stand in any order")
    func lenient() throws {
        #expect(
            try PDU(bytes("00000010 80000004 00000000 00000005")[...]).body == .submitResponse(messageID: ""))
        var message = Self.receipt
        message.options = [
            PDU.Option(tag: 0x1403, value: []), PDU.Option(tag: 0x001E, value: [0x31, 0]),
            PDU.Option(tag: 0x001E, value: [0x32]),
        ]
        let read = try PDU(PDU(sequence: 1, body: .deliver(message)).bytes[...])
        #expect(read.body == .deliver(message))
        #expect(message.option(PDU.Option.Tag.receiptedMessageID) == [0x31, 0])
    }

    @Test(
        "says what is wrong with it and where",
        arguments: [
            ("0000000f 00000015 00000000 000001", "a PDU of 15 bytes was announced; one has 16 to 70000"),
            ("ffffffff", "a PDU of 4294967295 bytes was announced; one has 16 to 70000"),
            ("00000011 00000015 00000000 00000001", "there are 16 bytes, and not what the length says"),
            (
                "00000012 80000004 00000000 00000005 6131",
                "submit_sm_resp, sequence number 5: message_id, at byte 16, does not end within its 2 bytes"
            ),
            (
                "00000012 80000004 00000000 00000005 ff00",
                "submit_sm_resp, sequence number 5: message_id, at byte 16, is not ASCII"
            ),
            (
                "00000011 00000005 00000000 00000007 00",
                "deliver_sm, sequence number 7: source_addr, at byte 17, is not there"
            ),
            (
                "00000018 00000005 00000000 00000007 41424344454647 00",
                "deliver_sm, sequence number 7: service_type, at byte 16, does not end within its 6 bytes"
            ),
            (
                """
                00000028 00000005 00000000 00000007 00 0101 313100 0101 323200 00 00 00 00 00 \
                00 00 00 00 09 414243
                """,
                "deliver_sm, sequence number 7: short_message, at byte 37, should have 9 bytes, and 3 are left"
            ),
            (
                """
                0000002d 00000005 00000000 00000007 00 0101 313100 0101 323200 00 00 00 00 00 \
                00 00 00 00 01 41 001e 0009 3131 00
                """,
                "deliver_sm, sequence number 7: an option's value, at byte 42, should have 9 bytes, and 3 are left"
            ),
            (
                """
                00000028 00000005 00000000 00000007 00 0101 313100 0101 323200 00 00 00 00 00 \
                00 00 00 00 01 41 001e
                """,
                "deliver_sm, sequence number 7: an option, at byte 38, begins with 2 bytes and not with four"
            ),
        ])
    func malformed(hex: String, problem: String) {
        let bytes = bytes(hex)
        let error = #expect(throws: MalformedPDU.self) {
            _ = try PDU.length(bytes[...])
            _ = try PDU(bytes[...])
        }
        #expect(error?.description == problem)
    }

    @Test("has no length before four bytes of it are there")
    func incomplete() throws {
        let bytes = PDU(sequence: 1, body: .unbind).bytes
        for count in 0..<4 { #expect(try PDU.length(bytes.prefix(count)) == nil) }
        #expect(try PDU.length(bytes.prefix(4)) == 16)
    }

    private func bytes(_ hex: some StringProtocol) -> [UInt8] {
        let digits = hex.compactMap { $0.hexDigitValue.map { UInt8($0) } }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
