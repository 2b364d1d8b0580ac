/// How long what is waited for, in milliseconds. Settings where an operator may have a reason; the rest is usual
/// among carriers.
struct SMPPPatience: Sendable {
    /// For the answer to a message, from when it left this host.
    var answer: Int
    /// From the beginning of a connection until it is bound.
    var bind = 10_000
    /// Without anything from the carrier, until it is asked whether it is there.
    var idle = 30_000
    /// For a sign of life once it was asked.
    var life = 10_000
    /// For what is under way when one side ends the session.
    var farewell = 5_000
    /// That a message waits for room, or for its turn by the rate.
    var turn = 10_000
    /// The same while there is no session, so that another provider has it soon.
    var session = 1_000
    /// Between tries to connect: the first and the longest pause.
    var retries = (first: 500, longest: 30_000)
    /// The same where the carrier refuses the account, which does not pass by itself.
    var refusals = (first: 10_000, longest: 300_000)
    /// That a session must have lasted to count as a good one.
    var good = 10_000
}
