import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import ClientHubWeb

@Suite("Dates of HTTP") struct HTTPDateTests {
    @Test(
        "have the form of RFC 9110",
        arguments: [
            // seconds since 1970, text
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
            (1_767_225_599, "Wed, 31 Dec 2025 23:59:59 GMT"),
        ])
    func form(time: Int, text: String) {
        #expect(HTTPDate.text(of: time) == text)
    }
}

@Suite("The last request of a connection") struct LastRequestTests {
    /// Takes down what comes through, in order.
    private final class Recorder: ChannelInboundHandler {
        typealias InboundIn = HTTPRequestPart
        var seen: [String] = []

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if case .head = unwrapInboundIn(data) { seen.append("request") }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event is ChannelShouldQuiesceEvent { seen.append("stop") }
        }
    }

    private let recorder = Recorder()
    private let channel: EmbeddedChannel
    private let head = HTTPRequestPart.head(
        HTTPRequest(method: .get, scheme: "http", authority: "hub", path: "/"))

    init() throws {
        channel = EmbeddedChannel(handlers: [LastRequest(), recorder])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private func stop() { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }

    @Test("a silent connection is kept for a second")
    func silent() {
        stop()
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(999))
        #expect(recorder.seen.isEmpty)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(recorder.seen == ["stop"])
    }

    @Test("a request that comes within that second goes first, and is the last")
    func underWay() throws {
        stop()
        try channel.writeInbound(head)
        #expect(recorder.seen == ["request", "stop"])
        channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(recorder.seen == ["request", "stop"])
    }

    @Test("where a request is being answered it is told at once")
    func answering() throws {
        try channel.writeInbound(head)
        stop()
        #expect(recorder.seen == ["request", "stop"])
    }

    @Test("once a request was answered the connection is silent again")
    func answered() throws {
        try channel.writeInbound(head)
        try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok)))
        try channel.writeOutbound(HTTPResponsePart.end(nil))
        stop()
        #expect(recorder.seen == ["request"])
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(recorder.seen == ["request", "stop"])
    }
}
