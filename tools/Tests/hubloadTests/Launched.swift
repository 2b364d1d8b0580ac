import Synchronization

@testable import hubload

/// Keeps which visits were launched, and when.
final class Launched: Sendable {
    private let kept = Mutex<(numbers: [Int], moments: [Int64])>(([], []))

    func add(_ range: Range<Int>) {
        kept.withLock {
            $0.numbers += range
            $0.moments.append(Clock.now)
        }
    }

    var numbers: [Int] { kept.withLock { $0.numbers } }
    var earliest: Int64 { kept.withLock { $0.moments.min() ?? 0 } }
}
