import NIOCore
import NIOHTTPTypes

/// Keeps a connection on which nothing is being asked open for a moment when the front end stops. Its request may be on the
/// way: the first of a new connection, or the next of one that a proxy keeps. It is answered, and then the connection closes.
final class LastRequest: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private static let moment = TimeAmount.seconds(1)
    /// Requests that are not answered to their end.
    private var open = 0
    /// Whether the word to stop has come and was not passed on yet.
    private var isStopping = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) { open += 1 }
        context.fireChannelRead(data)
        if open > 0 { passOn(context) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { open -= 1 }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        isStopping = true
        guard open == 0 else {
            passOn(context)
            return
        }
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.moment) { self.passOn(context) }
    }

    private func passOn(_ context: ChannelHandlerContext) {
        guard isStopping, context.channel.isActive else { return }
        isStopping = false
        context.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
}
