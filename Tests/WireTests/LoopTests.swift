import Synchronization
import Testing

@testable import Wire

@Suite("Loop", .timeLimit(.minutes(2)))
struct LoopTests {
    @Test("runs everything that is isolated to it on one thread")
    @Loop func oneThread() async {
        Loop.shared.executor.checkIsolated()
        await Loop.pause(milliseconds: 1)
        Loop.shared.executor.checkIsolated()
        await Task.detached { await Self.onLoop() }.value
        Loop.shared.executor.checkIsolated()
    }

    @Loop private static func onLoop() { Loop.shared.executor.checkIsolated() }

    @Test("fires timers in the order of their time, and not those called off")
    @Loop func timers() async {
        var fired: [Int] = []
        for delay in [30, 10, 20, 10] { Loop.after(milliseconds: delay) { fired.append(delay) } }
        Loop.after(milliseconds: 15) { fired.append(15) }.cancel()
        #expect(await eventually { fired.count == 4 })
        #expect(fired == [10, 10, 20, 30])
    }

    @Test("keeps timers in a heap, whatever the order they come in")
    @Loop func heap() {
        var random = SystemRandomNumberGenerator()
        var timers = Timers()
        let times = (0..<1_000).map { _ in Int64.random(in: 0..<500, using: &random) }
        var popped: [Int64] = []
        for time in times { timers.insert(LoopTimer(due: time) { popped.append(time) }) }
        #expect(timers.popDue(-1) == nil)
        while let timer = timers.popDue(1_000) { timer.fire() }
        #expect(popped == times.sorted())
    }

    @Test("lets other work go on while tasks follow each other without end")
    @Loop func fairness() async {
        let stop = Mutex(false)
        let busy = Task { @Loop in
            while !stop.withLock({ $0 }) { await Task { @Loop in }.value }
        }
        await Loop.pause(milliseconds: 5)
        stop.withLock { $0 = true }
        await busy.value
    }

    /// A job that comes between the poller's resumption and its turn shares a batch with it, behind it: a poller that
    /// slept then would sleep until something else wakes it, and here nothing else does.
    @Test("sleeps only when no job waits, whenever that comes from another thread")
    func noJobIsForgotten() async {
        await withTaskGroup { group in
            for _ in 0..<2 {
                group.addTask { @concurrent in
                    for _ in 0..<20_000 { await Self.onLoop() }
                }
            }
        }
    }
}
