/// Makes requests over HTTPS, many at once, over connections that are kept for the next one.
///
/// It follows no redirect, uses no proxy, and asks every server for a certificate that one of the trusted authorities
/// has signed for its name. libcurl does the work, on a thread that lives as long as the client.
final class HTTPClient: Sendable {
    struct Limits: Sendable, Equatable {
        /// Milliseconds until a connection stands, from the look-up of the name to the end of the TLS handshake.
        var connect = 2_000
        /// Milliseconds until the whole answer is there.
        var answer = 60_000
        /// The longest answer, its headers with it, in bytes.
        var bytes = 65_536
        /// Seconds after which an idle connection is not used again: a server that is about to close it may miss a
        /// request, and then nobody knows whether it did.
        var idle = 15
    }

    let thread: HTTPThread

    /// A client that trusts the CA certificates in the file of `authorities`, in PEM; nil: those of the system.
    init(authorities: String? = nil, limits: Limits = Limits()) {
        thread = HTTPThread(HTTPTransfer.Terms(authorities: authorities, limits: limits))
    }

    deinit { thread.stop() }

    /// Makes a request, once: it is never sent again by itself once a byte of its body may have left.
    func post(_ request: HTTPRequest) async -> HTTPResult {
        await withCheckedContinuation { waiting in
            thread.take(HTTPJob(request: request) { waiting.resume(returning: $0) })
        }
    }
}

/// A request that waits for its turn, and whom to tell what came of it.
struct HTTPJob: Sendable {
    let request: HTTPRequest
    let end: @Sendable (HTTPResult) -> Void
}
