/// Bytes that are no PDU: what is wrong with them and where, in words that repeat none of them.
struct MalformedPDU: Error, Equatable, CustomStringConvertible {
    /// What the header says, where there is one: a request can be answered by it.
    var command: PDU.Command?
    var sequence: UInt32 = 0
    /// What the peer is told.
    var status: SMPPStatus
    var problem: String

    var description: String {
        command.map { "\($0), sequence number \(sequence): \(problem)" } ?? problem
    }
}

extension PDU {
    /// The length of the PDU that begins `bytes`, header and all; nil while its first four bytes are not there.
    ///
    /// - Throws: where no PDU has that length. What follows cannot be told apart any more.
    static func length(_ bytes: ArraySlice<UInt8>) throws(MalformedPDU) -> Int? {
        guard bytes.count >= 4 else { return nil }
        let length = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard (headerSize...longest).contains(length) else {
            throw MalformedPDU(
                status: .invalidCommandLength,
                problem: "a PDU of \(length) bytes was announced; one has \(headerSize) to \(longest)")
        }
        return length
    }

    /// Reads one whole PDU.
    init(_ bytes: ArraySlice<UInt8>) throws(MalformedPDU) {
        guard let length = try Self.length(bytes), bytes.count == length else {
            throw MalformedPDU(
                status: .invalidCommandLength,
                problem: "there are \(bytes.count) bytes, and not what the length says")
        }
        var reader = PDUReader(bytes.dropFirst(4))
        let command = Command(rawValue: try reader.uint32("command_id"))
        status = try reader.uint32("command_status")
        sequence = try reader.uint32("sequence_number")
        reader.command = command
        reader.sequence = sequence
        switch command {
        case .submit: body = .submit(try reader.shortMessage())
        case .deliver: body = .deliver(try reader.shortMessage())
        // A refusal may have no body at all (section 4.4.2).
        case .submit.response: body = .submitResponse(messageID: reader.isAtEnd ? "" : try reader.messageID())
        case .bindTransceiver.response: body = .bindTransceiverResponse
        case .deliver.response: body = .deliverResponse
        case .enquireLink: body = .enquireLink
        case .enquireLink.response: body = .enquireLinkResponse
        case .unbind: body = .unbind
        case .unbind.response: body = .unbindResponse
        case .genericNack: body = .genericNack
        default: body = .other(command)
        }
    }
}

/// The fields of one PDU, one after the other, each within its bounds (section 3.1).
private struct PDUReader {
    var command: PDU.Command?
    var sequence: UInt32 = 0
    private var rest: ArraySlice<UInt8>
    private let start: Int

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
        start = bytes.startIndex - 4
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func uint8(_ field: StaticString) throws(MalformedPDU) -> UInt8 {
        guard let byte = rest.popFirst() else { throw wrong(field, "is not there") }
        return byte
    }

    mutating func uint16(_ field: StaticString) throws(MalformedPDU) -> Int {
        Int(try uint8(field)) << 8 | Int(try uint8(field))
    }

    mutating func uint32(_ field: StaticString) throws(MalformedPDU) -> UInt32 {
        UInt32(try uint16(field)) << 16 | UInt32(try uint16(field))
    }

    mutating func octets(_ count: Int, _ field: StaticString) throws(MalformedPDU) -> [UInt8] {
        guard rest.count >= count else {
            throw wrong(field, "should have \(count) bytes, and \(rest.count) are left")
        }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// A text that ends with a zero byte, which counts among its `limit` bytes.
    mutating func text(_ limit: Int, _ field: StaticString) throws(MalformedPDU) -> String {
        guard let end = rest.prefix(limit).firstIndex(of: 0) else {
            throw wrong(field, "does not end within its \(min(limit, rest.count)) bytes")
        }
        defer { rest = rest[(end + 1)...] }
        let bytes = rest[..<end]
        guard bytes.allSatisfy({ $0 < 0x80 }) else { throw wrong(field, "is not ASCII") }
        return String(decoding: bytes, as: UTF8.self)
    }

    mutating func messageID() throws(MalformedPDU) -> String { try text(65, "message_id") }

    mutating func address(_ field: StaticString) throws(MalformedPDU) -> PDU.Address {
        // 21 by the letter; but a receipt is not to be lost for a long name, and data_sm allows 65.
        PDU.Address(type: try uint8(field), plan: try uint8(field), digits: try text(65, field))
    }

    mutating func shortMessage() throws(MalformedPDU) -> PDU.ShortMessage {
        _ = try text(6, "service_type")
        let source = try address("source_addr")
        let destination = try address("destination_addr")
        var message = PDU.ShortMessage(source: source, destination: destination)
        message.esmClass = try uint8("esm_class")
        _ = try uint8("protocol_id")
        message.priority = try uint8("priority_flag")
        _ = try text(17, "schedule_delivery_time")
        message.validityPeriod = try text(17, "validity_period")
        message.registeredDelivery = try uint8("registered_delivery")
        _ = try uint8("replace_if_present_flag")
        message.dataCoding = try uint8("data_coding")
        _ = try uint8("sm_default_msg_id")
        message.text = try octets(Int(try uint8("sm_length")), "short_message")
        while !isAtEnd { message.options.append(try option()) }
        return message
    }

    private mutating func option() throws(MalformedPDU) -> PDU.Option {
        guard rest.count >= 4 else {
            throw wrong("an option", "begins with \(rest.count) bytes and not with four")
        }
        let tag = UInt16(try uint16("an option's tag"))
        return PDU.Option(tag: tag, value: try octets(try uint16("an option's length"), "an option's value"))
    }

    private func wrong(_ field: StaticString, _ problem: String) -> MalformedPDU {
        MalformedPDU(
            command: command, sequence: sequence, status: .invalidParameterLength,
            problem: "\(field), at byte \(rest.startIndex - start), \(problem)")
    }
}
