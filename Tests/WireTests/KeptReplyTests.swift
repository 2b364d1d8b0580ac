import Testing

@testable import Wire

@Suite("KeptReply") struct KeptReplyTests {
    private static let replies = [
        Auth.Authorize.Reply(decision: .logIn),
        Auth.Authorize.Reply(
            decision: .verify,
            actor: Auth.Actor(
                id: ID(high: 0x0190_5F4A_7C00_7ABC, low: 0x8123_4567_89AB_CDEF), role: .pro,
                name: "Ada \"L\" Löwe",
                email: "ada@example.com", firm: "acme"),
            gate: Auth.Gate(
                state: .verify, required: true, requiredBy: .firm, methods: [.sms], phone: "•••• 55",
                deferred: false, offer: false),
            expires: Timestamp(milliseconds: 1)),
    ]

    @Test(
        "is written like the reply that it keeps, also into the middle of a message", arguments: replies,
        [WireEncoding.cbor, .json])
    func same(_ reply: Auth.Authorize.Reply, _ encoding: WireEncoding) throws {
        let kept = try KeptReply(reply)
        func message(_ body: (MessageWriter) throws -> Void) throws -> [UInt8] {
            let writer = MessageWriter()
            writer.begin(encoding)
            writer.beginMap()
            writer.key("before")
            writer.uint(1)
            writer.key("body")
            try body(writer)
            writer.key("after")
            writer.bool(true)
            writer.endMap()
            #expect(writer.fault == nil)
            return writer.bytes()
        }
        let written = try message { try kept.write(to: $0) }
        #expect(try written == message { try $0.encode(reply) })
        #expect(try written == message { try kept.write(to: $0) }, "and again")
    }
}
