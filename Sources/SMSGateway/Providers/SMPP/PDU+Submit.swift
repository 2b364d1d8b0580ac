import Wire

extension PDU.ShortMessage {
    /// The submit_sm of a message: an ordinary one, with a receipt at its end, that the SMSC gives up once the
    /// code has ended.
    ///
    /// `reference` comes back with the receipt from carriers that keep it.
    ///
    /// - Returns: nil where the code has ended.
    init?(_ message: OutboundMessage, settings: SMPPSettings, reference: UInt16, now: Timestamp) {
        let life = (message.expires.milliseconds - now.milliseconds) / 1_000
        guard life > 0 else { return nil }
        let (bytes, dataCoding) = settings.alphabet.encode(message.text)
        self.init(source: settings.source, destination: .international(message.to.drop { $0 == "+" }))
        priority = 1
        validityPeriod = Self.relative(Int(life))
        registeredDelivery = 1
        self.dataCoding = dataCoding
        let handle = [UInt8(reference >> 8), UInt8(reference & 0xFF)]
        options = [PDU.Option(tag: PDU.Option.Tag.userMessageReference, value: handle)]
        if bytes.count <= 254 {
            text = bytes
        } else {
            options.append(PDU.Option(tag: PDU.Option.Tag.messagePayload, value: bytes))
        }
    }

    /// A span of time as section 7.1.1.2 writes it: `000000000500000R`, years to seconds.
    static func relative(_ seconds: Int) -> String {
        let seconds = min(seconds, 30 * 86_400 - 1)
        let parts = [0, 0, seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60]
        return parts.map { ($0 < 10 ? "0" : "") + "\($0)" }.joined() + "000R"
    }
}
