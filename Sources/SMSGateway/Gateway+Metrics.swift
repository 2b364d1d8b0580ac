import Wire

/// How often the gateway would not take a code, by reason.
@Loop
final class Refusals {
    private(set) var counts: [String: UInt64] = [:]

    /// The reasons that are told apart.
    static let reasons: [Reason] = [
        .badPhone, .alreadyExpired, .keyReused, .blocked, .tooManyCodes, .queueFull,
    ]

    /// Prefixes that the pumping guard blocked, or would have.
    private(set) var pumping: UInt64 = 0

    func countPumping() { pumping += 1 }

    func count(_ reason: String) { counts[reason, default: 0] += 1 }
}

extension Gateway {
    /// Adds what there is to measure to the server's metrics. Queue figures come from the database, when they
    /// are asked for.
    func measure(_ metrics: Metrics) {
        for state in SMS.MessageState.allCases {
            metrics.gauge(
                "sms_messages", "Messages that are kept, by state.", labels: ["state": state.rawValue]
            ) {
                [self] in Double((try? store.tally()[state]) ?? 0)
            }
        }
        metrics.gauge(
            "sms_oldest_queued_seconds", "For how long the message at the head of the queue has waited.",
            unit: "seconds"
        ) { [self] in
            guard let oldest = try? store.oldestQueued() else { return 0 }
            return Double(max(0, clock.wall().milliseconds - oldest.milliseconds)) / 1_000
        }
        for reason in Refusals.reasons {
            metrics.counter(
                "sms_refused", "Messages that were not accepted, by reason.", labels: ["reason": reason.name]
            ) {
                [self] in refusals.counts[reason.name] ?? 0
            }
        }
        metrics.counter(
            "sms_pumping", "Prefixes whose codes were not used: blocked, or only recorded, as it is set."
        ) { [self] in refusals.pumping }
        for event in MessageEvent.allCases where event.isReceipt {
            metrics.counter(
                "sms_receipts", "Receipts that carriers gave, by the state that they tell of.",
                labels: ["state": event.told]
            ) {
                [self] in desk.receipts[event] ?? 0
            }
        }
        for word in OptOut.allCases {
            metrics.counter(
                "sms_opt_outs", "Numbers whose owners switched messages off or on again, by word.",
                labels: ["word": word.rawValue]
            ) {
                [self] in desk.optOuts[word] ?? 0
            }
        }
        for result in WebhookCounts.Result.allCases {
            metrics.counter(
                "sms_webhooks", "What came by sms.Receipt, by what it was.",
                labels: ["result": result.rawValue]
            ) {
                [self] in webhooks.counts[result] ?? 0
            }
        }
        for route in courier.routes {
            metrics.counter("sms_sent", "Messages that a provider took.", labels: ["provider": route.name]) {
                UInt64(route.sent)
            }
            metrics.counter(
                "sms_not_sent", "Tries that failed or whose end is not known.",
                labels: ["provider": route.name]
            ) {
                UInt64(route.failed)
            }
            metrics.gauge(
                "sms_in_flight", "Messages on their way to a provider.", labels: ["provider": route.name]
            ) {
                Double(route.inFlight)
            }
            metrics.gauge(
                "sms_provider_open",
                "1 where messages go to a provider, 0 while its breaker holds them back.",
                labels: ["provider": route.name]
            ) {
                [self] in route.isOpen(clock.steady()) ? 1 : 0
            }
            route.provider.measure(metrics)
        }
    }
}

extension MessageEvent {
    /// What a receipt says: `sent`, `delivered`, `failed` or `expired`.
    fileprivate var told: String { rawValue.dropFirst("receipt".count).lowercased() }
}
