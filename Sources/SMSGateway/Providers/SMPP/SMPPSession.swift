import Wire

/// One session with an SMSC: from the connection to its end.
///
/// Answers are found by their sequence number, in any order, as soon as they are read. A message that was handed to
/// the kernel, even in part, and has no answer when the session ends is uncertain.
@Loop
final class SMPPSession: CarrierSocket.Owner {
    @Loop
    protocol Owner: AnyObject {
        func bound()
        /// Answers came: the window has room.
        func hasRoom()
        /// The SMSC tells something. It gets its answer from `answer`.
        func arrived(_ message: PDU.ShortMessage, answer: @escaping @Loop (SMPPStatus) -> Void)
        /// A PDU came that cannot be read, or for nobody.
        func puzzled(_ problem: String)
        /// An answer came to what counts as uncertain already.
        func answeredLate(_ id: ID, _ outcome: Outcome)
        func ended(_ failure: CarrierFailure)
    }

    weak var owner: (any Owner)?
    private let settings: SMPPSettings
    private let patience: SMPPPatience
    private let socket: CarrierSocket
    private var phase = Phase.connecting
    private var lastSequence: UInt32 = 0
    /// What was read of a PDU that is not whole yet.
    private var partial: [UInt8] = []

    private var outstanding: [UInt32: Outstanding] = [:]
    /// What has not left yet, and what has, in that order: by sequence number, with the end of its bytes or the time.
    private var leaving: [(sequence: UInt32, end: Int)] = []
    private var left: [(sequence: UInt32, at: Int64)] = []
    /// What is not waited for any more.
    private var late: [UInt32: ID] = [:]
    private var answerTimer: LoopTimer?
    private var lifeTimer: LoopTimer?
    /// When the SMSC was asked for a sign of life that has not come.
    private var asked: Int64?
    /// Messages of the SMSC that are being kept.
    private var arriving = 0
    /// The SMSC's unbind, which is answered once nothing is under way any more.
    private var farewell: UInt32?

    private enum Phase { case connecting, binding, bound, leaving, ended }

    private struct Outstanding {
        let id: ID
        let start: Int
        let done: @Loop (Outcome) -> Void
    }

    /// Messages of the SMSC that are kept at once; more are put off.
    private static let arrivingLimit = 256
    /// Late answers that are remembered.
    private static let lateLimit = 10_000

    /// Begins to connect.
    init(
        _ address: NetworkAddress, tls context: TLSContext?, settings: SMPPSettings, patience: SMPPPatience
    ) throws(SystemError) {
        self.settings = settings
        self.patience = patience
        let secure: (@Loop (CInt) throws(CarrierFailure) -> TLS)? = context.map { context in
            let begin: @Loop (CInt) throws(CarrierFailure) -> TLS = { descriptor throws(CarrierFailure) in
                try TLS(context, descriptor, host: settings.host)
            }
            return begin
        }
        socket = try CarrierSocket(address.connect(), secure: secure)
        socket.owner = self
        Loop.after(milliseconds: patience.bind) { [weak self] in self?.giveUpBinding() }
    }

    /// Whether a message may be submitted now.
    var takesMessages: Bool { phase == .bound && outstanding.count < settings.window }
    var isBound: Bool { phase == .bound }
    var hasEnded: Bool { phase == .ended }

    // MARK: its beginning and end

    func connected() {
        phase = .binding
        send(.bindTransceiver(settings.bind))
    }

    private func giveUpBinding() {
        guard phase == .connecting || phase == .binding else { return }
        let what = phase == .connecting ? "no connection" : "no answer to bind_transceiver"
        socket.close(.unreachable("\(what) within \(patience.bind / 1_000) s"))
    }

    private func bound(_ status: SMPPStatus) {
        guard phase == .binding else { return }
        guard status == .ok else { return socket.close(.refused(status)) }
        phase = .bound
        watch(in: patience.idle)
        owner?.bound()
    }

    /// Says good-bye, and waits a little for the answer.
    func unbind() {
        guard phase == .bound else { return socket.close(.broken("this side ended it")) }
        phase = .leaving
        send(.unbind)
        closeSoon("this side ended it")
    }

    /// Ends it without a word.
    func abandon() { socket.close(.broken("this side ended it")) }

