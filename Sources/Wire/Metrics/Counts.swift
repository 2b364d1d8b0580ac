/// A row of numbers that only grow, each at its index.
///
/// They stand in memory of their own, not in properties: a property that is changed in place costs a check of exclusive
/// access each time (40 ns for a call's three additions, against 3), and `InlineArray` loses counts where Swift 6.3.1
/// optimises: `x[i] &+= 1` in a loop that does not change `i` counts once.
final class Counts {
    private let numbers: UnsafeMutableBufferPointer<UInt64>

    /// So many numbers, all 0.
    init(_ count: Int) {
        numbers = .allocate(capacity: count)
        numbers.initialize(repeating: 0)
    }

    deinit { numbers.deallocate() }

    func add(_ count: UInt64, at index: Int) {
        precondition(numbers.indices.contains(index))
        numbers[index] &+= count
    }

    subscript(index: Int) -> UInt64 {
        precondition(numbers.indices.contains(index))
        return numbers[index]
    }
}
