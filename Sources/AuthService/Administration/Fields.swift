import Wire

/// Checks what people type into the fields of these calls. `field` is the path that a refusal names.
enum Fields {
    /// Unicode code points of a name.
    static let nameLength = 1...200
    /// Unicode code points of what is written for the audit log.
    static let noteLength = 1...1_000
    /// Entries of one page of a list.
    static let pageLength = 1...200
    static let defaultPageLength = 50
    /// Unicode code points of what is searched for: the longest that a name or an address may have.
    static let searchLength = 254

    /// A name without the white space around it.
    ///
    /// - Throws: `MALFORMED` where it is empty, too long, or has characters that would garble a log or a page.
    static func name(_ text: String, _ field: String) throws(Refusal) -> String {
        let name = trim(text)
        guard nameLength.contains(name.unicodeScalars.count) else {
            throw Refusal(.malformed, "\(field) must have 1 to 200 characters", field: field)
        }
        guard name.unicodeScalars.allSatisfy(isPlain) else {
            throw Refusal(.malformed, "\(field) must not have control characters", field: field)
        }
        return name
    }

    static func email(_ text: String, _ field: String) throws(Refusal) -> EmailAddress {
        guard let address = EmailAddress(text) else {
            throw Refusal(.malformed, "\(field) is no e-mail address", field: field)
        }
        return address
    }

    static func slug(_ text: String, _ field: String) throws(Refusal) -> String {
        let isSlug = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isSlug, (1...63).contains(text.utf8.count) else {
            throw Refusal(.malformed, "\(field) must be 1 to 63 of a-z, 0-9 and -", field: field)
        }
        return text
    }

    /// Why an override is made.
    ///
    /// - Throws: `REASON_MISSING` where nothing is said.
    static func reason(_ text: String) throws(Refusal) -> String {
        guard let reason = try note(text, "reason") else { throw Refusal(.reasonMissing, field: "reason") }
        return reason
    }

    /// A text of some lines for the audit log; nil where nothing is said.
    static func note(_ text: String?, _ field: String) throws(Refusal) -> String? {
        let note = trim(text ?? "")
        guard !note.isEmpty else { return nil }
        guard noteLength.contains(note.unicodeScalars.count) else {
            throw Refusal(.malformed, "\(field) must have at most 1000 characters", field: field)
        }
        guard note.unicodeScalars.allSatisfy({ isPlain($0) || "\n\r\t".unicodeScalars.contains($0) }) else {
            throw Refusal(.malformed, "\(field) must not have control characters", field: field)
        }
        return note
    }

    /// What is searched for, folded as names and addresses are; nil: everything.
    static func search(_ text: String?) throws(Refusal) -> String? {
        let search = trim(text ?? "")
        guard search.unicodeScalars.count <= searchLength else {
            throw Refusal(.malformed, "search must have at most 254 characters", field: "search")
        }
        return search.isEmpty ? nil : search.lowercased()
    }

    static func limit(_ limit: Int?) throws(Refusal) -> Int {
        try number(limit ?? defaultPageLength, in: pageLength, "limit")
    }

    static func number(_ value: Int, in bounds: ClosedRange<Int>, _ field: String) throws(Refusal) -> Int {
        guard bounds.contains(value) else {
            throw Refusal(
                .malformed, "\(field) must be from \(bounds.lowerBound) to \(bounds.upperBound)", field: field
            )
        }
        return value
    }

    /// Whether a character neither steers a terminal nor breaks a line nor turns the direction of what follows it.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: false
        default: !(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value)
        }
    }

    private static func trim(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }
}