    private func closeSoon(_ why: String) {
        Loop.after(milliseconds: patience.farewell) { [weak self] in self?.socket.close(.broken(why)) }
    }

    /// The SMSC wants to end the session: what is under way may still be answered.
    private func unbound(_ sequence: UInt32) {
        phase = .leaving
        farewell = sequence
        closeSoon("the carrier ended the session")
        leaveIfDone()
    }

    private func leaveIfDone() {
        guard let sequence = farewell, outstanding.isEmpty else { return }
        farewell = nil
        answer(.unbindResponse, sequence)
        socket.closeWhenWritten(.broken("the carrier ended the session"))
    }

    func closed(_ failure: CarrierFailure) {
        phase = .ended
        answerTimer?.cancel()
        lifeTimer?.cancel()
        let messages = outstanding.sorted { $0.key < $1.key }.map(\.value)
        outstanding = [:]
        for message in messages {
            message.done(
                message.start < socket.sent
                    ? .uncertain(reason: "\(failure)") : .retry(after: nil, reason: "\(failure)"))
        }
        owner?.ended(failure)
    }

    // MARK: messages

    /// Submits a message; `done` is told once what came of it.
    func submit(_ message: PDU.ShortMessage, for id: ID, done: @escaping @Loop (Outcome) -> Void) {
        precondition(takesMessages, "a message for a session that takes none")
        let start = socket.given
        let sequence = nextSequence()
        outstanding[sequence] = Outstanding(id: id, start: start, done: done)
        socket.write(PDU(sequence: sequence, body: .submit(message)).bytes)
        leaving.append((sequence, socket.given))
    }

    func wrote() {
        let now = monotonicNow()
        let gone = leaving.prefix { $0.end <= socket.sent }
        guard !gone.isEmpty else { return }
        left += gone.map { ($0.sequence, now) }
        leaving.removeFirst(gone.count)
        if answerTimer == nil { waitForAnswers() }
    }

    /// Sets the timer for the first of those that have left and are not answered.
    private func waitForAnswers() {
        left.removeFirst(left.prefix { outstanding[$0.sequence] == nil }.count)
        guard let first = left.first else { return answerTimer = nil }
        let due = Deadline(nanoseconds: first.at + Int64(patience.answer) * 1_000_000)
        answerTimer = Poller.shared.at(due) { [weak self] in self?.giveUpAnswers() }
    }

    private func giveUpAnswers() {
        // What has come is no time-out, however late this side gets to read it.
        socket.drain()
        guard phase != .ended else { return }
        let limit = monotonicNow() - Int64(patience.answer) * 1_000_000
        for overdue in left.prefix(while: { $0.at <= limit }) {
            guard let message = outstanding.removeValue(forKey: overdue.sequence) else { continue }
            if late.count < Self.lateLimit { late[overdue.sequence] = message.id }
            message.done(
                .uncertain(reason: "The carrier did not answer within \(patience.answer / 1_000) s."))
            if asked == nil { ask() }
        }
        waitForAnswers()
        leaveIfDone()
        owner?.hasRoom()
    }

    private func answered(_ sequence: UInt32, _ outcome: Outcome) {
        guard let message = outstanding.removeValue(forKey: sequence) else {
            if let id = late.removeValue(forKey: sequence) { owner?.answeredLate(id, outcome) }
            return
        }
        // Those that were answered leave the queue of time-outs now and then.
        if left.count > 2 * outstanding.count + 64 { left.removeAll { outstanding[$0.sequence] == nil } }
        message.done(outcome)
    }

    // MARK: a sign of life

    private func watch(in milliseconds: Int) {
        lifeTimer = Loop.after(milliseconds: milliseconds) { [weak self] in self?.checkLife() }
    }

    private func checkLife() {
        socket.drain()
        guard phase == .bound || phase == .leaving else { return }
        let quiet = Int((monotonicNow() - socket.lastRead) / 1_000_000)
        if let asked, socket.lastRead < asked {
            let waited = Int((monotonicNow() - asked) / 1_000_000)
            guard waited < patience.life else {
                return socket.close(.broken("no sign of life within \(patience.life / 1_000) s"))
            }
            watch(in: patience.life - waited)
        } else if quiet >= patience.idle {
            ask()
        } else {
            asked = nil
            watch(in: patience.idle - quiet)
        }
    }

