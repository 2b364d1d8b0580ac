import ServiceKit

/// What an operator sets of a carrier that is reached by SMPP.
struct SMPPSettings: Sendable, Equatable {
    var host: String
    var port: Int
    var tls: Bool
    /// Nil for the system's certificates.
    var caFile: String?
    var systemID: String
    var password: Secret
    var systemType: String
    var source: PDU.Address
    var alphabet: SMPPAlphabet
    var receiptIDs: ReceiptIDs
    var window: Int
    var rate: Int
    /// Milliseconds.
    var answerTimeout: Int

    /// Reads the settings of the provider called `name`.
    init(_ settings: Settings, name: String) throws(SettingError) {
        host = try settings.string(
            "host", length: 1...253, meaning: "The name or the address of the carrier's SMSC.")
        port = try settings.int("port", default: 2_775, in: 1...65_535, meaning: "Its TCP port.")
        tls = try settings.flag("tls", default: false, meaning: "Whether the connection is under TLS.")
        caFile = try settings.optional(
            settings.path(
                "caFile",
                meaning: "The CA certificates to trust, in PEM, in place of the system's."))
        systemID = try settings.string("systemID", length: 1...15, meaning: "The account at the carrier.")
        password = try settings.secret(
            "password", credential: "\(name).password", size: 1...9, meaning: "The file of its password.")
        systemType = try settings.string(
            "systemType", default: "", length: 0...12, meaning: "What the carrier wants as system_type.")
        let sender = try settings.string(
            "source", length: 1...20,
            meaning: "The sender: a number, a short code, or up to 11 letters and digits.")
        alphabet = try settings.choice(
            "alphabet", default: .gsm7, meaning: "How the carrier reads the bytes of a text.")
        receiptIDs = try settings.choice(
            "receiptIDs", default: .same,
            meaning: "How its receipts write a message's id, beside how its answers do.")
        window = try settings.int(
            "window", default: 10, in: 1...1_000, meaning: "Messages that may wait for its answer at once.")
        rate = try settings.int(
            "rate", default: 10, in: 1...100_000, meaning: "Messages that it is given in a second.")
        answerTimeout = Int(
            try settings.duration(
                "answerTimeout", default: .seconds(20), in: .seconds(1)...(.seconds(60)),
                meaning: "How long its answer to a message is waited for."
            ).wholeMilliseconds)

        guard let address = PDU.Address(sender: sender) else {
            throw settings.error(
                "source", "expected digits, or up to 11 letters, digits and blanks, found \(sender)")
        }
        source = address
        if let caFile {
            guard tls else { throw settings.error("caFile", "it is of no use without tls: true") }
            do throws(FileError) {
                _ = try contents(of: caFile, limit: 4 << 20)
            } catch {
                throw settings.error("caFile", "\(caFile) \(error)")
            }
        }
        for (key, text) in [("systemID", systemID), ("systemType", systemType)] where !isPlain(text) {
            throw settings.error(key, "expected ASCII without control characters")
        }
        guard let text = password.text, (1...8).contains(text.utf8.count), isPlain(text) else {
            throw settings.error("password", "the file holds no password of 1 to 8 ASCII characters")
        }
    }

    var bind: PDU.Bind {
        PDU.Bind(systemID: systemID, password: password.text ?? "", systemType: systemType)
    }
}

private func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { (0x20...0x7E).contains($0) } }

extension PDU.Address {
    /// A sender by its kind, which its form tells: a number in international form, a short code of up to eight
    /// digits, or a name; nil where it is none of these.
    init?(sender: String) {
        let digits = sender.hasPrefix("+") ? sender.dropFirst() : sender[...]
        if digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !digits.isEmpty {
            guard digits.count <= 15 else { return nil }
            let isShort = !sender.hasPrefix("+") && digits.count <= 8
            self = isShort ? PDU.Address(type: 3, plan: 0, digits: sender) : .international(digits)
        } else {
            let isName = sender.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "), UInt8(ascii: "-"),
                    UInt8(ascii: "."), UInt8(ascii: "&"):
                    true
                default: false
                }
            }
            guard isName, (1...11).contains(sender.utf8.count) else { return nil }
            self.init(type: 5, plan: 0, digits: sender)
        }
    }
}
