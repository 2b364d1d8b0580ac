import Foundation
import Glibc

/// What the process takes of its host, by the names that Prometheus' own clients use.
enum ProcessMetrics {
    /// In OpenMetrics' text format, without the mark of its end.
    static var text: String {
        var lines = [
            "# TYPE process_cpu_seconds counter", "# UNIT process_cpu_seconds seconds",
            "# HELP process_cpu_seconds Processor time used.",
            "process_cpu_seconds_total \(processorSeconds)",
        ]
        if let bytes = residentBytes {
            lines += [
                "# TYPE process_resident_memory_bytes gauge", "# UNIT process_resident_memory_bytes bytes",
                "# HELP process_resident_memory_bytes Memory in use.",
                "process_resident_memory_bytes \(bytes)",
            ]
        }
        if let count = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            lines += [
                "# TYPE process_open_fds gauge",
                "# HELP process_open_fds Open files and connections.", "process_open_fds \(count)",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The second number of /proc/self/statm, which counts pages (proc(5)).
    private static var residentBytes: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let numbers = text.split(separator: " ")
        guard numbers.count > 1, let pages = Int(numbers[1]) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
