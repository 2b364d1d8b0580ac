import FoundationEssentials
import HTTPTypes

extension Answer {
    /// An answer for programs.
    static func json(_ value: some Encodable, _ status: HTTPResponse.Status = .ok) throws -> Answer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Answer(
            status, String(decoding: try encoder.encode(value), as: UTF8.self) + "\n",
            type: "application/json")
    }
}
