import FoundationEssentials
import Testing

@testable import Wire

/// What is coded by hand is what `Codable` makes of it, as Foundation's coders tell, which know nothing of hands.
struct AuthorizeByHandTests {
    private static let actor = Auth.Actor(
        id: ID(high: 0x0190_5F4A_7C00_7ABC, low: 0x8123_4567_89AB_CDEF), role: .client,
        name: "Ada \"L\" Löwe",
        email: "ada@example.com", firm: "acme")
    private static let gates = [
        Auth.Gate(
            state: .verify, required: true, requiredBy: .person, methods: [.authenticator, .sms, .recovery],
            phone: "•••• 55", deferred: false, offer: true),
        Auth.Gate(state: .open, required: false, requiredBy: nil, methods: [], deferred: true, offer: false),
    ]

    private static let requests = [
        Auth.Authorize(session: "", path: "/"),
        Auth.Authorize(session: "s", path: "/documents", address: "::1", agent: "curl/8\n"),
        Auth.Authorize(session: "s", path: "/documents", agent: "x"),
    ]
    private static let replies = [
        Auth.Authorize.Reply(decision: .logIn),
        Auth.Authorize.Reply(
            decision: .stepUp, actor: actor, gate: gates[0], expires: Timestamp(milliseconds: 1)),
        Auth.Authorize.Reply(decision: .allow, actor: actor, gate: gates[1]),
        Auth.Authorize.Reply(decision: .setUp, gate: gates[0]),
    ]

    /// Sends `value` by hand and reads it as Foundation does, and the other way round; each time it must come to the same
    /// text, written by hand.
    private func check<T: HandCoded>(_ value: T) throws {
        #expect(HandCodedTypes().find(T.self) == T.self)
        let byHand = try json(value)
        #expect(try json(JSONDecoder().decode(T.self, from: Data(byHand.utf8))) == byHand)
        let byFoundation = Array(try JSONEncoder().encode(value))
        #expect(try json(decode(T.self, byFoundation)) == byHand)
        #expect(try json(decode(T.self, encode(value, .cbor))) == byHand)

        // The same fields with the same values, those that are null included.
        #expect(try decode(Tree.self, byHand) == decode(Tree.self, byFoundation))
    }

    /// What is in a message, in whichever order it stands.
    indirect enum Tree: Decodable, Equatable {
        case null
        case flag(Bool)
        case text(String)
        case list([Tree])
        case map([String: Tree])

        init(from decoder: any Decoder) throws {
            let single = try decoder.singleValueContainer()
            if single.decodeNil() {
                self = .null
            } else if let flag = try? single.decode(Bool.self) {
                self = .flag(flag)
            } else if let text = try? single.decode(String.self) {
                self = .text(text)
            } else if let list = try? single.decode([Tree].self) {
                self = .list(list)
            } else {
                self = .map(try single.decode([String: Tree].self))
            }
        }
    }

    @Test("requests", arguments: requests)
    func request(_ request: Auth.Authorize) throws { try check(request) }

    @Test("answers", arguments: replies)
    func reply(_ reply: Auth.Authorize.Reply) throws { try check(reply) }

    @Test("actors and gates, wherever they stand")
    func parts() throws {
        try check(Self.actor)
        for gate in Self.gates { try check(gate) }
        let listed = try json(["x": Self.gates])
        #expect(
            try JSONDecoder().decode([String: [Auth.Gate]].self, from: Data(listed.utf8)) == ["x": Self.gates]
        )
    }

    @Test("faults have the words that Codable's have")
    func faults() {
        #expect(throws: BadField(path: "path", message: "is missing")) {
            try decode(Auth.Authorize.self, #"{"session":""}"#)
        }
        #expect(throws: BadField(path: "session", message: "must be a string, not a number")) {
            try decode(Auth.Authorize.self, #"{"session":1,"path":""}"#)
        }
        #expect(
            throws: BadField(path: "gate.methods[1]", message: "must be one of authenticator, sms, recovery")
        ) {
            try decode(
                Auth.Authorize.Reply.self,
                #"{"decision":"allow","gate":{"state":"open","required":true,"methods":["sms","x"]}}"#)
        }
    }
}
