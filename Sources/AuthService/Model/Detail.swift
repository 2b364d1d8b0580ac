/// The details of an audit event as one text column: a line `name=value` each, by name, with `%`, `=` and line ends
/// percent-encoded. Anybody who opens the database can read it.
enum Detail {
    static func encode(_ detail: [String: String]) -> String {
        detail.sorted { $0.key < $1.key }.map { "\(escape($0.key))=\(escape($0.value))" }.joined(
            separator: "\n")
    }

    static func decode(_ text: String) -> [String: String] {
        var detail: [String: String] = [:]
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            detail[unescape(parts[0])] = parts.count > 1 ? unescape(parts[1]) : ""
        }
        return detail
    }

    private static func escape(_ text: String) -> String {
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "%"): escaped += "%25".utf8
            case UInt8(ascii: "="): escaped += "%3D".utf8
            case UInt8(ascii: "\n"): escaped += "%0A".utf8
            case UInt8(ascii: "\r"): escaped += "%0D".utf8
            default: escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    private static func unescape(_ text: Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            bytes.append(UInt8(String(Substring(rest.prefix(2))), radix: 16) ?? byte)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