    private func ask() {
        lifeTimer?.cancel()
        asked = monotonicNow()
        send(.enquireLink)
        watch(in: patience.life)
    }

    // MARK: what comes

    func received(_ bytes: [UInt8]) {
        let all = partial.isEmpty ? bytes : partial + bytes
        partial = []
        var rest = all[...]
        do throws(MalformedPDU) {
            while phase != .ended, let length = try PDU.length(rest), length <= rest.count {
                take(rest.prefix(length))
                rest = rest.dropFirst(length)
            }
        } catch {
            owner?.puzzled("\(error)")
            send(.genericNack, status: error.status, sequence: 0)
            return socket.closeWhenWritten(.broken("it sent what is no PDU: \(error)"))
        }
        guard phase != .ended else { return }
        partial = Array(rest)
        leaveIfDone()
        owner?.hasRoom()
    }

    private func take(_ bytes: ArraySlice<UInt8>) {
        do throws(MalformedPDU) {
            handle(try PDU(bytes))
        } catch {
            owner?.puzzled("\(error)")
            guard let command = error.command else { return }
            if command == .submit.response {
                answered(error.sequence, .uncertain(reason: "The carrier's answer makes no sense: \(error)."))
            } else if command.wantsAnswer {
                send(.other(command.response), status: error.status, sequence: error.sequence)
            }
        }
    }

    private func handle(_ pdu: PDU) {
        let status = SMPPStatus(rawValue: pdu.status)
        switch pdu.body {
        case .bindTransceiverResponse: bound(status)
        case .submitResponse(let id): answered(pdu.sequence, Self.outcome(status, id))
        case .genericNack: refused(pdu.sequence, status)
        case .deliver(let message): deliver(message, pdu.sequence)
        case .enquireLink: answer(.enquireLinkResponse, pdu.sequence)
        case .unbind: unbound(pdu.sequence)
        case .unbindResponse where phase == .leaving: socket.close(.broken("this side ended it"))
        case .enquireLinkResponse, .unbindResponse, .deliverResponse: break
        case .bindTransceiver, .submit, .other: unknown(pdu)
        }
    }

    private static func outcome(_ status: SMPPStatus, _ id: String) -> Outcome {
        Outcome(status) ?? .sent(providerID: id.isEmpty ? nil : ReceiptIDs.answered(id))
    }

    /// The SMSC does not know what this side said. Where it cannot even say which PDU it was, the two do not
    /// understand each other any more.
    private func refused(_ sequence: UInt32, _ status: SMPPStatus) {
        if phase == .binding { return socket.close(.refused(status)) }
        if outstanding[sequence] != nil || late[sequence] != nil {
            let problem = "The carrier refused the PDU"
            answered(sequence, Outcome(status) ?? .uncertain(reason: "\(problem) and said that all is well."))
        } else if sequence == 0 {
            socket.close(.broken("it did not understand this side: \(status)"))
        }
    }

    private func deliver(_ message: PDU.ShortMessage, _ sequence: UInt32) {
        guard arriving < Self.arrivingLimit, let owner else {
            return answer(.deliverResponse, sequence, .temporaryError)
        }
        arriving += 1
        var isAnswered = false
        owner.arrived(message) { [weak self] status in
            guard let self, !isAnswered else { return }
            isAnswered = true
            arriving -= 1
            answer(.deliverResponse, sequence, status)
        }
    }

    private func unknown(_ pdu: PDU) {
        guard pdu.command.wantsAnswer else { return }
        owner?.puzzled("\(pdu.command) is not for this side")
        answer(.genericNack, pdu.sequence, .invalidCommand)
    }

    // MARK: what goes

    private func nextSequence() -> UInt32 {
        repeat {
            lastSequence = lastSequence >= PDU.lastSequence ? 1 : lastSequence + 1
        } while outstanding[lastSequence] != nil
        return lastSequence
    }

    private func send(_ body: PDU.Body) { send(body, status: .ok, sequence: nextSequence()) }

    private func answer(_ body: PDU.Body, _ sequence: UInt32, _ status: SMPPStatus = .ok) {
        send(body, status: status, sequence: sequence)
    }

    private func send(_ body: PDU.Body, status: SMPPStatus, sequence: UInt32) {
        socket.write(PDU(status: status.rawValue, sequence: sequence, body: body).bytes)
    }
}
