import CCurl
import Wire

/// One request on its way, on the thread of its ``HTTPClient``.
///
/// libcurl sends a request again by itself where a connection that was used before closes without an answer. Its
/// server may have acted on it all the same. So the body comes from a callback, which gives it out once: a second
/// sending fails for want of a body, and what was given out counts as sent.
@safe final class HTTPTransfer {
    /// What all requests of a client have in common.
    struct Terms: Sendable {
        let authorities: String?
        let limits: HTTPClient.Limits
    }

    let easy: UnsafeMutableRawPointer
    private let job: HTTPJob
    private let limits: HTTPClient.Limits
    private let errorText: UnsafeMutablePointer<CChar>
    private var headers: UnsafeMutablePointer<curl_slist>?
    /// Whether libcurl took all options.
    private(set) var isReady = true
    /// How much of the body libcurl was given.
    private var given = 0
    private var answer = HTTPAnswer()
    private var received = 0
    private var isTooLong = false

    init(_ job: HTTPJob, _ terms: Terms) {
        guard let easy = unsafe curl_easy_init() else { fatalError("libcurl: is there memory left?") }
        unsafe self.easy = easy
        self.job = job
        limits = terms.limits
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        unsafe headers = nil
        setTarget(terms.authorities)
        setLimits()
        setBody()
        setAnswer()
    }

    deinit {
        unsafe curl_easy_cleanup(easy)
        unsafe curl_slist_free_all(headers)
        unsafe errorText.deallocate()
    }

    // MARK: what is asked of libcurl

    private func setTarget(_ authorities: String?) {
        set(CURLOPT_URL, job.request.url)
        set(CURLOPT_PROTOCOLS_STR, "https")
        set(CURLOPT_PROXY, "")
        // One request at a time on a connection: how far it came can be told.
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let authorities {
            set(CURLOPT_CAINFO, authorities)
            unsafe note(ccurl_set_text(easy, CURLOPT_CAPATH, nil))
        }
        set(CURLOPT_USERAGENT, "clienthub-2fa")
        // Without an empty Expect libcurl would wait for a "100 Continue" before a longer body.
        for header in job.request.headers + [("Expect", "")] {
            let line = header.value.isEmpty ? "\(header.name):" : "\(header.name): \(header.value)"
            unsafe headers = curl_slist_append(headers, line)
        }
        unsafe note(ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, headers))
    }

    private func setLimits() {
        set(CURLOPT_CONNECTTIMEOUT_MS, limits.connect)
        set(CURLOPT_TIMEOUT_MS, limits.answer)
        set(CURLOPT_MAXAGE_CONN, limits.idle)
        set(CURLOPT_NOSIGNAL, 1)
        // A look-up of a name that takes too long is left to itself: the other requests must not wait for it.
        set(CURLOPT_QUICK_EXIT, 1)
    }

    private func setBody() {
        set(CURLOPT_POST, 1)
        set(CURLOPT_POSTFIELDSIZE, job.request.body.count)
        unsafe note(
            ccurl_set_reader(easy) { target, size, count, transfer in
                unsafe HTTPTransfer.of(transfer).give(to: target, room: size * count)
            })
        unsafe note(ccurl_set_pointer(easy, CURLOPT_READDATA, me))
        unsafe note(ccurl_set_seeker(easy) { _, _, _ in CURL_SEEKFUNC_FAIL })
    }

    private func setAnswer() {
        unsafe note(
            ccurl_set_writer(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, transfer in
                unsafe HTTPTransfer.of(transfer).takeHeader(
                    UnsafeBufferPointer(start: bytes, count: size * count))
            })
        unsafe note(ccurl_set_pointer(easy, CURLOPT_HEADERDATA, me))
        unsafe note(
            ccurl_set_writer(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, transfer in
                unsafe HTTPTransfer.of(transfer).takeBody(
                    UnsafeBufferPointer(start: bytes, count: size * count))
            })
        unsafe note(ccurl_set_pointer(easy, CURLOPT_WRITEDATA, me))
        unsafe note(ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
    }

    /// What libcurl's messages name it by.
    var key: UInt { unsafe UInt(bitPattern: easy) }

    private func set(_ option: CURLoption, _ number: Int) {
        unsafe note(ccurl_set_number(easy, option, number))
    }

    private func set(_ option: CURLoption, _ text: String) {
        unsafe note(ccurl_set_text(easy, option, text))
    }

    private func note(_ code: CURLcode) { isReady = isReady && code == CURLE_OK }

    /// What the callbacks are given: this transfer, which outlives its handle.
    private var me: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> HTTPTransfer {
        guard let pointer = unsafe pointer else { fatalError("libcurl has lost its transfer") }
        return unsafe Unmanaged<HTTPTransfer>.fromOpaque(pointer).takeUnretainedValue()
    }

    // MARK: what libcurl asks and tells

    private func give(to target: UnsafeMutablePointer<CChar>?, room: Int) -> Int {
        let body = job.request.body
        guard let target = unsafe target, given < body.count else { return Int(CURL_READFUNC_ABORT) }
        let count = min(room, body.count - given)
        for index in 0..<count { unsafe target[index] = CChar(bitPattern: body[given + index]) }
        given += count
        return count
    }

    private func takeHeader(_ bytes: UnsafeBufferPointer<CChar>) -> Int {
        guard unsafe count(bytes) else { return 0 }
        let line = unsafe String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // The headers of an interim answer, such as 100, are not those of the one that counts.
            answer.headers = [:]
        } else if let colon = line.firstIndex(of: ":") {
            answer.headers[line[..<colon].lowercased()] = trimmed(line[line.index(after: colon)...])
        }
        return bytes.count
    }

    private func takeBody(_ bytes: UnsafeBufferPointer<CChar>) -> Int {
        guard unsafe count(bytes) else { return 0 }
        unsafe answer.body.append(contentsOf: bytes.lazy.map { UInt8(bitPattern: $0) })
        return bytes.count
    }

    /// Whether the answer may still be so long; 0 for libcurl ends the transfer.
    private func count(_ bytes: UnsafeBufferPointer<CChar>) -> Bool {
        received += bytes.count
        isTooLong = received > limits.bytes
        return !isTooLong
    }

    // MARK: its end

    /// Tells what came of it, in view of what libcurl makes of it.
    func end(_ code: CURLcode) {
        answer.status = unsafe ccurl_status(easy)
        job.end(result(code))
    }

    private func result(_ code: CURLcode) -> HTTPResult {
        if code == CURLE_OK, answer.status > 0 { return .answered(answer) }
        var reason = unsafe String(cString: errorText)
        if reason.isEmpty { reason = unsafe String(cString: curl_easy_strerror(code)) }
        if isTooLong { reason = "The answer is longer than \(limits.bytes) bytes" }
        reason += "."
        guard given == 0 else { return .noAnswer(reason: reason) }
        return .notSent(HTTPFault(kind: HTTPFault.Kind(code), reason: reason))
    }
}

extension HTTPFault.Kind {
    fileprivate init(_ code: CURLcode) {
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            self = .untrusted
        case CURLE_SSL_CACERT_BADFILE, CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_FAILED_INIT,
            CURLE_BAD_FUNCTION_ARGUMENT:
            self = .unusable
        default: self = .unreachable
        }
    }
}

/// A header's value without the blanks and the end of line around it.
private func trimmed(_ text: Substring) -> String {
    let isBlank = { (character: Character) in character.isWhitespace }
    return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
}
