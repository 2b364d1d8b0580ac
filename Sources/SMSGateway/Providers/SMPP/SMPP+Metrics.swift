import Wire

extension SMPP {
    /// Adds the state of its session, and what came over it.
    func measure(_ metrics: Metrics) {
        metrics.gauge(
            "sms_smpp_bound", "1 while there is a session with the carrier.", labels: ["provider": name]
        ) { [self] in isBound ? 1 : 0 }
        metrics.counter("sms_smpp_sessions", "Sessions that were opened.", labels: ["provider": name]) {
            [self] in counts.sessions
        }
        metrics.counter(
            "sms_smpp_unreadable", "What came and could not be read.", labels: ["provider": name]
        ) { [self] in counts.unreadable }
    }
}
