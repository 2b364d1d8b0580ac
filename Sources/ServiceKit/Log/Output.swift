import Glibc
import Synchronization

/// Where a log goes: a descriptor, whether the journal is behind it, and the least that is written.
final class Output: Sendable {
    let descriptor: Int32
    let isJournal: Bool
    private let least: Atomic<UInt8>

    init(descriptor: Int32, level: LogLevel, isJournal: Bool? = nil) {
        self.descriptor = descriptor
        self.isJournal = isJournal ?? Output.isJournal(descriptor)
        least = Atomic(level.priority)
    }

    var level: LogLevel {
        get {
            let priority = least.load(ordering: .relaxed)
            return LogLevel.allCases.first { $0.priority == priority } ?? .info
        }
        set { least.store(newValue.priority, ordering: .relaxed) }
    }

    func write(_ line: String) { Output.write(line, to: descriptor) }

    /// Writes `line` by one write(2), so that lines of several threads never mix. What the system does not take, because
    /// the reader is gone or the disk is full, is lost: a service does not stop for its log.
    static func write(_ line: String, to descriptor: Int32) {
        var line = line
        line.withUTF8 { bytes in
            while Glibc.write(descriptor, bytes.baseAddress, bytes.count) < 0, errno == EINTR {}
        }
    }

    /// Whether the journal reads `descriptor`: systemd tells its device and inode (systemd.exec(5), JOURNAL_STREAM).
    static func isJournal(_ descriptor: Int32, stream: String? = environment("JOURNAL_STREAM")) -> Bool {
        guard let stream else { return false }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { return false }
        return stream == "\(information.st_dev):\(information.st_ino)"
    }
}
