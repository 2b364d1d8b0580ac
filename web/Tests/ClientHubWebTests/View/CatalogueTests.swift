import Foundation
import Testing

@testable import ClientHubWeb

/// The texts of the pages: each there in each language, each used, and none written into a template.
@Suite("Catalogue") struct CatalogueTests {
    private static let resources = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/ClientHubWeb")

    private static func texts(_ language: PageLanguage) throws -> [String: String] {
        let files = try Resources.files(
            in: resources.appending(path: "Resources"), "texts/\(language.rawValue)", ending: ".json")
        var all: [String: String] = [:]
        for file in files {
            for (section, texts) in try Texts([file.data]).sections {
                for (name, text) in texts {
                    #expect(
                        all["\(section).\(name)"] == nil,
                        "\(section).\(name) stands in two files of \(language)")
                    all["\(section).\(name)"] = text
                }
            }
        }
        return all
    }

    private static func sources(ending: String) throws -> [(name: String, text: String)] {
        let files = FileManager.default.enumerator(at: resources, includingPropertiesForKeys: nil)
        var sources: [(name: String, text: String)] = []
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == ending else { continue }
            sources.append((file.lastPathComponent, try String(contentsOf: file, encoding: .utf8)))
        }
        return sources
    }

    @Test("has each text in each language, with the same places for values")
    func complete() throws {
        let english = try Self.texts(.english)
        for language in PageLanguage.allCases {
            let texts = try Self.texts(language)
            #expect(Set(texts.keys).symmetricDifference(english.keys).sorted() == [], "in \(language)")
            for (name, text) in texts {
                #expect(!text.isEmpty, "\(name) in \(language)")
                let places = Set(text.matches(of: /\{\w+\}/).map { String($0.0) })
                let wanted = Set((english[name] ?? "").matches(of: /\{\w+\}/).map { String($0.0) })
                // Of one thing the number may go without saying.
                #expect(places.union(["{count}"]) == wanted.union(["{count}"]), "\(name) in \(language)")
            }
        }
    }

    @Test("has each text that a template names")
    func namedInTemplates() throws {
        let english = try Self.texts(.english)
        for template in try Self.sources(ending: "mustache") {
            for match in template.text.matches(of: /\{\{[#^\/]?\s*t\.([\w.-]+)\s*\}\}/) {
                #expect(english[String(match.1)] != nil, "\(template.name) names \(match.1)")
            }
        }
    }

    @Test("has no text that nothing uses")
    func used() throws {
        let templates = try Self.sources(ending: "mustache").map(\.text).joined()
        let code = try Self.sources(ending: "swift").map(\.text).joined()
        // Sections whose names the code puts together from what it shows: `texts("event", kind)`.
        let lookedUp = Set(code.matches(of: /"(\w+)",\s*(?:[A-Za-z]|"\\\()/).map { String($0.1) })
        for name in try Self.texts(.english).keys {
            let section = String(name.prefix { $0 != "." })
            let rest = String(name.dropFirst(section.count + 1))
            // Of a name that is put together the part before its last dot stands in the code.
            let stem = rest.split(separator: ".").dropLast().joined(separator: ".")
            let isUsed =
                templates.contains("t.\(name)}}") || code.contains("\"\(rest)\"")
                || lookedUp.contains(section)
                || !stem.isEmpty && (code.contains("\"\(stem).\\(") || code.contains("\"\(stem)\""))
            #expect(isUsed, "\(name)")
        }
    }

    @Test("leaves no words in a template", arguments: [">[^<{]*[A-Za-z]{3,}[^<{]*<"])
    func noWords(pattern: String) throws {
        let words = try Regex(pattern)
        for template in try Self.sources(ending: "mustache") {
            // Names of the demonstration's accounts are no texts.
            let text = template.text.replacing(/\{\{[^}]*\}\}/, with: "").replacing(
                /[\w-]+@demo\.example/, with: ""
            )
            .replacing("april-showers-1040", with: "")
            for match in text.matches(of: words) {
                Issue.record("\(template.name) says \(text[match.range])")
            }
        }
    }

    @Test("has a text for each reason that a form can be refused for")
    func reasons() throws {
        let english = try Self.texts(.english)
        for name in [
            "BAD_CREDENTIALS", "WRONG_CODE", "CODE_USED", "CODE_EXPIRED", "NOT_BEGUN", "TOO_MANY_ATTEMPTS",
            "TOO_MANY_CODES", "BAD_PHONE", "NOT_SET_UP", "ALREADY_SET_UP", "OVERLOADED",
        ] {
            #expect(english["problem.\(name)"] != nil, "\(name)")
        }
    }

    @Test(
        "counts one thing and many, and rounds waits up",
        arguments: [
            (1, "1 second"), (30, "30 seconds"), (89, "89 seconds"), (90, "2 minutes"), (120, "2 minutes"),
            (3_601, "61 minutes"), (7_200, "2 hours"),
        ])
    func spans(seconds: Int, text: String) throws {
        let files = try Resources.files(
            in: Self.resources.appending(path: "Resources"), "texts/en", ending: ".json")
        #expect(try Texts(files.map(\.data)).span(seconds: seconds) == text)
    }
}
