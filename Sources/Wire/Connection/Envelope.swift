/// What stands around the body of a message, in either encoding.
extension MessageWriter {
    /// Appends a frame with an answer whose body `body` appends. An answer that cannot be encoded, or is longer than
    /// `limit`, is taken back, and `Unencodable` thrown.
    func answer(
        _ id: UInt32, in encoding: WireEncoding, limit: Int, body: (MessageWriter) throws -> Void
    ) throws {
        let mark = beginFrame(encoding)
        do {
            beginMap()
            key("id")
            uint(UInt64(id))
            key("status")
            uint(0)
            key("body")
            try body(self)
            endMap()
            let length = frameLength(mark)
            guard length <= limit else { throw AnswerTooLong(bytes: length) }
            endFrame(mark)
        } catch {
            truncate(to: mark)
            throw error
        }
    }

    /// Appends a frame with an answer that says why the call was not done.
    func refusal(_ id: UInt32, in encoding: WireEncoding, _ refusal: Refusal) {
        let mark = beginFrame(encoding)
        beginMap()
        key("id")
        uint(UInt64(id))
        key("status")
        uint(UInt64(refusal.status.rawValue))
        key("error")
        beginMap()
        key("reason")
        string(refusal.reason)
        key("message")
        string(refusal.message)
        optional("retryAfter", refusal.retryAfter) { int(Int64($0)) }
        optional("field", refusal.field) { string($0) }
        optional("attemptsLeft", refusal.attemptsLeft) { int(Int64($0)) }
        optional("hint", refusal.hint) { string($0) }
        endMap()
        endMap()
        endFrame(mark)
    }

    /// Appends a frame with a request.
    func request<C: Call>(_ id: UInt32, _ call: C, milliseconds: Int, trace: String?) throws(Unencodable) {
        let mark = beginFrame(.cbor)
        beginMap()
        key("id")
        uint(UInt64(id))
        key("method")
        string(C.method)
        key("timeout")
        uint(UInt64(clamping: milliseconds))
        optional("trace", trace) { string($0) }
        key("body")
        do {
            try encode(call)
        } catch {
            truncate(to: mark)
            throw error
        }
        endMap()
        endFrame(mark)
    }

    /// Appends a frame that tells the server that nobody waits for a call's answer any more.
    func cancel(_ id: UInt32) {
        let mark = beginFrame(.cbor)
        beginMap()
        key("id")
        uint(UInt64(id))
        key("cancel")
        bool(true)
        endMap()
        endFrame(mark)
    }

    /// Appends a frame that tells the peer to make no new calls on this connection.
    func goAway(in encoding: WireEncoding) {
        let mark = beginFrame(encoding)
        beginMap()
        key("goaway")
        bool(true)
        endMap()
        endFrame(mark)
    }

    private func optional<V>(_ name: StaticString, _ value: V?, _ write: (V) -> Void) {
        guard let value else { return }
        key(name)
        write(value)
    }
}

/// An answer over the limit: the service's own fault.
struct AnswerTooLong: Error, CustomStringConvertible {
    let bytes: Int

    var description: String { "an answer of \(bytes) bytes is over the limit" }
}

extension Refusal {
    /// Reads the `error` of an answer; what is missing or unknown is taken as a fault of the server.
    init(status: UInt32, _ error: Document.Node?, in document: Document) {
        func text(_ key: StaticString) -> String? {
            error.flatMap { document.member(key, of: $0) }.flatMap { document.string($0) }
        }
        func number(_ key: StaticString) -> Int? {
            error.flatMap { document.member(key, of: $0) }.flatMap { document.uint32($0) }.map(Int.init)
        }
        self.init(
            status: UInt8(exactly: status).flatMap(Status.init) ?? .internal,
            reason: text("reason") ?? Reason.internalError.name, message: text("message") ?? "no message",
            retryAfter: number("retryAfter"), field: text("field"), attemptsLeft: number("attemptsLeft"),
            hint: text("hint"))
    }
}
