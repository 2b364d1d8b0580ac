import Testing

@testable import Wire

extension EndToEnd {
    /// Whatever was answered is there after a kill between any two instructions.
    @Suite("A kill under load")
    @Loop
    struct CrashTests {
        /// What was answered before the kill, and how many calls are still to be made.
        @Loop private final class Ledger<Entry: Sendable> {
            var entries: [Entry] = []
            var isOver = false
        }

        /// Has `callers` call again and again, kills the service in the midst of it, once the answers are `enough`, and
        /// starts it.
        private func kill<Entry: Sendable>(
            _ daemon: Daemon, callers: Int = 16, once enough: @Loop ([Entry]) -> Bool,
            _ call: @escaping @Loop (Int) async throws -> Entry
        ) async throws -> [Entry] {
            let ledger = Ledger<Entry>()
            let load = Task { @Loop in
                await atOnce(callers) { caller in
                    var round = 0
                    while !ledger.isOver {
                        ledger.entries.append(try await call(round * callers + caller))
                        round += 1
                    }
                }
            }
            try await eventually("enough answers of \(daemon.name)") { enough(ledger.entries) }
            try await daemon.kill()
            ledger.isOver = true
            _ = await load.value
            try await daemon.start()
            return ledger.entries
        }

        @Test("AuthService keeps each session, client, and setting that it answered")
        func auth() async throws {
            try await Stack.run { stack in
                let firm = try await Firm(on: stack)
                let owner = firm.owner
                let ana = try await firm.client()
                let version = try await firm.settings().version
                enum Entry: Sendable {
                    case client(ID, String), session(String), version(Int)

                    var kind: Int {
                        switch self {
                        case .client: 0
                        case .session: 1
                        case .version: 2
                        }
                    }
                }

                let entries = try await kill(
                    stack.auth, once: { $0.count >= 150 && Set($0.map(\.kind)).count == 3 }
                ) { number in
                    switch number % 16 {
                    case 0, 1:
                        let token = try await ana.call(
                            Auth.LogIn(firm: ana.firm, email: ana.email, password: ana.password)
                        ).session
                        stack.secrets.note(token)
                        return Entry.session(token)
                    case 2:
                        let settings = try await firm.settings()
                        return .version(
                            try await owner.call(
                                Auth.UpdateSettings(
                                    session: owner.session, version: settings.version,
                                    idleMinutes: 5 + number / 16 % 50)
                            ).version)
                    default:
                        let email = "client-\(number)@example.com"
                        let invited = try await owner.call(
                            Auth.InviteClient(session: owner.session, name: "Client \(number)", email: email))
                        stack.secrets.note(invited.invitation)
                        return .client(invited.client, email)
                    }
                }

                var clients: [ID: String] = [:]
                var cursor: String?
                repeat {
                    let page = try await owner.call(
                        Auth.ListClients(session: owner.session, cursor: cursor, limit: 200))
                    for client in page.clients { clients[client.id] = client.email }
                    cursor = page.next
                } while cursor != nil
                var counts = (clients: 0, sessions: 0, versions: 0)
                let last = try await firm.settings().version
                for entry in entries {
                    switch entry {
                    case .client(let id, let email):
                        counts.clients += 1
                        #expect(clients[id] == email)
                    case .session(let token):
                        counts.sessions += 1
                        #expect(try await ana.decision(by: token) == .allow)
                    case .version(let version):
                        counts.versions += 1
                        #expect(version <= last)
                    }
                }
                #expect(counts.clients > 0 && counts.sessions > 0 && counts.versions > 0)
                // Nothing counts twice: one change more at most, that was on disk and not answered any more.
                #expect(last - version - counts.versions <= 1)
                let audit = try await stack.auth.client.call(Auth.VerifyAudit(firm: firm.slug))
                #expect(audit.intact, "\(audit.problem ?? "")")
            }
        }

