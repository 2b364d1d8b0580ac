import Cryptography
import ServiceKit
import Storage
import Wire

/// Takes what is due from the queue to the providers, and writes what came of it.
///
/// All of its work is rounds: what lapsed ends, what is due is claimed (durably `sending` before a provider
/// hears of it) and handed over. A round begins when something may be due: a message was accepted, an answer
/// came, a pause is over.
@Loop
final class Courier {
    struct Settings: Sendable, Equatable {
        /// Seconds after which a provider's answer is not waited for any more.
        var sendTimeout = 30
        /// Seconds that a message is kept after it was accepted.
        var retention = 30 * 86_400
    }

    var settings: Settings
    var keys: SealingKeys
    let routes: [Route]
    private let store: Store
    private let clock: Clock
    private let random: () -> Double
    private let log: Log

    /// Learns how fast the queue empties.
    private(set) var forecast = QueueForecast()
    /// What is on its way, by message.
    private var flights: [ID: Flight] = [:]
    /// Outcomes that could not be written yet. While there are any, nothing more is sent.
    private var unwritten: [Ended] = []
    private var isStopping = false
    /// After which nothing is handed over any more, whatever was claimed.
    private var isStopped = false
    private var isInRound = false
    private let alarm = Alarm()
    private let housekeeper: Housekeeper

    private struct Flight {
        let attempt: Int
        let route: Route
        let text: String
        let began: Int64
    }

    /// An attempt that is over, and has to be written.
    private struct Ended {
        let id: ID
        let attempt: Int
        let outcome: Outcome
        /// Nil where the answer comes after the courier had stopped waiting.
        let route: Route?
    }

    init(
        store: Store, keys: SealingKeys, routes: [Route], clock: Clock, log: Log,
        settings: Settings = Settings(),
        random: @escaping () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.store = store
        self.keys = keys
        self.routes = routes
        self.clock = clock
        self.log = log
        self.settings = settings
        self.random = random
        housekeeper = Housekeeper(store: store, clock: clock, log: log)
    }

    // MARK: its life

    /// Begins to work, until ``stop(within:)``.
    func start() {
        Task {
            while !isStopping {
                await round()
                await alarm.wait(milliseconds: pause())
            }
        }
    }

    /// Something may be due.
    func nudge() { alarm.ring() }

    /// Claims nothing more and waits for what is on its way, `milliseconds` at most; of what is still out
    /// then, it is uncertain whether it was sent.
    func stop(within milliseconds: Int) async {
        isStopping = true
        nudge()
        let deadline = clock.steady() + Int64(milliseconds)
        while !flights.isEmpty || isInRound, clock.steady() < deadline { await Loop.pause(milliseconds: 20) }
        isStopped = true
        for id in flights.keys.sorted() {
            await end(id, .uncertain(reason: "The gateway was stopped before the provider answered."))
        }
        await writeEnded()
    }

    /// How many messages are on their way.
    var inFlight: Int { flights.count }

    /// When the first provider takes messages: now, or later where all are shut.
    func opens(_ now: Timestamp) -> Timestamp {
        routes.map { $0.routing(steady: clock.steady(), wall: now).opens ?? now }.min() ?? now
    }

    /// Milliseconds until there may be something to do without anybody saying so.
    private func pause() -> Int {
        let now = clock.wall()
        guard unwritten.isEmpty else { return 1_000 }
        // What is due and waits for a provider may go round it before that one says anything.
        let longest = (try? store.hasDue(now: now)) == true ? 250 : 1_000
        guard let due = try? store.nextDue(after: now) else { return longest }
        return Int(min(max(due.milliseconds - now.milliseconds, 1), Int64(longest)))
    }

    // MARK: a round

    /// Does all that is to be done now. Errors of the database end the round; the next one tries again.
    func round() async {
        isInRound = true
        defer { isInRound = false }
        do {
            await giveUpLate()
            await writeEnded()
            guard unwritten.isEmpty else { return }
            try await housekeeper.sweep()
            try await claim()
            try await housekeeper.purge(olderThan: settings.retention)
        } catch {
            log.error("the queue stands still", ["error": .error(error)])
        }
    }

    private func claim() async throws {
        guard !isStopping, try store.hasDue(now: clock.wall()) else { return }
        let (wall, steady) = (clock.wall(), clock.steady())
        let routing = Routing(routes.map { $0.routing(steady: steady, wall: wall) })
        for claimed in try await store.claim(routing, now: wall) { await handOver(claimed) }
    }

    /// Gives a claimed message to its provider. That its row says `sending` is on disk already.
    private func handOver(_ claimed: Claimed) async {
        guard !isStopped, let route = routes.first(where: { $0.name == claimed.provider }) else { return }
        let content: Content
        do {
            content = try Content(opening: claimed.sealed, with: keys, for: claimed.id)
        } catch {
            return await crashed(claimed, error)
        }
        if let outcome = held(content.to) {
            return await write(
                Ended(id: claimed.id, attempt: claimed.attempt, outcome: outcome, route: route))
        }
        flights[claimed.id] = Flight(
            attempt: claimed.attempt, route: route, text: content.text, began: clock.steady())
        route.began(at: clock.steady())
        let message = OutboundMessage(
            id: claimed.id, to: content.to, text: content.text, expires: claimed.expires)
        let provider = route.provider
        Task { [weak self] in
            let outcome = await provider.send(message)
            await self?.answered(message.id, claimed.attempt, outcome)
        }
    }

