import Glibc
import Wire

/// The provider that sends nothing: each message becomes a JSON file { message, to, text, at }, named after
/// its id, in a directory. For trying the gateway out, for tests, and for carriers that fetch files.
///
/// A file appears whole or not at all, readable by the gateway's user alone. Sending a message again replaces
/// its file.
struct Outbox: Provider {
    let name: String
    let kind = "outbox"
    let directory: String
    /// When a message is written, for its `at`.
    let now: @Sendable () -> Timestamp

    func send(_ message: OutboundMessage) async -> Outcome {
        let text = json(message)
        let (directory, name) = (directory, "\(message.id).json")
        // The disk may take its time, and the loop must not.
        return await withCheckedContinuation { waiting in
            startThread(named: "outbox") { waiting.resume(returning: write(text, as: name, in: directory)) }
        }
    }

    /// Removes what a crash left half-written: a number and a code would lie there for ever. Blocks; for the start.
    func tidy() {
        guard let folder = unsafe opendir(directory) else { return }
        defer { unsafe closedir(folder) }
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix("."), name.hasSuffix(".json.new") { unsafe unlink("\(directory)/\(name)") }
        }
    }

    private func json(_ message: OutboundMessage) -> String {
        """
        {"message": \(quoted("\(message.id)")), "to": \(quoted(message.to)), "text": \(quoted(message.text)), \
        "at": \(quoted("\(now())"))}

        """
    }
}

/// A JSON string (RFC 8259, section 7).
private func quoted(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": json += "\\\""
        case "\\": json += "\\\\"
        case "\n": json += "\\n"
        case "\r": json += "\\r"
        case "\0"..<" ":
            let hex = String(scalar.value, radix: 16)
            json += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        default: json.unicodeScalars.append(scalar)
        }
    }
    return json + "\""
}

/// Writes a file under a name that nobody looks for, makes it durable, and gives it its own name.
private func write(_ text: String, as name: String, in directory: String) -> Outcome {
    let (temporary, final) = ("\(directory)/.\(name).new", "\(directory)/\(name)")
    var file = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    // Messages go out side by side, so another one may make the directory first.
    if file < 0, errno == ENOENT, unsafe mkdir(directory, 0o700) == 0 || errno == EEXIST {
        file = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    guard file >= 0 else { return notWritten("open", directory) }

    // The mode of a left-over file of an earlier crash is not to be trusted.
    guard fchmod(file, 0o600) == 0, writeAll(text, to: file), fsync(file) == 0 else {
        let outcome = notWritten("write", directory)
        close(file)
        unsafe unlink(temporary)
        return outcome
    }
    close(file)
    guard unsafe rename(temporary, final) == 0 else {
        let outcome = notWritten("rename", directory)
        unsafe unlink(temporary)
        return outcome
    }

    // From here on it can be seen. Whether it stays after a power cut depends on its directory.
    let folder = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if folder >= 0 { close(folder) } }
    guard folder >= 0, fsync(folder) == 0 else {
        return .uncertain(
            reason: "The file was written, but \(directory) cannot be made durable: \(systemError()).")
    }
    return .sent(providerID: nil)
}

private func writeAll(_ text: String, to file: CInt) -> Bool {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
        let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
        if count < 0 {
            guard errno == EINTR else { return false }
            continue
        }
        bytes = bytes.dropFirst(count)
    }
    return true
}

/// No file has its name yet, so nothing was sent: a full disk may pass, a wrong directory does not.
private func notWritten(_ call: String, _ directory: String) -> Outcome {
    let reason = "\(call) in \(directory): \(systemError())."
    return switch errno {
    case ENOSPC, EDQUOT, EIO, EMFILE, ENFILE, ENOMEM, EINTR: .retry(after: nil, reason: reason)
    default: .configuration(reason: reason)
    }
}

private func systemError() -> String { unsafe String(cString: strerror(errno)) }
