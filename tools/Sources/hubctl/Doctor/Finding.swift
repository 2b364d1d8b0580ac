/// One thing that the doctor looked at, and how it is.
struct Finding: Encodable, Equatable {
    enum Level: String, Encodable, Comparable {
        case good, warning, bad

        static func < (one: Level, other: Level) -> Bool { one.rank < other.rank }
        private var rank: Int { self == .good ? 0 : self == .warning ? 1 : 2 }
    }

    /// What it is about: `permissions`, `clock`, `disk` and so on.
    let check: String
    let level: Level
    /// What was found, as a sentence without its full stop.
    let found: String
    /// What to do about it; absent where it is good.
    let remedy: String?

    static func good(_ check: String, _ found: String) -> Finding {
        Finding(check: check, level: .good, found: found, remedy: nil)
    }
    static func warning(_ check: String, _ found: String, _ remedy: String) -> Finding {
        Finding(check: check, level: .warning, found: found, remedy: remedy)
    }
    static func bad(_ check: String, _ found: String, _ remedy: String) -> Finding {
        Finding(check: check, level: .bad, found: found, remedy: remedy)
    }
}
