/// JSON that is no message of ours, such as a provider's answer: read as strictly, and with the same bounds.
package enum ForeignJSON {
    /// Makes a `T` of an object; members that `T` does not know are passed over. The error quotes nothing of the text.
    package static func decode<T: Decodable>(_ type: T.Type, from bytes: [UInt8]) throws -> T {
        let document = Document()
        try bytes.withUnsafeBytes { try document.parse($0) }
        guard document.encoding == .json else {
            throw MalformedMessage(problem: "it is no JSON object", offset: 0)
        }
        return try document.decode(type, from: document.root)
    }
}
