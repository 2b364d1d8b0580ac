/// What is to happen at a moment; kept by whoever may want to call it off.
@Loop
package final class LoopTimer {
    let due: Int64
    private var action: (@Loop () -> Void)?

    init(due: Int64, action: @escaping @Loop () -> Void) {
        self.due = due
        self.action = action
    }

    /// Calls it off; nothing happens any more.
    package func cancel() { action = nil }

    func fire() { action.take()?() }
}

/// The loop's timers, the next one first: a binary heap by due time.
@Loop
struct Timers {
    private var heap: [LoopTimer] = []

    /// When the next timer is due, in nanoseconds of the monotonic clock.
    var next: Int64? { heap.first?.due }

    mutating func insert(_ timer: LoopTimer) {
        heap.append(timer)
        var child = heap.count - 1
        while child > 0, heap[child].due < heap[(child - 1) / 2].due {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes out the first timer that is due at `now`.
    mutating func popDue(_ now: Int64) -> LoopTimer? {
        guard let first = heap.first, first.due <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            let children = (parent * 2 + 1)..<min(parent * 2 + 3, max(heap.count, parent * 2 + 1))
            guard let least = children.min(by: { heap[$0].due < heap[$1].due }),
                heap[least].due < heap[parent].due
            else { break }
            heap.swapAt(parent, least)
            parent = least
        }
        return first
    }
}
