/// Numbers as people read them.
enum Units {
    /// `812 B`, `12.5 KiB`, `3.0 GiB`.
    static func bytes(_ count: Int) -> String {
        let names = ["KiB", "MiB", "GiB", "TiB"]
        guard count >= 1_024 else { return "\(count) B" }
        var tenths = count * 10 / 1_024
        var unit = 0
        while tenths >= 10_240, unit < names.count - 1 {
            tenths /= 1_024
            unit += 1
        }
        return "\(tenths / 10).\(tenths % 10) \(names[unit])"
    }

    /// The two largest units of a number of seconds: `42 s`, `3 min 5 s`, `2 h 0 min`, `8 d 3 h`.
    static func duration(_ seconds: Int) -> String {
        switch max(0, seconds) {
        case let rest where rest < 60: "\(rest) s"
        case let rest where rest < 3_600: "\(rest / 60) min \(rest % 60) s"
        case let rest where rest < 86_400: "\(rest / 3_600) h \(rest / 60 % 60) min"
        case let rest: "\(rest / 86_400) d \(rest / 3_600 % 24) h"
        }
    }
}
