import FoundationEssentials
import Glibc
import Testing
import Wire

@testable import OTPService

@Loop
@Suite("What was answered", .timeLimit(.minutes(1)))
struct DurabilityTests {
    @Test("is told once, however many ask at the same time", arguments: FactorMethod.allCases)
    func parallel(_ method: FactorMethod) async throws {
        let bench = try Bench()
        let app = try Authenticator(await bench.begin(.authenticator))
        let codes = try #require(
            try await bench.confirm(.authenticator, app.code(at: bench.now)).recoveryCodes)
        try await bench.setUpPhone()
        bench.pass(30)
        try await bench.send()
        let code =
            switch method {
            case .authenticator: app.code(at: bench.now)
            case .sms: bench.gateway.code
            case .recovery: codes[3]
            }
        let answers = await answers(64) { try await bench.verify(method, code) }
        #expect(answers == ["right": 1, "CODE_USED": 63])
    }

    @Test("is that one of 64 confirmations was the first")
    func parallelConfirm() async throws {
        let bench = try Bench()
        let app = try Authenticator(await bench.begin(.authenticator))
        let code = app.code(at: bench.now)
        let answers = await answers(64) { try await bench.confirm(.authenticator, code) }
        #expect(answers == ["right": 1, "NOT_BEGUN": 63])
        #expect(try await bench.methods().recoveryLeft == 10)
    }

    @Test("counts wrong codes that come at the same time one by one")
    func parallelWrong() async throws {
        let bench = try Bench()
        let app = try await bench.setUpAuthenticator()
        let wrong = app.wrong(at: bench.now)
        let answers = await answers(64) { try await bench.verify(.authenticator, wrong) }
        #expect(answers == ["WRONG_CODE": 5, "TOO_MANY_ATTEMPTS": 59])
    }

    @Test("is the same after the database was closed and opened again")
    func reopened() async throws {
        let first = try Bench()
        let app = try await first.setUpAuthenticator()
        try await first.setUpPhone()
        try await first.send()
        let code = first.gateway.code
        for _ in 0..<2 { _ = try await refusal { try await first.verify(.sms, first.wrong(code)) } }
        await first.stop()

        let second = try Bench(at: first.path)
        func verify(_ method: FactorMethod, _ code: String) async throws -> OTP.Verify.Reply {
            try await second.call(OTP.Verify(subject: first.subject, method: method, code: code))
        }
        second.now = first.now
        #expect(
            try await refusal { try await verify(.authenticator, app.code(at: second.now)) }.isFor(.codeUsed))
        #expect(try await refusal { try await verify(.sms, second.wrong(code)) }.attemptsLeft == 2)
        #expect(try await verify(.sms, code).method == .sms)
        second.pass(30)
        #expect(try await verify(.authenticator, app.code(at: second.now)).method == .authenticator)
    }

    @Test(
        "is so when the process is killed right after: a code that was used stays used, a wrong one stays counted"
    )
    func killed() async throws {
        let path = try Bench.newPath()
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            try await useCodesAndDie(path)
        }
        let facts = try String(contentsOfFile: path + ".facts", encoding: .utf8).split(separator: "\n").map(
            String.init)
        let subject = try #require(ID(facts[0]))
        let bench = try Bench(at: path)
        for (method, code) in zip(FactorMethod.allCases, facts[1...3]) {
            let refused = try await refusal {
                try await bench.call(OTP.Verify(subject: subject, method: method, code: code))
            }
            #expect(refused.isFor(.codeUsed), "\(method)")
        }
        let wrong = try await refusal {
            try await bench.call(OTP.Verify(subject: subject, method: .recovery, code: "wrong"))
        }
        #expect(wrong.attemptsLeft == 2)
    }
}

/// How often each answer came to a call that was made `count` times at once: "right", or why it was refused.
@Loop
private func answers(_ count: Int, _ call: @escaping @Loop () async throws -> some Sendable) async -> [String:
    Int]
{
    let tasks = (0..<count).map { _ in
        Task { @Loop in
            do {
                _ = try await call()
                return "right"
            } catch {
                return (error as? Refusal)?.reason ?? "\(error)"
            }
        }
    }
    var answers: [String: Int] = [:]
    for task in tasks { answers[await task.value, default: 0] += 1 }
    return answers
}

/// The child's part: uses a code of each kind and types two wrong ones, and is killed the moment it knows the answers.
@Loop
private func useCodesAndDie(_ path: String) async throws {
    let bench = try Bench(at: path)
    let app = try Authenticator(await bench.begin(.authenticator))
    let recovery = try await bench.confirm(.authenticator, app.code(at: bench.now)).recoveryCodes?.first ?? ""
    try await bench.setUpPhone()
    try await bench.send()
    // The window takes the step after this one too; the parent's clock stands where this one does.
    let codes = [app.code(at: bench.now, 1), bench.gateway.code, recovery]
    try "\(bench.subject)\n\(codes.joined(separator: "\n"))\n"
        .write(toFile: path + ".facts", atomically: true, encoding: .utf8)
    for (method, code) in zip(FactorMethod.allCases, codes) { try await bench.verify(method, code) }
    for _ in 0..<2 { _ = try? await bench.verify(.recovery, "wrong") }
    kill(getpid(), SIGKILL)
}
