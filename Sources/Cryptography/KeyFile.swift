/// The text that sealing keys are kept in, as a systemd credential or a file that only the service can read.
///
///     # OTPService, made 2026-11-24
///     1 qCfFjHxq0sZl5nfmmGzgDOAVk/cWY0SPFVcDmqkOvkM=
///     2 yNPd+3bWRDY2YNDqdMi0pyvhzkUxRd0Kl1JE5gUWl+I=
///
/// One key a line: its version (1 to 4,294,967,295), blanks, and its 32 bytes in base64, as `openssl rand -base64 32`
/// makes them. Empty lines and lines that start with `#` are passed over. The highest version seals, all of them open;
/// a line may go once nothing is sealed under its version any more.
enum KeyFile {
    static func parse(_ file: [UInt8]) throws(KeyFileError) -> [UInt32: [UInt8]] {
        var keys: [UInt32: [UInt8]] = [:]
        for (index, line) in file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            let words = line.split {
                $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r")
            }
            guard let first = words.first, first.first != UInt8(ascii: "#") else { continue }
            let (version, key) = try entry(words, line: index + 1)
            guard keys.updateValue(key, forKey: version) == nil else {
                throw KeyFileError(line: index + 1, problem: "version \(version) stands in the file twice")
            }
        }
        guard !keys.isEmpty else { throw KeyFileError(line: nil, problem: "there is no key in the file") }
        return keys
    }

    /// No error quotes the line: whatever stands in the wrong place may be the key.
    private static func entry(_ words: [ArraySlice<UInt8>], line: Int) throws(KeyFileError) -> (
        UInt32, [UInt8]
    ) {
        guard words.count == 2 else {
            throw KeyFileError(
                line: line, problem: "expected a version and a key, found \(words.count) words")
        }
        guard words[0].allSatisfy({ (0x30...0x39).contains($0) }),
            let version = UInt32(String(decoding: words[0], as: UTF8.self)), version > 0
        else {
            throw KeyFileError(
                line: line, problem: "the first word is not a version: a number from 1 to 4294967295")
        }
        guard let key = Base64.decode(String(decoding: words[1], as: UTF8.self)) else {
            throw KeyFileError(line: line, problem: "the key is not base64")
        }
        guard key.count == AESGCM.keySize else {
            throw KeyFileError(
                line: line, problem: "the key has \(key.count) bytes, expected \(AESGCM.keySize)")
        }
        guard Set(key).count > 1 else {
            throw KeyFileError(line: line, problem: "the key is one byte repeated, not a random one")
        }
        return (version, key)
    }
}

/// What is wrong with a file of keys, for the operator. Never holds any of the file's text.
public struct KeyFileError: Error, Equatable, CustomStringConvertible {
    /// Counted from 1; nil where it is the file as a whole.
    public let line: Int?
    public let problem: String

    public var description: String { (line.map { "line \($0): " } ?? "") + problem }
}
