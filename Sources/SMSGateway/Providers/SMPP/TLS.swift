import CSSL
import Glibc
import Wire

/// What the TLS connections to one carrier share: whose certificates are believed.
@safe final class TLSContext: Sendable {
    // Safe to share: libssl counts its references and locks what changes in it, and nothing here changes it.
    fileprivate nonisolated(unsafe) let raw: OpaquePointer

    /// Reads the certificates of `file`, or the system's own. Blocks.
    private init(file: String?) throws(CarrierFailure) {
        guard let context = unsafe cssl_client_context(file) else {
            throw .untrusted("\(file ?? "the system's certificates"): \(TLS.lastError())")
        }
        unsafe raw = context
    }

    deinit { unsafe SSL_CTX_free(raw) }

    /// The same, on a thread of its own.
    static func load(_ file: String?) async -> Result<TLSContext, CarrierFailure> {
        await withCheckedContinuation { waiting in
            startThread(named: "certificates") {
                waiting.resume(
                    returning: Result { () throws(CarrierFailure) in try TLSContext(file: file) })
            }
        }
    }
}

/// The client's end of TLS on one socket. A process that uses it ignores SIGPIPE.
@Loop @safe
final class TLS {
    /// What came of a try.
    enum Step: Equatable {
        case count(Int)
        /// It goes on once the socket is readable, or writable.
        case waits(toWrite: Bool)
        case closed
        case failed(CarrierFailure)
    }

    private let ssl: OpaquePointer
    private(set) var isReady = false

    /// Begins on a connected socket; the peer must show a certificate for `host`.
    init(_ context: TLSContext, _ descriptor: CInt, host: String) throws(CarrierFailure) {
        guard let ssl = unsafe cssl_client(context.raw, descriptor, host) else {
            throw .unreachable("TLS cannot begin: \(Self.lastError())")
        }
        unsafe self.ssl = ssl
    }

    isolated deinit { unsafe SSL_free(ssl) }

    /// Goes on with the handshake.
    func handshake() -> Step {
        ERR_clear_error()
        let result = unsafe SSL_do_handshake(ssl)
        if result == 1 {
            isReady = true
            return .count(0)
        }
        let verdict = unsafe SSL_get_verify_result(ssl)
        guard verdict == Int(X509_V_OK) else {
            let problem = unsafe String(cString: X509_verify_cert_error_string(verdict))
            return .failed(.untrusted(problem))
        }
        let step = step(result)
        if case .closed = step { return .failed(.unreachable("it ended the connection in TLS's handshake")) }
        return step
    }

    func read(_ buffer: UnsafeMutableBufferPointer<UInt8>) -> Step {
        ERR_clear_error()
        return step(unsafe SSL_read(ssl, buffer.baseAddress, CInt(buffer.count)))
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Step {
        ERR_clear_error()
        return step(unsafe SSL_write(ssl, bytes.baseAddress, CInt(min(bytes.count, 1 << 20))))
    }

    private func step(_ result: CInt) -> Step {
        guard result <= 0 else { return .count(Int(result)) }
        let error = errno
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .waits(toWrite: false)
        case SSL_ERROR_WANT_WRITE: return .waits(toWrite: true)
        case SSL_ERROR_ZERO_RETURN: return .closed
        case SSL_ERROR_SYSCALL where ERR_peek_error() == 0:
            return .failed(
                .broken(error == 0 ? "it closed the connection" : "\(SystemError("TLS", code: error))"))
        default: return .failed(.broken("TLS: \(Self.lastError())"))
        }
    }

    /// What went wrong last, in libssl's words.
    nonisolated fileprivate static func lastError() -> String {
        let code = ERR_peek_last_error()
        guard code != 0, let words = unsafe ERR_reason_error_string(code) else { return "no reason is given" }
        return unsafe String(cString: words)
    }
}
