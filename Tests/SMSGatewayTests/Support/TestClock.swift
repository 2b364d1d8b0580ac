import Synchronization
import Wire

@testable import SMSGateway

/// A clock that goes on when a test says so.
final class TestClock: Sendable {
    static let start = Timestamp(milliseconds: 1_800_000_000_000)

    private let times = Mutex((wall: TestClock.start, steady: Int64(1_000_000)))

    var now: Timestamp { times.withLock { $0.wall } }

    var clock: Clock {
        Clock(wall: { self.now }, steady: { self.times.withLock { $0.steady } })
    }

    func advance(_ seconds: Int) { advance(milliseconds: Int64(seconds) * 1_000) }

    func advance(milliseconds: Int64) {
        times.withLock {
            $0.wall.milliseconds += milliseconds
            $0.steady += milliseconds
        }
    }

    /// Sets the wall clock back, as an administrator would.
    func setBack(_ seconds: Int) { times.withLock { $0.wall = $0.wall - seconds } }
}
