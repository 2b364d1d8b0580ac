import Glibc

/// A file descriptor with exactly one owner; closed when that owner is done.
package struct Descriptor: ~Copyable, Sendable {
    package let raw: CInt

    package init(adopting raw: CInt) {
        precondition(raw >= 0, "not an open descriptor")
        self.raw = raw
    }

    deinit { _ = close(raw) }

    /// Gives the descriptor up without closing it.
    package consuming func release() -> CInt {
        let raw = raw
        discard self
        return raw
    }
}

/// A system call that failed: which, and why.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    package let call: String
    package let code: CInt

    /// Takes the reason from `errno`.
    package init(_ call: String, code: CInt = errno) {
        self.call = call
        self.code = code
    }

    package var description: String { "\(call): \(String(cString: strerror(code)))" }
}
