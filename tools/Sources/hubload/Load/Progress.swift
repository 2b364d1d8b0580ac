import Foundation

/// Tells on a terminal how a load goes: one line, written anew each second. Says nothing where nobody looks.
struct Progress: Sendable {
    /// What is going on, such as `chain at 50 visits a second`.
    var title: String
    var isShown = Terminal.isWatched

    func show(_ elapsed: Double, of seconds: Double, _ recent: Tally, over time: Double, underWay: Int) {
        guard isShown else { return }
        let place =
            elapsed < 0
            ? "warming up" : "\(Int(min(elapsed, seconds).rounded(.down))) of \(Figures.short(seconds)) s"
        var line = "\(title): \(place), \(Figures.short(Double(recent.good) / time))/s"
        if recent.good > 0 {
            line +=
                ", p50 \(Figures.time(recent.milliseconds(50))), p99 \(Figures.time(recent.milliseconds(99)))"
        }
        if recent.bad > 0 { line += ", \(Figures.short(Double(recent.bad) / time))/s refused" }
        Terminal.replaceLine("\(line), \(underWay) under way")
    }

    /// Says what is being done that is no load.
    func say(_ text: String) {
        if isShown { Terminal.replaceLine("\(title): \(text)") }
    }

    func clear() {
        if isShown { Terminal.replaceLine("") }
    }
}

/// Standard error, as people see it.
enum Terminal {
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    static func say(_ line: String) { write("\(line)\n") }

    /// Writes over the line that the cursor is in.
    static func replaceLine(_ text: String) { write("\r\u{1B}[K\(text)") }

    private static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
