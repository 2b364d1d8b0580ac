import Glibc

/// `text` with everything that could break a line or mislead a terminal written as an escape: control characters, line
/// and paragraph separators, and the marks that turn the direction of writing.
func escapingControls(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isMisleading) else { return text }
    return text.unicodeScalars.reduce(into: "") { escaped, scalar in
        switch scalar {
        case "\n": escaped += "\\n"
        case "\r": escaped += "\\r"
        case "\t": escaped += "\\t"
        case _ where isMisleading(scalar): escaped += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: escaped.unicodeScalars.append(scalar)
        }
    }
}

/// `text` between quotation marks on one line, with its own marks and backslashes escaped; what is beyond `limit`
/// characters is cut off, which an ellipsis tells.
func quoted(_ text: String, limit: Int = 80) -> String {
    let kept = text.unicodeScalars.prefix(limit)
    let whole = kept.endIndex == text.unicodeScalars.endIndex
    var inner = ""
    for scalar in kept {
        if scalar == "\"" || scalar == "\\" { inner += "\\" }
        inner.unicodeScalars.append(scalar)
    }
    return "\"" + escapingControls(inner) + (whole ? "" : "…") + "\""
}

private func isMisleading(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F: true
    case 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
}

/// What the system calls the error `number`, such as "No such file or directory".
func errorText(_ number: Int32) -> String { String(cString: strerror(number)) }
