/// How a carrier's receipts write the id that its answer to submit_sm gave.
enum ReceiptIDs: String, CaseIterable, Sendable {
    /// As the answer did, but for case and zeros in front.
    case same
    /// In decimal, where the answer had it in hexadecimal.
    case decimal
    /// In hexadecimal, where the answer had it in decimal.
    case hex

    /// The id of an answer in the form that it is kept and found by.
    static func answered(_ id: String) -> String {
        let stripped = id.lowercased().drop { $0 == "0" }
        return stripped.isEmpty ? String(id.suffix(1)) : String(stripped)
    }

    /// The id of a receipt in the same form. One that is no number of its kind stays as it is.
    func receipted(_ id: String) -> String {
        let converted =
            switch self {
            case .same: id
            case .decimal: Self.convert(id, from: 10, to: 16) ?? id
            case .hex: Self.convert(id, from: 16, to: 10) ?? id
            }
        return Self.answered(converted)
    }

    /// A number of any length in another base; nil where `digits` is none.
    private static func convert(_ digits: String, from base: Int, to other: Int) -> String? {
        // Least significant first.
        var number = [0]
        for character in digits {
            guard var carry = character.hexDigitValue, carry < base, character.isASCII else { return nil }
            for index in number.indices {
                carry += number[index] * base
                number[index] = carry % other
                carry /= other
            }
            while carry > 0 {
                number.append(carry % other)
                carry /= other
            }
        }
        return digits.isEmpty ? nil : number.reversed().map { String($0, radix: other) }.joined()
    }
}
