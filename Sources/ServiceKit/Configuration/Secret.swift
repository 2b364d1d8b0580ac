import Glibc

/// Bytes that must not be shown: printed, described, mirrored or interpolated it says "(secret)", and a log takes none.
public struct Secret: Sendable, Equatable {
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The bytes as text without the newline that an editor leaves at the end; nil where they are not UTF-8.
    public var text: String? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        return text.last?.isNewline == true ? String(text.dropLast()) : text
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "(secret)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Settings {
    /// A secret, read from the file that the setting names by its absolute path, or else from systemd's `credential`.
    ///
    /// A file that anyone but its owner can read is refused. Errors never show the setting's value unless it is an
    /// absolute path, since a mistaken operator may have written the secret itself there. `size` is in bytes.
    public func secret(
        _ name: String, credential: String? = nil, size: ClosedRange<Int> = 1...4_096, meaning: String
    ) throws(SettingError) -> Secret {
        let (owner, key) = try owner(of: name)
        let bounds =
            "the absolute path of a file"
            + (credential.map { ", or else the systemd credential \($0)" } ?? "")
        var inherited: String?
        if let credential, let directory = source.credentials, access(directory + "/" + credential, F_OK) == 0
        {
            inherited = directory + "/" + credential
        }
        let path = try value(
            name, default: inherited, bounds: bounds, meaning: meaning, show: { _ in "required" }
        ) { found throws(SettingError) in
            guard case .text(let text) = found, text.hasPrefix("/"), !text.utf8.contains(0) else {
                throw owner.error(key, "expected \(bounds)")
            }
            return text
        }
        return Secret(try owner.secretBytes(at: path, key: key, size: size))
    }

    private func secretBytes(at path: String, key: String, size: ClosedRange<Int>) throws(SettingError)
        -> [UInt8]
    {
        // systemd guards its directory of credentials itself, and may show group bits there that are an ACL's mask.
        let isCredential = source.credentials.map { path.hasPrefix($0 + "/") } ?? false
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try contents(of: path, limit: size.upperBound, isPrivate: !isCredential)
        } catch {
            throw self.error(key, "\(path) \(error)")
        }
        guard size.contains(bytes.count) else {
            throw error(key, "\(path) has \(bytes.count) bytes, expected \(size.words)")
        }
        return bytes
    }
}
