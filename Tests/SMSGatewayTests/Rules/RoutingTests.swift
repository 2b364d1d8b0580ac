import Testing
import Wire

@testable import SMSGateway

@Suite("Routing") struct RoutingTests {
    let later = Timestamp(milliseconds: 5_000)

    func route(_ provider: String, room: Int = 1, opens: Timestamp? = nil) -> Routing.Route {
        Routing.Route(provider: provider, room: room, opens: opens)
    }

    func choose(_ routes: [Routing.Route], ruledOut: Set<String> = [], tried: Set<String> = [])
        -> Routing.Choice
    {
        var routing = Routing(routes)
        return routing.choose(ruledOut: ruledOut, tried: tried)
    }

    @Test("takes the first that works")
    func first() {
        #expect(choose([route("a"), route("b")]) == .route("a"))
        #expect(choose([route("a", opens: later), route("b")]) == .route("b"))
    }

    @Test("waits for the first where it is merely busy")
    func busy() {
        #expect(choose([route("a", room: 0), route("b")]) == .wait)
    }

    @Test("passes over what turned the message away, while there is another")
    func tried() {
        #expect(choose([route("a"), route("b")], tried: ["a"]) == .route("b"))
        #expect(choose([route("a"), route("b")], tried: ["a", "b"]) == .route("a"))
        #expect(choose([route("a"), route("b", opens: later)], tried: ["a"]) == .route("a"))
    }

    @Test("never takes what is ruled out")
    func ruledOut() {
        #expect(choose([route("a"), route("b")], ruledOut: ["a"]) == .route("b"))
        #expect(choose([route("a"), route("b")], ruledOut: ["a", "b"]) == .none)
        #expect(choose([], ruledOut: []) == .none)
    }

    @Test("says when the first of those that are shut opens")
    func shut() {
        #expect(choose([route("a", opens: later + 9), route("b", opens: later)]) == .shut(until: later))
        #expect(
            choose(
                [route("a", opens: later + 9), route("b", opens: later), route("c")], ruledOut: ["b", "c"])
                == .shut(until: later + 9))
    }

    @Test("fills the places and no more")
    func places() {
        var routing = Routing([route("a", room: 2)])
        #expect(routing.hasRoom)
        #expect(routing.choose(ruledOut: [], tried: []) == .route("a"))
        #expect(routing.choose(ruledOut: [], tried: []) == .route("a"))
        #expect(!routing.hasRoom)
        #expect(routing.choose(ruledOut: [], tried: []) == .wait)
    }
}

@Suite("Redaction") struct RedactionTests {
    @Test(
        "takes numbers and the code out of a provider's words",
        arguments: [
            (
                "The 'To' number +14155552671 is not valid (21211).",
                "The 'To' number +… is not valid (21211)."
            ),
            ("Message 'x code: 123456.' to 4155552671 blocked", "Message 'x code: ….' to … blocked"),
            ("HTTP 429", "HTTP 429"),
            ("code0123456789", "code…"),
            ("id 2025-11-24", "id 2025-11-24"),
            ("two\nlines", "two lines"),
            ("", ""),
        ])
    func cleaned(reason: String, clean: String) {
        #expect(Redaction.clean(reason, of: "x code: 123456. Expires in 5 min.") == clean)
    }

    @Test("keeps it short")
    func short() {
        #expect(Redaction.clean(String(repeating: "ab ", count: 1_000), of: "").count == 200)
    }
}
