import Foundation
import Testing
import Wire

@testable import hubctl

/// The three copies of a backup against each other, while clients do what changes two or three of the databases.
@Suite("A backup under load", .serialized, .timeLimit(.minutes(10)))
struct CommonMomentTests {
    private static let clients = 160

    @Test("shows one moment: what AuthService, OTPService and SMSGateway know of each client agrees")
    func agrees() async throws {
        let host = try Installed()
        for holder in ["otp", "sms"] { #expect(try await host.hubctl("key", "create", holder).status == 0) }
        try await host.start()
        let auth = host.client("auth")
        _ = try await auth.call(
            Auth.CreateFirm(
                slug: "acme", name: "Acme",
                owner: .init(name: "Olga", email: "o@acme.example", password: Visitor.password)),
            within: 120_000)
        let visitors = try await prepare(host)

        // Half of them confirm an authenticator, half ask for a code by text message, all through the backups.
        let load = Task {
            try await withThrowingTaskGroup { group in
                for lane in 0..<4 {
                    group.addTask {
                        for index in stride(from: lane, to: visitors.count, by: 4) {
                            try await Self.act(visitors[index], index)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        var backups: [String] = []
        var isDone = false
        let watch = Task { try await load.value }
        while !isDone {
            let run = try await host.hubctl("backup")
            try #require(run.status == 0, "\(run.errors)")
            backups.append(String(try #require(run.output.split(separator: "\n").first)))
            let last = try await count(
                host, backups.last ?? "", "otp", "SELECT count(*) FROM factor WHERE confirmed")
            isDone = last == Self.clients / 2
            if backups.count > 200 { break }
        }
        try await watch.value
        var between = 0
        for backup in backups {
            let enrolled = try await host.query(
                "\(backup)/auth.db", "SELECT hex(id) FROM person WHERE enrolled_at IS NOT NULL ORDER BY 1")
            let confirmed = try await host.query(
                "\(backup)/otp.db", "SELECT hex(subject) FROM factor WHERE confirmed ORDER BY 1")
            #expect(enrolled == confirmed)
            let sent = try await host.query("\(backup)/otp.db", "SELECT hex(id) FROM message ORDER BY 1")
            let taken = try await host.query("\(backup)/sms.db", "SELECT hex(id) FROM message ORDER BY 1")
            #expect(sent == taken)
            if !enrolled.isEmpty, enrolled.count < Self.clients / 2 { between += 1 }
        }
        #expect(between > 0, "no backup fell into the load: \(backups.count) were made")
        try await host.stop()
    }

    @Test(
        "a held service goes on to show pages, lets changes wait, and lets go by itself where it is forgotten"
    )
    func holds() async throws {
        let host = try Installed()
        for holder in ["otp", "sms"] { #expect(try await host.hubctl("key", "create", holder).status == 0) }
        try await host.start()
        let auth = host.client("auth")
        _ = try await auth.call(
            Auth.CreateFirm(
                slug: "acme", name: "Acme",
                owner: .init(name: "Olga", email: "o@acme.example", password: Visitor.password)),
            within: 120_000)
        let ana = try await Visitor(of: "acme", on: host, "ana@example.com")

        let hold = try await auth.call(Common.Hold(milliseconds: 10_000))
        let change = Task { try await auth.call(Auth.LogOut(session: ana.session), within: 60_000) }
        let page = try await auth.call(Auth.Authorize(session: ana.session, path: "/documents"))
        #expect(page.decision == .allow)
        let second = await #expect(throws: Refusal.self) { try await auth.call(Common.Hold()) }
        #expect(second?.isFor(.held) == true)
        let other = await #expect(throws: Refusal.self) {
            try await auth.call(Common.Backup(hold: ID()), within: 60_000)
        }
        #expect(other?.isFor(.noSuchHold) == true)
        _ = try await auth.call(Common.Release(hold: hold.hold))
        _ = try await change.value

        // Nobody comes back for this one.
        let forgotten = try await auth.call(Common.Hold(milliseconds: 100))
        _ = try await auth.call(Auth.LogOut(session: ana.session), within: 60_000)
        let late = await #expect(throws: Refusal.self) {
            try await auth.call(Common.Backup(hold: forgotten.hold), within: 60_000)
        }
        #expect(late?.isFor(.noSuchHold) == true)
        #expect(try host.text("auth.log").contains("a hold ended by itself"))
        let wrong = await #expect(throws: Refusal.self) {
            try await auth.call(Common.Hold(milliseconds: 60_000))
        }
        #expect(wrong?.isFor(.malformed) == true)
        #expect(try await host.hubctl("backup").status == 0)
        try await host.stop()
    }

    /// Clients who are logged in, each with a set-up that was begun.
    private func prepare(_ host: Installed) async throws -> [(visitor: Visitor, code: String)] {
        let visitors = try await withThrowingTaskGroup(of: (Int, Visitor).self) { group in
            var visitors: [Int: Visitor] = [:]
            for index in 0..<Self.clients {
                // So many at once that no password waits in vain.
                if index >= 8, let (done, visitor) = try await group.next() { visitors[done] = visitor }
                group.addTask {
                    var visitor = try await Visitor(of: "acme", on: host, "c\(index)@example.com")
                    if index % 2 == 0 { try await visitor.beginSetUp() }
                    return (index, visitor)
                }
            }
            for try await (done, visitor) in group { visitors[done] = visitor }
            return (0..<Self.clients).compactMap { visitors[$0] }
        }
        // As late as can be: each is good for a minute.
        var entries: [(visitor: Visitor, code: String)] = []
        for (index, visitor) in visitors.enumerated() {
            entries.append((visitor, index % 2 == 0 ? try await visitor.code() : ""))
        }
        return entries
    }

    private static func act(_ entry: (visitor: Visitor, code: String), _ index: Int) async throws {
        var visitor = entry.visitor
        if index % 2 == 0 {
            try await visitor.confirm(entry.code)
        } else {
            _ = try await visitor.auth.call(
                Auth.BeginSetUp(
                    session: visitor.session, method: .sms, phone: "+1415\(232 + index / 100)\(5_000 + index)"
                ),
                within: 120_000)
        }
    }

    private func count(_ host: Installed, _ backup: String, _ name: String, _ sql: String) async throws -> Int
    {
        Int(try await host.query("\(backup)/\(name).db", sql).first ?? "") ?? 0
    }
}
