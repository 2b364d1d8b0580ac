import ServiceKit
import Wire

/// A carrier that is reached by SMPP 3.4, over one session that is kept up.
///
/// It connects when it is started, or else with the first message. While there is no session messages come back at
/// once, unsent, so that another provider takes them. A full window and the rate make messages wait; what waits too
/// long comes back unsent too.
@Loop
final class SMPP: Provider, SMPPSession.Owner {
    nonisolated let name: String
    nonisolated let kind = "smpp"
    private let settings: SMPPSettings
    private let patience: SMPPPatience
    private let clock: Clock

    /// Where receipts and texts go; without it the carrier keeps them.
    private let news: CarrierNews?
    private var log: Log?
    private var link = Link.idle
    /// Addresses of the host that were not tried yet in this round.
    private var addresses: [NetworkAddress] = []
    /// Loaded once; nil without TLS.
    private var tls: TLSContext?
    private var retries: Backoff
    private var refusals: Backoff
    private var boundAt: Int64?

    private var pace: Pace
    private var handles = Handles()
    private var waiting: [Waiting] = []
    private var paceTimer: LoopTimer?
    private var waitTimer: LoopTimer?
    private(set) var counts = Counts()

    private enum Link {
        case idle, lookingUp
        case session(SMPPSession)
        case resting(CarrierFailure)
        case stopped
    }

    /// A message that waits for its turn.
    private struct Waiting {
        let message: OutboundMessage
        let since: Int64
        let done: @Loop (Outcome) -> Void
    }

    /// What it has counted since the start.
    struct Counts {
        var sessions: UInt64 = 0
        var unreadable: UInt64 = 0
    }

    nonisolated init(
        name: String, settings: SMPPSettings, clock: Clock, news: CarrierNews? = nil,
        patience: SMPPPatience? = nil
    ) {
        let patience = patience ?? SMPPPatience(answer: settings.answerTimeout)
        self.name = name
        self.settings = settings
        self.clock = clock
        self.news = news
        self.patience = patience
        retries = Backoff(first: patience.retries.first, longest: patience.retries.longest)
        refusals = Backoff(first: patience.refusals.first, longest: patience.refusals.longest)
        pace = Pace(perSecond: settings.rate)
    }

    // MARK: its life

    func start(_ log: Log) {
        self.log = log
        if case .idle = link { connect() }
    }

    func stop() async {
        let last = link
        link = .stopped
        giveBack(.retry(after: nil, reason: "The gateway stops."))
        guard case .session(let session) = last else { return }
        session.unbind()
        let deadline = Deadline.after(milliseconds: patience.farewell)
        while !session.hasEnded, !deadline.hasPassed { await Loop.pause(milliseconds: 10) }
        session.abandon()
    }

    var isBound: Bool {
        if case .session(let session) = link { session.isBound } else { false }
    }

    var trouble: String? {
        if case .resting(let failure) = link { "\(failure)" } else { nil }
    }

    // MARK: the session

    private func connect() {
        link = .lookingUp
        Task { [self] in
            do throws(CarrierFailure) {
                if settings.tls, tls == nil { tls = try await TLSContext.load(settings.caFile).get() }
                let found = try await NetworkAddress.look(up: settings.host, port: settings.port).get()
                guard case .lookingUp = link else { return }
                addresses = found
                connectToNext()
            } catch {
                if case .lookingUp = link { rest(error) }
            }
        }
    }

    private func connectToNext() {
        guard !addresses.isEmpty else { return rest(.unreachable("its name has no address")) }
        do throws(SystemError) {
            let session = try SMPPSession(
                addresses.removeFirst(), tls: tls, settings: settings, patience: patience)
            session.owner = self
            link = .session(session)
        } catch {
            failed(.unreachable("\(error)"))
        }
    }

    func bound() {
        counts.sessions += 1
        boundAt = monotonicNow()
        log?.notice("carrier bound", ["provider": .text(name)])
        pump()
    }

    func ended(_ failure: CarrierFailure) {
        if case .stopped = link { return }
        failed(failure)
    }

    private func failed(_ failure: CarrierFailure) {
        if case .unreachable = failure, !addresses.isEmpty { return connectToNext() }
        rest(failure)
    }

    /// Pauses before the next try, longer each time, and much longer where the carrier refuses the account.
    private func rest(_ failure: CarrierFailure) {
        if let since = boundAt.take(), monotonicNow() - since >= Int64(patience.good) * 1_000_000 {
            retries.reset()
            refusals.reset()
        }
        link = .resting(failure)
        giveBack(failure.outcome)
        var pause = 0
        if failure.isLasting {
            // By chance this pause could be short too; a carrier that was asked so often locks the account.
            pause = refusals.first / 2 + refusals.next()
            log?.critical(
                "carrier refuses the session",
                [
                    "provider": .text(name), "problem": .error(failure),
                    "pause": .duration(.milliseconds(pause)),
                ])
        } else {
            pause = retries.next()
            log?.warning(
                "no session with the carrier",
                [
                    "provider": .text(name), "problem": .error(failure),
                    "pause": .duration(.milliseconds(pause)),
                ])
        }
        Loop.after(milliseconds: pause) { [weak self] in
            guard let self, case .resting = link else { return }
            connect()
        }
    }

