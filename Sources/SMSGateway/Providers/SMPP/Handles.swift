import Wire

/// The handles that messages carry to a carrier and back, for as long as nothing better is known of them: once an
/// answer has told the carrier's id, receipts are matched by that.
struct Handles {
    /// The number is kept as a hash: what is uncertain may stay here for long.
    private var messages: [UInt16: (id: ID, number: Int)] = [:]
    private var last: UInt16

    /// Begins somewhere, so that a receipt from before a restart meets a message of now by chance alone, and then
    /// only if it went to the same number.
    init(startingAt first: UInt16 = .random(in: .min ... .max)) { last = first }

    /// A handle for a message on its way to `number`, which an older one of that handle loses.
    mutating func take(_ id: ID, number: String) -> UInt16 {
        last &+= 1
        messages[last] = (id, Self.hash(number))
        return last
    }

    mutating func release(_ handle: UInt16, of id: ID) {
        if messages[handle]?.id == id { messages[handle] = nil }
    }

    /// The message that a receipt with this handle is about; nil where the number is another one.
    func message(_ handle: UInt16, number: String) -> ID? {
        guard let found = messages[handle], found.number == Self.hash(number) else { return nil }
        return found.id
    }

    private static func hash(_ number: String) -> Int { String(number.drop { $0 == "+" }).hashValue }
}