    /// What becomes of a message that was accepted before its number was blocked, or its owner wanted none;
    /// nil where nothing holds it back.
    private func held(_ number: String) -> Outcome? {
        do {
            let marks = store.fingerprints
            if try store.isOptedOut(marks.number(number)) {
                return .permanent(reason: "The number's owner has switched text messages off.")
            }
            if try store.isBlocked(marks.blocks(of: number), now: clock.wall()) {
                return .permanent(reason: "Messages to this number were blocked meanwhile.")
            }
            return nil
        } catch {
            return .retry(after: 1, reason: "The database cannot be read.")
        }
    }

    /// A message that cannot even be opened must not hold up the others.
    private func crashed(_ claimed: Claimed, _ error: any Error) async {
        log.critical(
            "a message cannot be handed over", ["message": .id(claimed.id), "error": .error(error)])
        do {
            try await store.crash(
                claimed.id, attempt: claimed.attempt, error: "The gateway cannot read the message.",
                now: clock.wall())
        } catch {
            log.error(
                "a message's state was not written", ["message": .id(claimed.id), "error": .error(error)])
        }
    }

    // MARK: what comes of it

    private func answered(_ id: ID, _ attempt: Int, _ outcome: Outcome) async {
        if flights[id]?.attempt == attempt {
            await end(id, outcome)
        } else if case .sent = outcome {
            // Too late: it counts as uncertain already. That it was sent after all is worth knowing.
            await write(Ended(id: id, attempt: attempt, outcome: outcome, route: nil))
        }
        nudge()
    }

    /// Stops waiting for answers that are overdue: whether those messages were sent, nobody knows.
    private func giveUpLate() async {
        let limit = clock.steady() - Int64(settings.sendTimeout) * 1_000
        for (id, flight) in flights where flight.began <= limit {
            await end(id, .uncertain(reason: "The provider did not answer within \(settings.sendTimeout) s."))
        }
    }

    private func end(_ id: ID, _ outcome: Outcome) async {
        guard let flight = flights.removeValue(forKey: id) else { return }
        flight.route.ended(outcome, at: clock.steady())
        await write(
            Ended(
                id: id, attempt: flight.attempt, outcome: outcome.redacted(of: flight.text),
                route: flight.route))
    }

    /// Writes an outcome, or keeps it to be written once the database works again.
    private func write(_ ended: Ended) async {
        do {
            let state = try await store.settle(
                ended.id, attempt: ended.attempt, ended.outcome, providers: routes.map(\.name),
                onUncertain: ended.route?.onUncertain ?? .report, random: random(), now: clock.wall())
            guard let state else { return }
            if state != .queued {
                forecast.departed(waiting: try store.queued(), at: clock.steady())
            }
            tell(ended, state)
        } catch {
            guard (error as? StoreError)?.isPassing == true else {
                // It would fail again and again, and hold up the others. At the next start it becomes
                // uncertain.
                return log.critical(
                    "an outcome cannot be written", ["message": .id(ended.id), "error": .error(error)])
            }
            log.error("an outcome was not written yet", ["message": .id(ended.id), "error": .error(error)])
            unwritten.append(ended)
        }
    }

    private func writeEnded() async {
        let waiting = unwritten
        unwritten = []
        for ended in waiting { await write(ended) }
    }

    private func tell(_ ended: Ended, _ state: SMS.MessageState) {
        let fields: KeyValuePairs<StaticString, Log.Value> = [
            "message": .id(ended.id), "state": .text(state.rawValue),
            "provider": .text(ended.route?.name ?? ""),
            "attempt": .number(ended.attempt), "reason": .text(ended.outcome.reason ?? ""),
        ]
        switch ended.outcome {
        case .configuration: log.critical("the provider's settings are wrong", fields)
        case .uncertain, .otherRoute: log.warning("message not sent", fields)
        case .sent: log.info("message sent", fields)
        case .retry, .permanent: log.notice("message not sent", fields)
        }
    }
}

extension Outcome {
    /// Why, in the provider's words; nil where it took the message.
    var reason: String? {
        switch self {
        case .sent: nil
        case .retry(_, let reason), .otherRoute(let reason), .permanent(let reason, _),
            .configuration(let reason),
            .uncertain(let reason):
            reason
        }
    }

    /// The same with nothing in its words that the message has in its own.
    func redacted(of text: String) -> Outcome {
        let reason = Redaction.clean(reason ?? "", of: text)
        return switch self {
        case .sent: self
        case .retry(let after, _): .retry(after: after, reason: reason)
        case .otherRoute: .otherRoute(reason: reason)
        case .permanent(_, let optedOut): .permanent(reason: reason, optedOut: optedOut)
        case .configuration: .configuration(reason: reason)
        case .uncertain: .uncertain(reason: reason)
        }
    }
}
