import Wire

/// When a message that was provably not taken is tried again.
///
/// Full jitter (a random share of 1, 2, 4, 8, then 15 seconds), so that a thousand messages that failed
/// together do not come back together; a provider's `Retry-After` is a floor under it.
enum RetryPolicy {
    /// Seconds of life a code must have left to be worth sending: a person has to read and type it.
    static let usefulSeconds = 20
    /// The longest wait, in seconds, before a try; the provider's own word may be longer.
    static let longestWait = 15

    /// Whether a code that ends at `expires` may be sent at `now`.
    static func isWorthSending(_ expires: Timestamp, now: Timestamp) -> Bool {
        expires >= now + usefulSeconds
    }

    /// When to try again after the `round`-th time (1 is the first) that every route turned the message away.
    ///
    /// `random` is 0 up to 1, `retryAfter` the seconds that the provider asked for.
    ///
    /// - Returns: nil where the code would be dead or dying by then.
    static func next(round: Int, random: Double, retryAfter: Int?, now: Timestamp, expires: Timestamp)
        -> Timestamp?
    {
        let ceiling = Double(min(longestWait, 1 << min(max(round - 1, 0), 4)))
        let jitter = Int64(ceiling * 1_000 * min(max(random, 0), 1))
        let floor = Int64(min(max(retryAfter ?? 0, 0), 86_400)) * 1_000
        let due = Timestamp(milliseconds: now.milliseconds + max(jitter, floor))
        return isWorthSending(expires, now: due) ? due : nil
    }
}
