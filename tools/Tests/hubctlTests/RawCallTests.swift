import Testing
import Wire

@testable import hubctl

@Suite("Raw call")
struct RawCallTests {
    @Test("takes the body of an answer as it is, and an absent one as empty")
    func body() throws {
        #expect(try RawCall.body(of: #"{"id":1,"status":0,"body":{"a":1}}"#).compact == #"{"a":1}"#)
        #expect(try RawCall.body(of: #"{"id":1,"status":0}"#) == .object([]))
    }

    @Test("throws a refusal with all that the service said")
    func refusal() throws {
        let answer = """
            {"id":1,"status":16,"error":{"reason":"WRONG_CODE","message":"No.","field":"code","retryAfter":3,
            "attemptsLeft":2,"hint":"CLOCK_OFF"}}
            """
        let refusal = #expect(throws: Refusal.self) { try RawCall.body(of: answer) }
        #expect(
            refusal
                == Refusal(
                    .wrongCode, "No.", retryAfter: 3, field: "code", attemptsLeft: 2, hint: "CLOCK_OFF"))
    }

    @Test(
        "throws a refusal too where the service says little, or a status of the future",
        arguments: [14, 99, 4_000])
    func littleSaid(status: Int) {
        let refusal = #expect(throws: Refusal.self) {
            try RawCall.body(of: "{\"id\":1,\"status\":\(status)}")
        }
        #expect(refusal?.reason == "STATUS_\(status)")
    }

    @Test("says so where the answer is none", arguments: ["", "hello", "[]", "{}", "{\"status\":\"0\"}"])
    func noAnswer(message: String) {
        let refusal = #expect(throws: Refusal.self) { try RawCall.body(of: message) }
        #expect(refusal?.isFor(.unreachable) == true)
    }

    @Test("is written as one message, the body as it was given")
    func message() throws {
        let call = RawCall(
            method: "sms.Block", timeout: 250, body: try JSON(parsing: #"{ "b": 1.50, "a": "é" }"#))
        #expect(
            String(decoding: call.message, as: UTF8.self)
                == #"{"id":1,"method":"sms.Block","timeout":250,"body":{"b":1.50,"a":"é"}}"#)
    }

    @Test(
        "says that a socket is out of reach",
        arguments: ["/nonexistent/auth.sock", "/", String(repeating: "x", count: 200)])
    func unreachable(path: String) throws {
        let call = RawCall(method: "wire.Health", timeout: 1_000, body: .object([]))
        let refusal = #expect(throws: Refusal.self) { try call.make(at: path) }
        #expect(refusal?.isFor(.unreachable) == true)
    }
}
