import Testing
import Wire

@testable import hubctl

@Suite("Reports")
struct ReportTests {
    private static let now = Timestamp(milliseconds: 1_795_512_600_000)
    private static let id = ID(high: 0x019a_a000_0000_7000, low: 0x8000_0000_0000_0001)

    @Test("of health: one line a service, with what is wrong")
    func health() {
        func health(_ name: String, _ status: Common.Condition, _ checks: [Common.Check])
            -> Common.Health.Reply
        {
            Common.Health.Reply(
                status: status, service: name, version: "0.1.0", since: Self.now - 3_700, checks: checks)
        }
        let report = HealthReport(services: [
            .init(
                name: "auth", socket: "/run/auth.sock",
                health: health(
                    "auth", .serving, [.init(name: "database", ok: true), .init(name: "otp", ok: true)])),
            .init(
                name: "otp", socket: "/run/otp.sock",
                health: health(
                    "otp", .degraded,
                    [
                        .init(name: "database", ok: false, detail: "the disk is full"),
                        .init(name: "sms", ok: true),
                    ])),
            .init(name: "sms", socket: "/run/sms.sock", error: "No such file"),
        ])
        #expect(!report.isGood)
        #expect(
            report.table(now: Self.now).text == """
                SERVICE  STATUS       VERSION  UP FOR     CHECKS
                auth     serving      0.1.0    1 h 1 min  database, otp ok
                otp      degraded     0.1.0    1 h 1 min  database: the disk is full
                sms      unreachable  -        -          No such file
                """)
    }

    @Test("of health is good only where every service serves")
    func good() {
        let serving = Common.Health.Reply(
            status: .serving, service: "a", version: "1", since: Self.now, checks: [])
        var draining = serving
        draining.status = .draining
        let well = HealthReport.Service(name: "a", socket: "/a", health: serving)
        #expect(HealthReport(services: [well, well]).isGood)
        #expect(!HealthReport(services: [well, .init(name: "b", socket: "/b", health: draining)]).isGood)
        #expect(!HealthReport(services: [well, .init(name: "b", socket: "/b", error: "gone")]).isGood)
        #expect(HealthReport.Service(name: "b", socket: "/b", health: draining).problem == "draining")
    }

    @Test("of a decision: the rule first, then what it was decided on")
    func why() {
        let gate = Auth.Gate(
            state: .verify, required: true, requiredBy: .firm, methods: [.authenticator, .sms],
            phone: "+1 ••• 71",
            deferred: false, offer: false)
        let reply = Auth.Explain.Reply(
            client: Self.id, gate: gate, rule: "2FA is required and a factor is enrolled.",
            facts: ["toggle": "on", "enrolled": "yes"])
        #expect(
            WhyCommand.text(of: reply) == """
                decision  verify: every page is locked until the second factor is proved
                rule      2FA is required and a factor is enrolled.
                required  yes, by the firm's setting
                methods   authenticator, sms
                phone     +1 ••• 71
                id        019aa000-0000-7000-8000-000000000001

                FACT      VALUE
                enrolled  yes
                toggle    on
                """)
    }

    @Test("of a decision after an override says that set-up waits for the next log-in")
    func deferred() {
        let gate = Auth.Gate(
            state: .open, required: true, requiredBy: .pro, methods: [], deferred: true, offer: true)
        let text = WhyCommand.text(of: .init(client: Self.id, gate: gate, rule: "r", facts: [:]))
        #expect(text.contains("methods   none"))
        #expect(text.contains("required  yes, by a PRO, for this client"))
        #expect(text.contains("deferred  set-up was put off"))
        #expect(text.contains("offer     set-up is offered"))
        #expect(!text.contains("FACT"))
    }

    @Test("of an audit log name the first event that does not fit")
    func audit() {
        let intact = Auth.VerifyAudit.Reply(intact: true, events: 3, head: "ab")
        #expect(AuditCommand.Verify.problem(in: intact, of: "demo") == nil)
        let broken = Auth.VerifyAudit.Reply(
            intact: false, events: 3, head: "ab", firstBad: 2, problem: "its hash is another")
        #expect(
            AuditCommand.Verify.problem(in: broken, of: "demo")
                == .bad("the audit log of demo: event 2 does not fit: its hash is another"))
    }

    @Test("of a backup give sizes that end at the same place, and the keys that are needed")
    func backup() {
        let manifest = Manifest(
            version: "0.1.0", at: Self.now,
            files: [
                .init(service: .auth, file: "auth.db", bytes: 2_097_152, sha256: "", schema: 2, keys: []),
                .init(
                    service: .otp, file: "otp.db", bytes: 900, sha256: "", schema: 1,
                    keys: [.init(version: 1, values: 3), .init(version: 2, values: 4)]),
            ])
        let text = BackupCommand.text(of: .init(path: "/b/1", manifest: manifest, deleted: ["0"]))
        #expect(
            text == """
                /b/1

                   SIZE  FILE     SEALED UNDER
                2.0 MiB  auth.db  -
                  900 B  otp.db   key 1, key 2

                All three show 2026-11-24T09:30:00.000Z. The keys are not in it: keep a copy of them apart.
                Deleted: 0
                """)
    }

    @Test("of messages show where the next page begins")
    func messages() {
        let entry = SMS.Entry(
            message: Self.id, to: "+1 ••• 71", firm: Self.id, purpose: .verify, state: .failed,
            provider: "outbox",
            attempts: 2, error: "refused\u{1B}[1m", created: Self.now, updated: Self.now,
            expires: Self.now + 300)
        let text = SMSListCommand.text(of: .init(messages: [entry], next: "c7"))
        #expect(
            text == """
                CREATED                   MESSAGE                               TO         PURPOSE  STATE   TRIES  PROVIDER  ERROR
                2026-11-24T09:30:00.000Z  019aa000-0000-7000-8000-000000000001  +1 ••• 71  verify   failed      2  outbox    refused\\u{1b}[1m

                More with --after c7
                """)
        #expect(SMSListCommand.text(of: .init(messages: [])) == "no messages")
    }

    @Test("of the queue list every state in its order, then providers and blocks")
    func stats() {
        let reply = SMS.Stats.Reply(
            states: ["queued": 2, "sent": 11, "lost": 1], oldestQueued: Self.now - 65,
            providers: [.init(name: "main", kind: "outbox", open: false, sent: 11, failed: 0)],
            blocks: [
                .init(prefix: "+1900", reason: "premium"),
                .init(prefix: "+1415555", reason: "unused", until: Self.now + 60, recorded: true),
            ])
        #expect(
            SMSStatsCommand.text(of: reply, now: Self.now) == """
                STATE      MESSAGES
                queued            2
                sending           0
                sent             11
                delivered         0
                failed            0
                expired           0
                cancelled         0
                uncertain         0
                lost              1

                The oldest in the queue has waited 1 min 5 s.

                PROVIDER  KIND    STATE      SENT  FAILED
                main      outbox  held back    11       0

                BLOCKED   UNTIL                     REASON
                +1900     unblocked                 premium
                +1415555  2026-11-24T09:31:00.000Z  (only recorded) unused
                """)
    }

    @Test("of one message tell what became of it, and why")
    func trace() {
        let entry = SMS.Entry(
            message: Self.id, to: "+1 ••• 71", firm: Self.id, purpose: .verify, state: .uncertain,
            provider: "main", attempts: 2, error: "timed out\u{7}", created: Self.now, updated: Self.now + 31,
            expires: Self.now + 300)
        var reply = SMS.Trace.Reply(
            message: entry, country: "US", providerID: "SM1", ruledOut: ["other"], crashes: 1, resent: true,
            closed: false)
        #expect(
            SMSTraceCommand.text(of: reply) == """
                message    019aa000-0000-7000-8000-000000000001
                to         +1 ••• 71 (US)
                firm       019aa000-0000-7000-8000-000000000001
                purpose    verify
                state      uncertain, and a receipt may come
                tries      2
                provider   main
                its id     SM1
                why        timed out\\u{7}
                not by     other
                crashes    1
                resent     once, though it may have been sent
                accepted   2026-11-24T09:30:00.000Z
                changed    2026-11-24T09:30:31.000Z
                code ends  2026-11-24T09:35:00.000Z
                code used  no
                """)
        reply.closed = true
        #expect(SMSTraceCommand.text(of: reply).contains("uncertain, and no receipt is waited for any more"))
    }

    @Test("of limits say how many codes go where, and what the guard does")
    func limits() {
        var reply = SMS.Limits.Reply(
            numberPerTenMinutes: 3, numberPerHour: 5, numberPerDay: 10, prefixPerHour: 5, firmPerDay: 1_000,
            countryPerDay: 20_000, countries: ["CA", "US"], pumping: "block", queue: 10_000)
        #expect(
            SMSLimitsCommand.text(of: reply) == """
                CODES                                    AT MOST  IN
                to one number                                  3  ten minutes
                to one number                                  5  an hour
                to one number                                 10  a day
                unused, to unproved numbers of a prefix        5  an hour
                for one firm                                1000  a day
                to one country                             20000  a day
                waiting                                    10000  the queue

                Codes go to CA, US.
                A prefix whose codes are not used is blocked for 12 hours.
                """)
        reply.pumping = "record"
        #expect(SMSLimitsCommand.text(of: reply).hasSuffix("is only written down."))
    }

    @Test("of the most sends list what there is of prefixes, firms and countries")
    func top() {
        let reply = SMS.Top.Reply(
            claimed: [
                .init(name: "+1415555", sent: 20, verified: 1, blocked: true),
                .init(name: "+1604555", sent: 3, verified: 3, blocked: false),
            ], proved: [], firms: [], countries: [.init(name: "US", sent: 23, verified: 0)])
        #expect(
            SMSTopCommand.text(of: reply) == """
                PREFIX, UNPROVED  SENT  USED
                +1415555            20     1  blocked
                +1604555             3     3

                COUNTRY  SENT  USED
                US         23     0
                """)
        #expect(
            SMSTopCommand.text(of: .init(claimed: [], proved: [], firms: [], countries: [])) == "no codes")
    }

    @Test("of a refusal hold reason, field, waiting time and advice, on one line")
    func refusals() {
        #expect(
            Refusal(.noSuchFirm).line
                == "NO_SUCH_FIRM: There is no such firm. Hint: a firm is named by its slug, such as demo")
        #expect(
            Refusal(.weakPassword, "Too short.", field: "owner.password").line
                == "WEAK_PASSWORD: Too short. (field owner.password)")
        #expect(
            Refusal(.tooManyAttempts, retryAfter: 9, attemptsLeft: 2, hint: "CLOCK_OFF").line
                == "TOO_MANY_ATTEMPTS: There were too many wrong tries. (again in 9 s) (2 tries left) [CLOCK_OFF]"
        )
    }
}
