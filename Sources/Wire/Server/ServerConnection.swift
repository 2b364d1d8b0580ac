import Glibc

/// One caller's connection: reads its calls, and writes the answers as each is ready.
@Loop
final class ServerConnection: Stream.Owner {
    private let stream: Stream
    private let server: Server
    private let user: UInt32
    /// Whether the user is a caller of the socket, and not one of its monitors.
    private let isCaller: Bool
    /// The calls that are tasks, by id.
    private var inFlight: [UInt32: InFlight] = [:]
    /// The encoding of the last request, for what the server says unasked.
    private var encoding = WireEncoding.json
    /// Since when the caller is asked to make no new calls here (monotonic nanoseconds).
    private var goingAwaySince: Int64?

    /// A call that is a task.
    private final class InFlight {
        var task: Task<Void, Never>?
    }

    /// What came around the body of a call.
    private struct Head {
        let id: UInt32
        let method: Method
        let caller: Caller
        let started: Int64
    }

    init(_ descriptor: consuming Descriptor, user: UInt32, isCaller: Bool, server: Server)
        throws(SystemError)
    {
        self.user = user
        self.isCaller = isCaller
        self.server = server
        stream = try Stream(
            descriptor, frameLimit: server.limits.requestBytes, unreadLimit: server.limits.unreadBytes)
        stream.owner = self
    }

    // MARK: requests

    func received(_ message: UnsafeRawBufferPointer) -> Bool {
        let document = server.document
        do {
            try document.parse(message)
        } catch {
            let first = message.first.flatMap(WireEncoding.init) ?? encoding
            misbehaved(document.salvaged("id") ?? 0, in: first, Refusal(.malformed, "\(error)"))
            return false
        }
        encoding = document.encoding
        guard let id = document.member("id", of: document.root).flatMap({ document.uint32($0) }), id != 0
        else {
            misbehaved(0, in: encoding, Refusal(.malformed, "id is missing, 0 or no UInt32", field: "id"))
            return false
        }
        if let cancel = document.member("cancel", of: document.root), document.bool(cancel) == true {
            self.cancel(id)
            return true
        }
        do {
            try perform(head(id, of: document), document)
        } catch {
            stream.output.refusal(id, in: encoding, error)
            stream.flushSoon()
        }
        if inFlight.count >= server.limits.callsPerConnection { stream.read(false) }
        return stream.isOpen
    }

    /// Reads what stands around the body, and decides whether the call may be made.
    private func head(_ id: UInt32, of document: Document) throws(Refusal) -> Head {
        let root = document.root
        guard let name = document.member("method", of: root), document.kind(of: name) == .text else {
            throw Refusal(.malformed, "method is missing or no string", field: "method")
        }
        guard let method = server.method(name) else {
            throw Refusal(
                .unknownMethod, "There is no method \(document.string(name) ?? "").", field: "method")
        }
        guard method.peers.contains(user, isCaller: isCaller) else {
            throw Refusal(method.peers.reason(isCaller: isCaller))
        }
        guard inFlight[id] == nil else {
            throw Refusal(.duplicateID, field: "id")
        }
        var milliseconds = server.limits.defaultTimeout
        if let timeout = document.member("timeout", of: root) {
            guard let given = document.uint32(timeout) else {
                throw Refusal(.malformed, "timeout is no number of milliseconds", field: "timeout")
            }
            milliseconds = Int(given)
        }
        guard goingAwaySince == nil else { throw Refusal(.draining, retryAfter: 1) }
        // When the loop found the call, so that the time that it waited for its turn counts.
        let started = Poller.shared.now
        let deadline = Deadline(nanoseconds: started + Int64(milliseconds) * 1_000_000)
        let trace = document.member("trace", of: root).flatMap { document.string($0) }
        return Head(
            id: id, method: method, caller: Caller(user: user, deadline: deadline, trace: trace),
            started: started)
    }

    private func perform(_ head: Head, _ document: Document) throws(Refusal) {
        let body = document.member("body", of: document.root)
        guard head.caller.deadline.nanoseconds > head.started else {
            throw refused(head, Refusal(.deadlineExceeded))
        }
        switch head.method.handler {
        case .inline(let run):
            do {
                try stream.output.answer(head.id, in: encoding, limit: server.limits.answerBytes) { writer in
                    try run(document, body, head.caller, writer)
                }
            } catch {
                throw refused(head, refusal(for: error, head))
            }
            head.method.metrics.record(.ok, nanoseconds: UInt64(monotonicNow() - head.started))
            stream.flushSoon()
        case .later(let mayChange, let prepare):
            guard server.callsInFlight < server.limits.calls else {
                throw refused(head, Refusal(.overloaded, retryAfter: 1))
            }
            do {
                start(try prepare(document, body), head, behind: mayChange ? server.door : nil)
            } catch {
                throw refused(head, refusal(for: error, head))
            }
        }
    }

    private func refused(_ head: Head, _ refusal: Refusal) -> Refusal {
        head.method.metrics.record(refusal.status, nanoseconds: UInt64(monotonicNow() - head.started))
        return refusal
    }

    // MARK: calls in flight

