import Foundation
import Mustache

/// What the program brings along: templates, texts and assets, read once. From then on no page needs the disk.
struct Resources: Sendable {
    let templates: MustacheLibrary
    let texts: [PageLanguage: Texts]
    let assets: Assets

    /// Reads what stands beside the program.
    init() throws {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Resources")
        var templates = MustacheLibrary()
        for file in try Self.files(in: folder, "templates", ending: ".mustache") {
            try templates.register(String(decoding: file.data, as: UTF8.self), named: file.name)
        }
        self.templates = templates
        var texts: [PageLanguage: Texts] = [:]
        for language in PageLanguage.allCases {
            let files = try Self.files(in: folder, "texts/\(language.rawValue)", ending: ".json")
            texts[language] = try Texts(files.map(\.data))
        }
        self.texts = texts
        assets = Assets(try Self.files(in: folder, "assets", ending: ""))
    }

    struct File {
        /// Without the ending.
        let name: String
        let data: Data
    }

    static func files(in resources: URL, _ folder: String, ending: String) throws -> [File] {
        let folder = resources.appendingPathComponent(folder)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") }.sorted()
            .map { name in
                File(
                    name: String(name.dropLast(ending.count)),
                    data: try Data(contentsOf: folder.appendingPathComponent(name)))
            }
    }
}
