/// A word is coded by these rather than by the standard library's way for any `RawRepresentable`, which looks types up as
/// it goes: a fifth of the time that an answer full of words took to write.
extension Word {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let word = Self(rawValue: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "none of \(Self.words.joined(separator: ", "))")
        }
        self = word
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
