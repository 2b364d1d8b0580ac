/// One connection to a service, with the calls that wait for their answers.
@Loop
final class ClientConnection: Stream.Owner {
    private let stream: Stream
    private let name: String
    private let document = Document()
    private var waiting: [UInt32: Waiting] = [:]
    private var lastID: UInt32 = 0
    private var isGoingAway = false
    /// Fires when the first deadline of those that wait may have passed.
    private var timer: (due: Deadline, timer: LoopTimer)?

    /// A call that waits: until when, and what to do with its answer.
    private struct Waiting {
        let deadline: Deadline
        /// Given the answer's body, which is only there during the call, or why there is none.
        let finish: @Loop (Result<Document.Node?, Refusal>, Document) -> Void
    }

    init(_ descriptor: consuming Descriptor, name: String, limits: ClientLimits) throws(SystemError) {
        self.name = name
        stream = try Stream(descriptor, frameLimit: limits.answerBytes, unreadLimit: limits.unreadBytes)
        stream.owner = self
    }

    /// Whether new calls may be made here.
    var takesCalls: Bool { stream.isOpen && !isGoingAway }

    /// Makes a call; a task that is cancelled meanwhile stops waiting, and tells the server so.
    func call<C: Call>(_ call: C, until deadline: Deadline, trace: String?) async throws -> C.Reply {
        let milliseconds = deadline.millisecondsLeft
        guard milliseconds > 0 else { throw Refusal(.deadlineExceeded) }
        let id = nextID()
        return try await withTaskCancellationHandler {
            try Task.checkCancellationAsRefusal()
            return try await withCheckedThrowingContinuation { continuation in
                do {
                    try stream.output.request(id, call, milliseconds: milliseconds, trace: trace)
                } catch {
                    return continuation.resume(throwing: error)
                }
                wait(for: id, until: deadline) { answer, document in
                    continuation.resume(with: Result { try Self.reply(to: C.self, answer, document) })
                }
                stream.flushSoon()
            }
        } onCancel: {
            Loop.start { self.cancel(id) }
        }
    }

    private static func reply<C: Call>(
        to call: C.Type, _ answer: Result<Document.Node?, Refusal>, _ document: Document
    ) throws -> C.Reply {
        let body = try answer.get()
        do {
            return try document.decode(C.Reply.self, from: body)
        } catch {
            throw Refusal(.internalError, "The answer to \(C.method) cannot be read: \(error)")
        }
    }

    private func nextID() -> UInt32 {
        repeat { lastID = lastID == .max ? 1 : lastID + 1 } while waiting[lastID] != nil
        return lastID
    }

    private func wait(
        for id: UInt32, until deadline: Deadline,
        finish: @escaping @Loop (Result<Document.Node?, Refusal>, Document) -> Void
    ) {
        waiting[id] = Waiting(deadline: deadline, finish: finish)
        if timer.map({ deadline < $0.due }) ?? true { setTimer(deadline) }
    }

    // MARK: answers

    func received(_ message: UnsafeRawBufferPointer) -> Bool {
        do {
            try document.parse(message)
        } catch {
            close("\(name) sent what is no message: \(error)")
            return false
        }
        let root = document.root
        if let goAway = document.member("goaway", of: root), document.bool(goAway) == true {
            isGoingAway = true
            closeIfDone()
            return stream.isOpen
        }
        guard let id = document.member("id", of: root).flatMap({ document.uint32($0) }),
            let status = document.member("status", of: root).flatMap({ document.uint32($0) })
        else {
            close("\(name) sent an answer without id or status")
            return false
        }
        let error = document.member("error", of: root)
        if id == 0 {
            let refusal = Refusal(status: status, error, in: document)
            fail(refusal)
            close(refusal.message)
            return false
        }
        // An answer that nobody waits for any more came too late.
        guard let call = waiting.removeValue(forKey: id) else { return true }
        if status == 0 {
            call.finish(.success(document.member("body", of: root)), document)
        } else {
            call.finish(.failure(Refusal(status: status, error, in: document)), document)
        }
        closeIfDone()
        return stream.isOpen
    }

    private func closeIfDone() {
        if isGoingAway, waiting.isEmpty { stream.close(nil) }
    }

    func malformedFrame(_ failure: FrameReader.Failure) {
        close("\(name) sent a frame that is empty or too long")
    }

    // MARK: calls without an answer

    private func cancel(_ id: UInt32) {
        guard let call = waiting.removeValue(forKey: id) else { return }
        stream.output.cancel(id)
        stream.flushSoon()
        call.finish(.failure(Refusal(.cancelled)), document)
        closeIfDone()
    }

    private func setTimer(_ deadline: Deadline) {
        timer?.timer.cancel()
        timer = (deadline, Poller.shared.at(deadline) { [weak self] in self?.expire() })
    }

    /// Ends the calls whose deadline has passed, and waits for the next one.
    private func expire() {
        timer = nil
        let now = Deadline(nanoseconds: monotonicNow())
        for (id, call) in waiting where call.deadline <= now {
            waiting[id] = nil
            call.finish(.failure(Refusal(.deadlineExceeded, "\(name) gave no answer in time.")), document)
        }
        if let next = waiting.values.map(\.deadline).min() { setTimer(next) }
        closeIfDone()
    }

    private func fail(_ refusal: Refusal) {
        let calls = waiting.values
        waiting = [:]
        timer?.timer.cancel()
        timer = nil
        for call in calls { call.finish(.failure(refusal), document) }
    }

    func close(_ why: String) { stream.close(why) }

    func closed(_ why: String?) {
        fail(
            Refusal(
                .unreachable, "The connection to \(name) broke: \(why ?? "it was closed")", retryAfter: 1))
    }
}
