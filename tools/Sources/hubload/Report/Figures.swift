import Foundation

/// Numbers as people read them.
enum Figures {
    /// Three digits that count: `0.25`, `12.5`, `1,250`.
    static func short(_ number: Double) -> String {
        guard number.isFinite else { return "-" }
        let size = abs(number)
        if size >= 99.95 || size == size.rounded(), size >= 1 || size == 0 {
            return grouped(Int(number.rounded()))
        }
        return String(format: size >= 9.995 ? "%.1f" : size >= 0.01 ? "%.2f" : "%.4f", number)
    }

    /// A time in milliseconds, with its unit: `85 µs`, `12.5 ms`, `2.1 s`.
    static func time(_ milliseconds: Double) -> String {
        switch milliseconds {
        case 0: "0"
        case ..<1: "\(Int((milliseconds * 1_000).rounded())) µs"
        case ..<1_000: "\(short(milliseconds)) ms"
        default: "\(short(milliseconds / 1_000)) s"
        }
    }

    /// `12,500`.
    static func grouped(_ number: Int) -> String {
        var digits = String(number.magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// The middle one of some numbers; 0 of none.
    static func median(_ numbers: [Double]) -> Double {
        let sorted = numbers.sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
