/// A value of a configuration file. Members keep the file's order; numbers keep the text they were written as, so that
/// none is rounded and an error can show it.
enum JSON: Equatable {
    case null
    case flag(Bool)
    case number(String)
    case text(String)
    case list([JSON])
    case object([Member])

    struct Member: Equatable {
        let name: String
        let value: JSON
    }

    /// What was found, for an error: scalars as they are, the rest by its kind.
    var shown: String {
        switch self {
        case .null: "null"
        case .flag(let flag): "\(flag)"
        case .number(let digits): digits.count > 40 ? "a number of \(digits.count) digits" : digits
        case .text(let text): quoted(text, limit: 40)
        case .list(let items): "a list of \(items.count)"
        case .object: "an object"
        }
    }
}
