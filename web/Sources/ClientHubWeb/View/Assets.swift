import Cryptography
import Foundation

/// Style, script and pictures. Their addresses have a hash of their content in them, so that browsers keep them for ever and
/// still never show an old one.
struct Assets: Sendable {
    struct Asset: Sendable {
        let text: String
        let type: String
        let hash: String
    }

    private let byName: [String: Asset]

    init(_ files: [Resources.File]) {
        byName = Dictionary(
            uniqueKeysWithValues: files.map { file in
                let text = String(decoding: file.data, as: UTF8.self)
                let hash = Hex.encode(Array(SHA256.hash(text).prefix(8)))
                return (file.name, Asset(text: text, type: Self.type(of: file.name), hash: hash))
            })
    }

    func address(of name: String) -> String {
        guard let asset = byName[name] else { preconditionFailure("there is no asset \(name)") }
        return "/assets/\(asset.hash)/\(name)"
    }

    /// The asset, where its content still is what the address says.
    func asset(_ name: String, hash: String) -> Asset? {
        byName[name].flatMap { $0.hash == hash ? $0 : nil }
    }

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }
}
