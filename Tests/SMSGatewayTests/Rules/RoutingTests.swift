import Testing
import Wire

@testable import SMSGateway

@Suite("Routing") struct RoutingTests {
    let later = Timestamp(milliseconds: 5_000)

    func route(_ provider: String, room: Int = 1, opens: Timestamp? = nil, isSilent: Bool = false)
        -> Routing.Route
    {
        Routing.Route(provider: provider, room: room, opens: opens, isSilent: isSilent)
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

    @Test("passes over what is silent, busy or not, while there is another that answers")
    func silent() {
        for room in [0, 1] {
            let silent = route("a", room: room, isSilent: true)
            #expect(choose([silent, route("b")]) == .route("b"))
            #expect(choose([silent, route("b", room: 0)]) == .wait)
            #expect(choose([silent, route("b", opens: later)]) == (room > 0 ? .route("a") : .wait))
            #expect(choose([silent, route("b", isSilent: true)]) == (room > 0 ? .route("a") : .wait))
            #expect(choose([silent, route("b")], ruledOut: ["b"]) == (room > 0 ? .route("a") : .wait))
        }
    }

    @Test("tells beforehand whether anything can be done about a message, and takes no place by that")
    func mayMove() {
        let routing = Routing([route("a"), route("b", room: 0), route("c", opens: later)])
        for _ in 0..<2 { #expect(routing.mayMove(ruledOut: [], tried: [])) }
        #expect(!routing.mayMove(ruledOut: ["a"], tried: []), "b is busy")
        #expect(!routing.mayMove(ruledOut: ["a", "b"], tried: []), "c is shut")
        #expect(routing.mayMove(ruledOut: ["a", "b", "c"], tried: []), "it fails")
        #expect(!routing.mayMove(ruledOut: [], tried: ["a"]))
        #expect(routing.room == 1)
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