        @Test("OTPService keeps each factor that it answered, and what ended stays ended")
        func otp() async throws {
            try await Stack.run { stack in
                let firm = ID()
                let client = stack.otp.client
                struct Entry: Sendable {
                    let subject: ID
                    let wasReset: Bool
                }
                let entries = try await kill(stack.otp, callers: 8, once: { $0.count >= 40 }) { number in
                    let subject = ID()
                    let begun = try await client.call(
                        OTP.Begin(subject: subject, method: .authenticator, firm: firm))
                    let authenticator = Authenticator(try #require(begun.secret), stack.secrets)
                    let code = try await authenticator.code()
                    let confirmed = try await client.call(
                        OTP.Confirm(subject: subject, method: .authenticator, code: code))
                    for code in confirmed.recoveryCodes ?? [] { stack.secrets.note(recovery: code) }
                    guard number % 3 == 0 else { return Entry(subject: subject, wasReset: false) }
                    _ = try await client.call(OTP.Reset(subject: subject))
                    return Entry(subject: subject, wasReset: true)
                }
                #expect(Set(entries.map(\.wasReset)).count == 2)
                for entry in entries {
                    let known = try await client.call(OTP.Methods(subject: entry.subject))
                    #expect(known.methods == (entry.wasReset ? [] : [.authenticator, .recovery]))
                    #expect(known.recoveryLeft == (entry.wasReset ? 0 : 10))
                }
            }
        }

        @Test("SMSGateway brings each message it accepted to one end, and sends none twice")
        func sms() async throws {
            try await Stack.run { stack in
                let client = stack.sms.client
                let firm = ID()
                let expires = Timestamp.now + 300
                let entries = try await kill(stack.sms, once: { $0.count >= 200 }) { number in
                    let submit = SMS.Submit(
                        key: "key-\(number)", to: stack.phone(), code: "\(100_000 + number * 7)",
                        expires: expires, firm: firm, purpose: .verify)
                    stack.secrets.note(code: submit.code)
                    return (submit, try await client.call(submit, within: 30_000).message)
                }

                // What was under way at the kill is uncertain; everything else goes out. That holds also for what was
                // accepted and whose answer the kill cut off, so nothing is read before all of it is done.
                try await eventually("nothing to wait or be on its way") {
                    let states = try await client.call(SMS.Stats(), within: 60_000).states
                    return states["queued"] == 0 && states["sending"] == 0
                }
                let before = try stack.texts()
                #expect(Set(before.map(\.to)).count == before.count, "a number got two messages")
                for (submit, message) in entries {
                    let state = try await client.call(SMS.Status(message: message)).state
                    #expect([.sent, .delivered, .uncertain].contains(state))
                    let texts = before.filter { $0.message == message }
                    // An uncertain one may have got out or not; one that was sent did, to its number, with its code.
                    if state != .uncertain { #expect(texts.count == 1) }
                    for text in texts {
                        #expect(text.to == submit.to)
                        #expect(text.code == submit.code)
                    }
                }

                // Asking for the same again sends nothing again, and one more restart does not either.
                for (submit, message) in entries.prefix(50) {
                    let reply = try await client.call(submit)
                    #expect(reply.duplicate)
                    #expect(reply.message == message)
                }
                try await stack.sms.kill()
                try await stack.sms.start()
                let (submit, message) = (try #require(entries.first))
                #expect(try await client.call(submit).message == message)
                _ = try await client.call(
                    SMS.Submit(
                        key: "the last", to: stack.phone(), code: "271828", expires: expires, firm: firm,
                        purpose: .verify))
                stack.secrets.note(code: "271828")
                try await eventually("the last message") {
                    try stack.texts().contains { $0.code == "271828" }
                }
                let after = try stack.texts()
                #expect(after.filter { $0.code != "271828" } == before, "a message was sent a second time")
            }
        }

        @Test("a message that waited when the service was killed goes out once after it")
        func queued() async throws {
            try await Stack.run { stack in
                // Nothing can be written while a file stands in the directory's place.
                let blocker = stack.scratch.at("outbox")
                try stack.scratch.write("outbox", "in the way")
                let client = stack.sms.client
                let phone = stack.phone()
                let submit = SMS.Submit(
                    key: "waits", to: phone, code: "314159", expires: .now + 300, firm: ID(), purpose: .setUp)
                stack.secrets.note(code: submit.code)
                let message = try await client.call(submit).message
                try await stack.sms.kill()
                #expect(try await run("rm", blocker).end == .exit(0))
                try await stack.sms.start()
                let state = try await eventually("the message to end") { () -> SMS.MessageState? in
                    let state = try await client.call(SMS.Status(message: message)).state
                    return state == .queued || state == .sending ? nil : state
                }
                let texts = try stack.texts(to: phone)
                switch state {
                case .sent, .delivered: #expect(texts.map(\.code) == ["314159"])
                case .uncertain, .failed: #expect(texts.isEmpty)
                default: Issue.record("the message ended as \(state)")
                }
            }
        }
    }
}
