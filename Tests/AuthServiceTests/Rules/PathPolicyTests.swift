import Testing
import Wire

@testable import AuthService

@Suite("Paths")
struct PathPolicyTests {
    @Test(
        "a locked session reaches set-up, help and log-out, and what lies below them",
        arguments: [
            "/two-factor", "/two-factor/sms", "/two-factor/authenticator/confirm", "/help", "/help/video",
            "/log-out", "/log-out/now", "/help/a%20b", "/help/Fragen%C3%BC", "/help/a.b", "/help/a;v=1",
        ])
    func alwaysOpen(path: String) { #expect(PathPolicy.kind(of: path) == .alwaysOpen) }

    @Test(
        "whole segments count, and capital letters are others",
        arguments: [
            "/", "/documents", "/two-factorx", "/two-facto", "/two-factor;x", "/two-factor.html", "/helpx",
            "/hel",
            "/HELP", "/Two-Factor", "/log-outs", "/documents/two-factor", "/documents/help", "/x/log-out",
        ])
    func other(path: String) { #expect(PathPolicy.kind(of: path) == .other) }

    @Test(
        "a PRO's pages, in whatever letters",
        arguments: [
            "/clients", "/clients/1", "/settings", "/settings/client-hub", "/Clients", "/CLIENTS/1",
            "/sEttings",
        ])
    func staff(path: String) { #expect(PathPolicy.kind(of: path) == .staff) }

    @Test(
        "a PRO's pages are whole segments too",
        arguments: ["/clientsx", "/client", "/setting", "/settings-x"])
    func notStaff(path: String) { #expect(PathPolicy.kind(of: path) == .other) }

    @Test(
        "what is not in normal form is no page at all",
        arguments: [
            // Nothing, and nothing that begins with a slash.
            "", "help", "two-factor/x", "https://hub.example/help", " /help",
            // Dot segments, also with path parameters behind them.
            "/help/../documents", "/help/./x", "/help/..", "/help/.", "/..", "/.", "/help/..;/documents",
            "/help/.;x/y", "/help/;/x", "/help/...",
            // Empty segments.
            "//", "//help", "//documents", "/help//documents", "/help/", "/documents/", "/help/;",
            // Encoded separators, dots and letters, also a second time.
            "/help%2f..%2fdocuments", "/help/%2F", "/help%5c..%5cdocuments", "/help/%5C",
            "/help/%2e%2e/documents",
            "/help/%2E%2E/documents", "/help/%2e", "/%68elp", "/%63lients", "/clien%74s",
            "/help/%252e%252e/x",
            "/help/%252Fx", "/help/%25%32%66",
            // Backslashes and what else is no character of a path.
            "/help\\..\\documents", "\\help", "/help/ x", "/help/x\n", "/help/\u{0}", "/help/é", "/help?x",
            "/help#x",
            "/help/\"", "/help/<x>", "/help/[x]", "/help/{x}", "/help/|", "/help/^", "/help/`",
            // NUL, other control characters, and encodings that are none.
            "/help/%00", "/help%00/../documents", "/help/%0d%0a", "/help/%7f", "/help/%", "/help/%4",
            "/help/%zz",
            "/help/%2", "/help/%-1", "/help/%+1", "/help%", "/help/%g0",
        ])
    func unclear(path: String) { #expect(PathPolicy.kind(of: path) == .unclear) }

    @Test("an encoded percent sign is fine where no second encoding follows it")
    func percentSign() {
        #expect(PathPolicy.kind(of: "/documents/100%25") == .other)
        #expect(PathPolicy.kind(of: "/documents/100%25%20done") == .other)
        #expect(PathPolicy.kind(of: "/documents/100%25a") == .other)
        #expect(PathPolicy.kind(of: "/documents/100%25ab") == .unclear)
    }

    @Test("no path of three bytes that the policy opens to a locked session is anything but the listed pages")
    func shortPaths() {
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                let path = String(decoding: [UInt8(ascii: "/"), first, second], as: UTF8.self)
                #expect(PathPolicy.kind(of: path) != .alwaysOpen)
            }
        }
    }

    @Test(
        "one byte more or another one never turns a locked page into an open one",
        arguments: ["/two-factor", "/help", "/log-out"])
    func neighbours(page: String) {
        for byte in UInt8.min..<0x80 where byte != UInt8(ascii: "/") {
            let longer = String(decoding: Array(page.utf8) + [byte], as: UTF8.self)
            #expect(PathPolicy.kind(of: longer) != .alwaysOpen, "\(longer)")
        }
        for index in page.utf8.indices {
            for byte in UInt8.min..<0x80 where byte != page.utf8[index] {
                var bytes = Array(page.utf8)
                bytes[page.utf8.distance(from: page.utf8.startIndex, to: index)] = byte
                #expect(PathPolicy.kind(of: String(decoding: bytes, as: UTF8.self)) != .alwaysOpen)
            }
        }
    }
}

@Suite("Pages")
struct PagePolicyTests {
    @Test(
        "a locked session is sent to its lock, whatever the role and the page",
        arguments: [(Auth.Gate.State.setUp, Auth.Decision.setUp), (.verify, .verify)], Auth.Role.allCases)
    func locked(lock: (Auth.Gate.State, Auth.Decision), role: Auth.Role) {
        for kind in [PathPolicy.Kind.staff, .other, .unclear] {
            #expect(PagePolicy.decide(kind, lock.0, role) == lock.1)
        }
        #expect(PagePolicy.decide(.alwaysOpen, lock.0, role) == .allow)
    }

    @Test("a client gets no PRO's page, a PRO and the owner do")
    func staff() {
        #expect(PagePolicy.decide(.staff, .open, .client) == .forbid)
        #expect(PagePolicy.decide(.staff, .open, .pro) == .allow)
        #expect(PagePolicy.decide(.staff, .open, .owner) == .allow)
    }

    @Test("an unclear path is forbidden in an open session too", arguments: Auth.Role.allCases)
    func unclear(role: Auth.Role) { #expect(PagePolicy.decide(.unclear, .open, role) == .forbid) }

    @Test("everything else is open", arguments: Auth.Role.allCases)
    func open(role: Auth.Role) {
        #expect(PagePolicy.decide(.other, .open, role) == .allow)
        #expect(PagePolicy.decide(.alwaysOpen, .open, role) == .allow)
    }
}
