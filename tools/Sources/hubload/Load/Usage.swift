import Foundation
import Wire

/// What the services' processes use, sampled while a load goes on.
@Loop
final class UsageLog {
    private let processes: [(name: String, pid: Int32)]
    private var all: [(moment: Int64, uses: [String: Use])] = []

    init(_ processes: [(name: String, pid: Int32)]) { self.processes = processes }

    struct Use: Codable, Sendable, Equatable {
        var residentMebibytes: Double
        var descriptors: Int
    }

    /// What the processes used, by their services' names.
    struct Sample: Codable, Sendable {
        /// Seconds from the beginning of the measured time.
        var second: Double
        var uses: [String: Use]
    }

    func sample(at now: Int64) {
        var uses: [String: Use] = [:]
        for process in processes { uses[process.name] = Self.use(of: process.pid) }
        if !uses.isEmpty { all.append((now, uses)) }
    }

    /// The samples of a stretch of time.
    func samples(from begin: Int64, until end: Int64) -> [Sample] {
        all.filter { (begin..<end).contains($0.moment) }.map {
            Sample(second: Double($0.moment - begin) / Double(Clock.second), uses: $0.uses)
        }
    }

    private static func use(of pid: Int32) -> Use? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8),
            let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")
        else { return nil }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Double(fields[1]) else { return nil }
        return Use(
            residentMebibytes: pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576,
            descriptors: descriptors.count)
    }
}

/// How much grew between the first and the last tenth of a run, at most over the services.
struct Growth: Equatable {
    /// Of the memory, in per cent of the beginning.
    let memory: Double
    let descriptors: Double

    /// Nil where there are too few samples to tell.
    init?(_ samples: [UsageLog.Sample]) {
        let part = max(1, samples.count / 10)
        guard samples.count >= 3 else { return nil }
        let (first, last) = (samples.prefix(part), samples.suffix(part))
        var (memory, descriptors) = (-Double.infinity, -Double.infinity)
        for name in Set(samples.flatMap(\.uses.keys)) {
            let before = first.compactMap { $0.uses[name] }
            let after = last.compactMap { $0.uses[name] }
            guard !before.isEmpty, !after.isEmpty else { continue }
            let start = Figures.median(before.map(\.residentMebibytes))
            memory = max(memory, (Figures.median(after.map(\.residentMebibytes)) / start - 1) * 100)
            descriptors = max(
                descriptors,
                Figures.median(after.map { Double($0.descriptors) })
                    - Figures.median(before.map { Double($0.descriptors) }))
        }
        guard memory.isFinite else { return nil }
        self.memory = memory
        self.descriptors = descriptors
    }
}

/// How much of the processors this process uses.
struct OwnUsage {
    private let start = (moment: Clock.now, used: Self.used)

    /// Processors that were used since the beginning, on average.
    func processors() -> Double {
        Double(Self.used - start.used) / Double(max(1, Clock.now - start.moment))
    }

    private static var used: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * Clock.second + Int64(time.tv_nsec)
    }
}
