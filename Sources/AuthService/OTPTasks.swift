import ServiceKit
import Storage
import Wire

/// Works off what OTPService still has to be told (``OTPTask``): at once when there is something new, and again and again
/// while OTPService is out of reach, also after a restart.
@Loop final class OTPTasks {
    private let store: AuthStore
    private let otp: Client
    private let turns: Turns
    private let log: Log
    private let now: @Sendable () -> Timestamp
    /// Milliseconds that OTPService gets for one task.
    var patience = 5_000
    private var isWorking = false
    private var isKicked = false
    private var isStopped = false
    private var timer: LoopTimer?

    /// Seconds for which a host has a person's tasks to itself: longer than one call can take.
    private nonisolated static let lease = 10
    /// Seconds between looks for tasks that another host left undone.
    private nonisolated static let rounds = 60
    private nonisolated static let longestPause = 60

    init(
        store: AuthStore, otp: Client, turns: Turns, log: Log, now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.otp = otp
        self.turns = turns
        self.log = log
        self.now = now
    }

    /// Looks for tasks now. To be called after a commit that added one, and when the service starts.
    func kick() {
        isKicked = true
        guard !isWorking, !isStopped else { return }
        isWorking = true
        timer?.cancel()
        Task { @Loop in await work() }
    }

    func stop() {
        isStopped = true
        timer?.cancel()
    }

    /// Does all that is to be done for a person, now, with what is left of the caller's time. To be called in the person's
    /// turn, before anything else is asked of OTPService that changes its factors.
    ///
    /// - Throws: why it could not be done; then it is still to be done.
    func settle(_ person: ID, for caller: Caller) async throws {
        try await settle(person, milliseconds: min(patience, caller.deadline.millisecondsLeft))
    }

    private func settle(_ person: ID, milliseconds: Int) async throws {
        guard try store.read({ try !$0.tasks(of: person).isEmpty }) else { return }
        let now = now()
        guard try await store.write({ try $0.leaseTasks(of: person, until: now + Self.lease, at: now) })
        else {
            throw Refusal(.unavailable, "Another host is at this person's factors.", retryAfter: 1)
        }
        // Read behind the lease, which covers a task that came meanwhile too.
        let tasks = try store.read { try $0.tasks(of: person) }
        let deadline = Deadline.after(milliseconds: milliseconds)
        do {
            for task in tasks {
                try await tell(task, milliseconds: deadline.millisecondsLeft)
                try await store.write { database in
                    try database.deleteTask(task.id)
                    guard task.method == nil else { return }
                    try database.record(
                        AuditEvent(firm: task.firm, at: now, actor: .system, kind: .wiped, person: person))
                }
            }
        } catch {
            let tries = tasks.map(\.tries).max() ?? 0
            let due = now + min(Self.longestPause, 1 << min(tries, 6))
            try await store.write { try $0.putOffTasks(of: person, to: due) }
            throw error
        }
    }

    private func tell(_ task: OTPTask, milliseconds: Int) async throws {
        guard let method = task.method else {
            _ = try await otp.call(OTP.Reset(subject: task.person), within: milliseconds)
            return
        }
        do {
            _ = try await otp.call(OTP.Remove(subject: task.person, method: method), within: milliseconds)
        } catch let refusal as Refusal where refusal.isFor(.notSetUp) {
            // Gone already, which is all that is wanted.
        }
    }

    /// Works on what is due until nothing is, then sets the timer for what will be.
    private func work() async {
        while isKicked, !isStopped {
            isKicked = false
            do {
                let now = now()
                for person in try store.read({ try $0.peopleWithTasks(dueAt: now, limit: 100) }) {
                    do {
                        try await turns.take(person) { [self] in
                            try await settle(person, milliseconds: patience)
                        }
                        isKicked = true
                    } catch {
                        log.warning(
                            "OTPService could not be told that factors ended; tried again later",
                            ["person": .id(person), "problem": .error(error)])
                    }
                }
            } catch {
                log.error("tasks for OTPService cannot be read", ["problem": .error(error)])
            }
        }
        isWorking = false
        rest()
    }

    private func rest() {
        guard !isStopped else { return }
        let now = now()
        let due = (try? store.read { try $0.nextTaskDue() }) ?? nil
        let seconds = min(Self.rounds, max(1, due?.seconds(since: now) ?? Self.rounds))
        timer = Loop.after(milliseconds: seconds * 1_000) { [weak self] in self?.kick() }
    }
}
