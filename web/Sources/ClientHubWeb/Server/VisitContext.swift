import Hummingbird
import Logging

/// What Hummingbird knows of a request beside its head and body.
struct VisitContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address at the other end of the connection; nil on a Unix socket.
    let peer: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress?.ipAddress
    }

    /// A request without a connection.
    init(peer: String?, logger: Logger) {
        struct Source: RequestContextSource { let logger: Logger }
        coreContext = CoreRequestContextStorage(source: Source(logger: logger))
        self.peer = peer
    }
}
