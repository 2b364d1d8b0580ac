extension PDU {
    /// The bytes of it. What stands in its fields must fit them: the settings and the callers see to that.
    var bytes: [UInt8] {
        var writer = PDUWriter()
        writer.uint32(0)
        writer.uint32(command.rawValue)
        writer.uint32(status)
        writer.uint32(sequence)
        switch body {
        case .bindTransceiver(let bind): writer.bind(bind)
        case .submit(let message), .deliver(let message): writer.shortMessage(message)
        // A refusal has no body (section 4.4.2).
        case .submitResponse(let id) where status == 0: writer.text(id, 65)
        // Its message_id is unused, and empty (section 4.6.2).
        case .deliverResponse: writer.text("", 1)
        case .bindTransceiverResponse where status == 0: writer.text("", 16)
        case .bindTransceiverResponse, .submitResponse, .enquireLink, .enquireLinkResponse, .unbind,
            .unbindResponse, .genericNack, .other:
            break
        }
        return writer.finished()
    }
}

private struct PDUWriter {
    private var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(256) }

    mutating func uint8(_ value: UInt8) { bytes.append(value) }

    mutating func uint16(_ value: UInt16) {
        uint8(UInt8(value >> 8))
        uint8(UInt8(value & 0xFF))
    }

    mutating func uint32(_ value: UInt32) {
        uint16(UInt16(value >> 16))
        uint16(UInt16(value & 0xFFFF))
    }

    /// A text with the zero byte at its end, which counts among its `limit` bytes.
    mutating func text(_ text: String, _ limit: Int) {
        precondition(
            text.utf8.count < limit && !text.utf8.contains(0), "a field that is too long for its PDU")
        bytes += text.utf8
        uint8(0)
    }

    mutating func bind(_ bind: PDU.Bind) {
        text(bind.systemID, 16)
        text(bind.password, 9)
        text(bind.systemType, 13)
        // interface_version, then addr_ton, addr_npi and address_range: all that is meant for this account.
        uint8(0x34)
        uint16(0)
        text("", 41)
    }

    mutating func address(_ address: PDU.Address) {
        uint8(address.type)
        uint8(address.plan)
        text(address.digits, 21)
    }

    mutating func shortMessage(_ message: PDU.ShortMessage) {
        text("", 6)
        address(message.source)
        address(message.destination)
        uint8(message.esmClass)
        uint8(0)
        uint8(message.priority)
        text("", 17)
        text(message.validityPeriod, 17)
        uint8(message.registeredDelivery)
        uint8(0)
        uint8(message.dataCoding)
        uint8(0)
        precondition(message.text.count <= 254, "a text that belongs into message_payload")
        uint8(UInt8(message.text.count))
        bytes += message.text
        for option in message.options {
            uint16(option.tag)
            uint16(UInt16(option.value.count))
            bytes += option.value
        }
    }

    /// The whole, with its length at its beginning.
    consuming func finished() -> [UInt8] {
        let length = UInt32(bytes.count)
        for (index, shift) in [UInt32(24), 16, 8, 0].enumerated() {
            bytes[index] = UInt8(length >> shift & 0xFF)
        }
        return bytes
    }
}