    /// Starts the task of a call; one that may change something goes through a door first.
    private func start(_ work: @escaping Method.Work, _ head: Head, behind door: Door?) {
        let call = InFlight()
        let encoding = encoding
        inFlight[head.id] = call
        server.callsInFlight += 1
        call.task = Task { @Loop [self] in
            let outcome: Result<Method.Answer, any Error>
            await door?.enter()
            defer { door?.leave() }
            do {
                // Who has given up before the door must not be done a thing to.
                guard !head.caller.deadline.hasPassed else { throw Refusal(.deadlineExceeded) }
                try Task.checkCancellation()
                outcome = .success(try await work(head.caller))
            } catch {
                outcome = .failure(error)
            }
            server.callsInFlight -= 1
            finish(head, call, outcome, encoding)
        }
    }

    private func finish(
        _ head: Head, _ call: InFlight, _ outcome: Result<Method.Answer, any Error>, _ encoding: WireEncoding
    ) {
        var status = Status.ok
        // Nobody waits for the answer of a call that was cancelled, or whose connection is gone.
        let isAwaited = inFlight[head.id] === call
        do {
            let answer = try outcome.get()
            if isAwaited {
                try stream.output.answer(
                    head.id, in: encoding, limit: server.limits.answerBytes, body: answer)
            }
        } catch {
            let refusal = refusal(for: error, head)
            status = refusal.status
            if isAwaited { stream.output.refusal(head.id, in: encoding, refusal) }
        }
        head.method.metrics.record(status, nanoseconds: UInt64(monotonicNow() - head.started))
        guard isAwaited else { return }
        inFlight[head.id] = nil
        stream.flushSoon()
        if inFlight.count < server.limits.callsPerConnection { stream.read(true) }
    }

    private func cancel(_ id: UInt32) {
        guard let call = inFlight.removeValue(forKey: id) else { return }
        call.task?.cancel()
        if inFlight.count < server.limits.callsPerConnection { stream.read(true) }
    }

    /// What the caller gets to see of an error; what is no refusal is reported, and named to nobody else.
    private func refusal(for error: any Error, _ head: Head) -> Refusal {
        if let refusal = error as? Refusal { return refusal }
        if let bad = error as? BadField {
            return Refusal(.malformed, "\(bad)", field: bad.path.isEmpty ? "body" : bad.path)
        }
        if error is CancellationError { return Refusal(.cancelled) }
        server.report(.fault(method: head.method.name, error: error, trace: head.caller.trace))
        return (error as? any Refusable)?.refusal ?? Refusal(.internalError)
    }

    // MARK: the connection's end

    func malformedFrame(_ failure: FrameReader.Failure) {
        switch failure {
        case .empty:
            misbehaved(0, in: encoding, Refusal(.malformed, "a frame of length 0"))
        case .tooLong(let length):
            let limit = server.limits.requestBytes
            misbehaved(0, in: encoding, Refusal(.tooLarge, "a frame of \(length) bytes, of \(limit) at most"))
        }
    }

    /// Answers what is no call once, and closes.
    private func misbehaved(_ id: UInt32, in encoding: WireEncoding, _ refusal: Refusal) {
        server.report(.misbehaved(user: user, problem: refusal.message))
        stream.output.refusal(id, in: encoding, refusal)
        stream.closeWhenWritten()
    }

    func closed(_ why: String?) {
        if let why { server.report(.misbehaved(user: user, problem: why)) }
        for call in inFlight.values { call.task?.cancel() }
        inFlight = [:]
        server.forget(self)
    }

    /// Closes a connection that is idle, does not finish the frame it began, or does not read.
    func closeIfLate(_ now: Int64) {
        let limits = server.limits
        func isOver(_ since: Int64?, _ seconds: Int) -> Bool {
            since.map { now - $0 > Int64(seconds) * 1_000_000_000 } ?? false
        }
        if isOver(stream.stalledSince, limits.unreadSeconds) {
            stream.close("the peer does not read its answers")
        } else if isOver(stream.frameBegun, limits.frameSeconds) {
            misbehaved(
                0, in: encoding, Refusal(.malformed, "a frame took over \(limits.frameSeconds) s to arrive"))
        } else if inFlight.isEmpty, stream.unread == 0, isOver(stream.lastRead, limits.idleSeconds) {
            stream.close(nil)
        }
    }

    /// Tells the caller to make no new calls here.
    func goAway() {
        goingAwaySince = monotonicNow()
        stream.output.goAway(in: encoding)
        stream.flushSoon()
    }

    /// Closes once all is answered and the caller has had a moment to hear of it: a call that crossed the goaway on its
    /// way is refused with `DRAINING`, so that its caller knows that it was not done.
    func closeIfDone() {
        guard let goingAwaySince, inFlight.isEmpty, stream.unread == 0 else { return }
        if monotonicNow() - max(goingAwaySince, stream.lastRead) > Self.goAwayGrace { stream.close(nil) }
    }

    private static let goAwayGrace: Int64 = 200_000_000

    /// Gives up what is still in flight, and closes.
    func close() {
        for id in inFlight.keys { stream.output.refusal(id, in: encoding, Refusal(.deadlineExceeded)) }
        stream.closeWhenWritten()
    }
}
