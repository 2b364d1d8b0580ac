import CLinux
import Glibc

/// What waits for a descriptor of the loop.
@Loop
package protocol Pollable: AnyObject {
    /// The descriptor is readable, writable or broken, as `events` (`CLINUX_IN` and so on) says.
    func ready(_ events: UInt32)
}

/// The waiting half of the loop: descriptors, timers, and what is to be done at the end of a turn.
@Loop
package final class Poller {
    package static let shared = Poller()

    private let epoll: Descriptor
    /// Who waits for a descriptor, by its number; the generation tells a descriptor from an earlier one of its number.
    private var waiting: [(owner: (any Pollable)?, generation: UInt32)] = []
    private var timers = Timers()
    private var atEndOfTurn: [@Loop () -> Void] = []
    /// The monotonic clock, read once a turn.
    package private(set) var now = monotonicNow()

    private init() {
        let descriptor = clinux_epoll_create()
        precondition(descriptor >= 0, "\(SystemError("epoll_create1"))")
        epoll = Descriptor(adopting: descriptor)
        let status = clinux_epoll_add(
            descriptor, Loop.shared.executor.wakeUp.raw, UInt32(CLINUX_IN), Self.wakeUp)
        precondition(status == 0, "\(SystemError("epoll_ctl"))")
    }

    /// Lets `owner` know what happens to `descriptor`, of which it wants to know `events`.
    package func add(_ descriptor: CInt, events: UInt32, owner: any Pollable) throws(SystemError) {
        let index = Int(descriptor)
        while waiting.count <= index { waiting.append((nil, 0)) }
        waiting[index].owner = owner
        waiting[index].generation &+= 1
        guard clinux_epoll_add(epoll.raw, descriptor, events, token(index)) == 0 else {
            waiting[index].owner = nil
            throw SystemError("epoll_ctl")
        }
    }

    package func modify(_ descriptor: CInt, events: UInt32) {
        _ = clinux_epoll_modify(epoll.raw, descriptor, events, token(Int(descriptor)))
    }

    /// Forgets a descriptor; to be called before it is closed.
    package func remove(_ descriptor: CInt) {
        waiting[Int(descriptor)].owner = nil
        _ = clinux_epoll_remove(epoll.raw, descriptor)
    }

    /// Does `action` once, at `deadline` or soon after it.
    @discardableResult
    package func at(_ deadline: Deadline, _ action: @escaping @Loop () -> Void) -> LoopTimer {
        let timer = LoopTimer(due: deadline.nanoseconds, action: action)
        timers.insert(timer)
        return timer
    }

    /// Does `action` before the loop next waits: once for all that happened in this turn.
    package func atEndOfTurn(_ action: @escaping @Loop () -> Void) { atEndOfTurn.append(action) }

    /// The loop: turns, with the jobs of ``Loop`` between them.
    func run() async {
        while true {
            turn()
            await Loop.shared.executor.afterJobs()
        }
    }

    /// One turn: finishes what the last one left, waits, and tells the owners of what happened.
    private func turn() {
        while !atEndOfTurn.isEmpty {
            var actions: [@Loop () -> Void] = []
            swap(&actions, &atEndOfTurn)
            for action in actions { action() }
        }
        let executor = Loop.shared.executor
        let mayWait = executor.fallAsleep()
        let patience: Int64 = mayWait ? timers.next.map { max(0, $0 - monotonicNow()) } ?? -1 : 0
        withUnsafeTemporaryAllocation(of: clinux_event.self, capacity: 64) { events in
            let count = clinux_epoll_wait(epoll.raw, events.baseAddress, 64, patience)
            if mayWait { executor.wakeFully() }
            now = monotonicNow()
            for index in 0..<max(0, Int(count)) { dispatch(events[index]) }
        }
        while let timer = timers.popDue(now) { timer.fire() }
    }

    private func dispatch(_ event: clinux_event) {
        guard event.data != Self.wakeUp else {
            var count: UInt64 = 0
            _ = read(Loop.shared.executor.wakeUp.raw, &count, 8)
            return
        }
        let entry = waiting[Int(event.data & 0xFFFF_FFFF)]
        guard entry.generation == UInt32(event.data >> 32) else { return }
        entry.owner?.ready(event.events)
    }

    private func token(_ index: Int) -> UInt64 { UInt64(waiting[index].generation) << 32 | UInt64(index) }

    /// The event data of the executor's wake-up descriptor.
    private static let wakeUp = UInt64.max
}

extension Loop {
    /// Does `action` on the loop after `milliseconds`, unless it is called off before.
    @Loop @discardableResult
    package static func after(milliseconds: Int, _ action: @escaping @Loop () -> Void) -> LoopTimer {
        Poller.shared.at(.after(milliseconds: milliseconds), action)
    }
}

extension Loop {
    /// Suspends the task for `milliseconds`; the loop goes on with other work.
    @Loop
    package static func pause(milliseconds: Int) async {
        await withCheckedContinuation { waiting in
            after(milliseconds: milliseconds) { waiting.resume() }
        }
    }
}