    // MARK: messages

    @Loop func send(_ message: OutboundMessage) async -> Outcome {
        switch link {
        case .stopped: return .retry(after: nil, reason: "The gateway stops.")
        case .resting(let failure): return failure.outcome
        case .idle: connect()
        case .lookingUp, .session: break
        }
        return await withCheckedContinuation { continuation in
            waiting.append(
                Waiting(message: message, since: monotonicNow()) { continuation.resume(returning: $0) })
            pump()
        }
    }

    func hasRoom() { pump() }

    /// Submits what waits, as far as the window and the rate allow.
    private func pump() {
        while case .session(let session) = link, session.takesMessages, !waiting.isEmpty {
            let now = monotonicNow()
            guard pace.opens <= now else {
                waitForPace()
                break
            }
            submit(waiting.removeFirst(), through: session, now)
        }
        if !waiting.isEmpty, waitTimer == nil { waitForTurn() }
    }

    private func submit(_ next: Waiting, through session: SMPPSession, _ now: Int64) {
        let message = next.message
        let handle = handles.take(message.id, number: message.to)
        let request = PDU.ShortMessage(message, settings: settings, reference: handle, now: clock.wall())
        guard let request else {
            handles.release(handle, of: message.id)
            return next.done(
                .retry(after: 0, reason: "The code ended while the message waited for its turn."))
        }
        pace.went(now)
        session.submit(request, for: message.id) { [weak self] outcome in
            if case .uncertain = outcome {} else { self?.handles.release(handle, of: message.id) }
            next.done(outcome)
        }
    }

    private func waitForPace() {
        guard paceTimer == nil else { return }
        paceTimer = Poller.shared.at(Deadline(nanoseconds: pace.opens)) { [weak self] in
            self?.paceTimer = nil
            self?.pump()
        }
    }

    /// Looks after those that wait, the first of which came first.
    private func waitForTurn() {
        guard let first = waiting.first else { return waitTimer = nil }
        // What waits for a session may have to go on waiting for its turn, so it is looked at early.
        let patience = isBound ? patience.turn : patience.session
        let due = Deadline(
            nanoseconds: max(first.since + Int64(patience) * 1_000_000, monotonicNow() + 1_000_000))
        waitTimer = Poller.shared.at(due) { [weak self] in self?.giveUpTurns() }
    }

    private func giveUpTurns() {
        let patience = isBound ? patience.turn : patience.session
        let limit = monotonicNow() - Int64(patience) * 1_000_000
        let reason =
            isBound
            ? "The carrier's window or rate had no room." : "There is no session with the carrier yet."
        while let first = waiting.first, first.since <= limit {
            waiting.removeFirst()
            first.done(.retry(after: isBound ? 1 : nil, reason: reason))
        }
        waitForTurn()
    }

    /// Gives back all that wait, unsent.
    private func giveBack(_ outcome: Outcome) {
        let all = waiting
        waiting = []
        waitTimer?.cancel()
        waitTimer = nil
        for one in all { one.done(outcome) }
    }

    // MARK: news

    func arrived(_ message: PDU.ShortMessage, answer: @escaping @Loop (SMPPStatus) -> Void) {
        let name = name
        switch Delivery(message, alphabet: settings.alphabet, receiptIDs: settings.receiptIDs) {
        case .receipt(let id, let reference, let number, let event, let reason):
            let ours = reference.flatMap { handles.message($0, number: number) }
            let receipt = Receipt(provider: name, message: ours, providerID: id, event: event, reason: reason)
            keep(answer) { news in try await news.receipt(receipt) }
        case .text(let from, let text):
            keep(answer) { news in
                try await news.inbound(InboundText(provider: name, from: from, text: text))
            }
        case .unreadable(let problem):
            puzzled(problem)
            answer(.ok)
        }
    }

    /// Has it written, and only then says so to the carrier. What could not be written comes again.
    private func keep(
        _ answer: @escaping @Loop (SMPPStatus) -> Void,
        _ write: @escaping @Loop (CarrierNews) async throws -> Void
    ) {
        guard let news else { return answer(.temporaryError) }
        Task { [self] in
            do {
                try await write(news)
                answer(.ok)
            } catch {
                log?.error(
                    "a carrier's news was not kept", ["provider": .text(name), "error": .error(error)])
                answer(.temporaryError)
            }
        }
    }

    func answeredLate(_ id: ID, _ outcome: Outcome) {
        var receipt = Receipt(provider: name, message: id, providerID: nil, event: .receiptSent, reason: nil)
        switch outcome {
        case .sent(let providerID): receipt.providerID = providerID
        case .permanent(let reason, _):
            receipt.event = .receiptFailed
            receipt.reason = reason
        // Of the others nothing is to be said: sent again it is not.
        case .retry, .otherRoute, .configuration, .uncertain: return
        }
        let late = receipt
        keep({ _ in }) { news in try await news.receipt(late) }
    }

    func puzzled(_ problem: String) {
        counts.unreadable += 1
        log?.warning(
            "a carrier sent what is of no use", ["provider": .text(name), "problem": .text(problem)])
    }
}
