import ArgumentParser
import Foundation
import Testing

@testable import hubload

@Suite("docs/load-testing.md")
struct PageTests {
    private let page: String

    init() throws {
        let path = URL(fileURLWithPath: #filePath)
            .appendingPathComponent("../../../../docs/load-testing.md").standardizedFileURL.path
        page = try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test("names every option, and no other")
    func options() throws {
        let commands: [any ParsableCommand.Type] = [
            AuthCommand.self, OTPCommand.self, SMSCommand.self, ChainCommand.self, WebCommand.self,
            GrowthCommand.self,
            GenerateCommand.self,
        ]
        let help = commands.map { Hubload.helpMessage(for: $0) }.joined()
        let there = Set(help.matches(of: /\s(--[a-z-]+)/).map { String($0.1) })
        let named = Set(page.matches(of: /`(--[a-z-]+)/).map { String($0.1) })
        #expect(there.subtracting(["--help", "--version"]).subtracting(named).isEmpty)
        #expect(named.subtracting(there).isEmpty)
    }

    @Test("names every mix, every axis, and whatever an objective can be for")
    func words() {
        for mix in Mix.allCases { #expect(page.contains("| `\(mix.rawValue)`")) }
        for axis in GrowthAxis.allCases { #expect(page.contains(axis.rawValue)) }
        for name in Report.names(of: .chain, ramp: true, overload: true, usage: true).keys
        where !Load.chain.calls.contains(where: { name.hasPrefix($0 + ".") }) {
            #expect(page.contains("`\(name)`"))
        }
    }
}
