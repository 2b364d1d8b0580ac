import Glibc

@testable import ServiceKit

/// A log into a file, so that a test can look for what must not be in it.
func log(to path: String) -> Log {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    return Log("sms", to: Output(descriptor: descriptor, level: .debug, isJournal: false))
}
