extension Settings {
    /// A span of time, written as a whole number and its unit: `"250ms"`, `"30s"`, `"5m"`, `"12h"`, `"7d"`.
    public func duration(
        _ name: String, default fallback: Duration? = nil, in bounds: ClosedRange<Duration>, meaning: String
    ) throws(SettingError) -> Duration {
        precondition(fallback.map(bounds.contains) != false, "the default of \(name) is out of its bounds")
        return try value(
            name, default: fallback,
            bounds: "a time from \(bounds.lowerBound.setting) to \(bounds.upperBound.setting)",
            meaning: meaning,
            show: \.setting
        ) {
            guard case .text(let text) = $0, let duration = Duration(setting: text), bounds.contains(duration)
            else { return nil }
            return duration
        }
    }
}

extension Duration {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// Whole milliseconds, the rest cut off.
    public var wholeMilliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// Whole seconds, the rest cut off.
    public var wholeSeconds: Int { Int(components.seconds) }

    /// Reads what ``Settings/duration(_:default:in:meaning:)`` takes; nil for anything else.
    init?(setting text: String) {
        let digits = text.prefix { ("0"..."9").contains($0) }
        let unit = text[digits.endIndex...]
        guard let count = Int64(digits),
            let scale = Self.units.first(where: { $0.name == unit })?.milliseconds
        else { return nil }
        let (milliseconds, overflow) = count.multipliedReportingOverflow(by: scale)
        guard !overflow else { return nil }
        self = .milliseconds(milliseconds)
    }

    /// The duration as it would stand in a file, in the largest unit that divides it.
    var setting: String {
        let milliseconds = wholeMilliseconds
        let unit = Self.units.first { milliseconds % $0.milliseconds == 0 && milliseconds >= $0.milliseconds }
        return unit.map { "\"\(milliseconds / $0.milliseconds)\($0.name)\"" } ?? "\"0s\""
    }
}
