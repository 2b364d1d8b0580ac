import Pages
import Testing

@testable import Wire

@Suite("Every page of docs/")
struct PagesTests {
    private static let paths = (try? Repository.files(below: "docs").filter { $0.hasSuffix(".md") }) ?? []

    @Test("names methods that exist", arguments: paths)
    func methods(path: String) throws {
        let known = Set(allCalls.map { $0.method })
        let services = Set(allCalls.compactMap { $0.method.split(separator: ".").first })
        let words = try Page(path).text.utf8.split { byte in
            !(0x30...0x39).contains(byte) && !(0x41...0x5A).contains(byte) && !(0x61...0x7A).contains(byte)
                && byte != UInt8(ascii: ".") && byte != UInt8(ascii: "_")
        }
        for word in words.compactMap(Substring.init) {
            let parts = word.split(separator: ".")
            // Methods begin with a capital letter, settings and files do not.
            guard parts.count == 2, services.contains(parts[0]), parts[1].first?.isUppercase == true else {
                continue
            }
            #expect(known.contains(parts.joined(separator: ".")), "\(path) names \(word)")
        }
    }

    @Test("has links that lead somewhere", arguments: paths)
    func links(path: String) throws {
        let page = try Page(path)
        for link in page.links where !link.contains("://") {
            let parts = link.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
            let target = parts[0].isEmpty ? path : resolve(parts[0])
            guard Repository.exists(target) else {
                Issue.record("\(path) links to \(link)")
                continue
            }
            guard parts.count == 2 else { continue }
            let anchors = try target == path ? page.anchors : Page(target).anchors
            #expect(anchors.contains(parts[1]), "\(path) links to \(link)")
        }
    }

    @Test("has no heading twice, so that every link has one end", arguments: paths)
    func headings(path: String) throws {
        let titles = try Page(path).sections.map(\.title)
        #expect(Set(titles).count == titles.count)
    }

    private func resolve(_ link: String) -> String {
        link.hasPrefix("../") ? String(link.dropFirst(3)) : "docs/" + link
    }
}

extension Page {
    fileprivate var anchors: [String] { sections.map(\.anchor) }

    /// What the page links to, `](…)`.
    fileprivate var links: [String] {
        let bytes = Array(text.utf8)
        var links: [String] = []
        for index in bytes.indices.dropLast(2)
        where bytes[index] == UInt8(ascii: "]") && bytes[index + 1] == UInt8(ascii: "(") {
            let link = bytes[(index + 2)...].prefix { $0 != UInt8(ascii: ")") && $0 != UInt8(ascii: "\n") }
            links.append(String(decoding: link, as: UTF8.self))
        }
        return links
    }
}
