extension Settings {
    /// A whole number within `bounds`.
    public func int(
        _ name: String, default fallback: Int? = nil, in bounds: ClosedRange<Int>, meaning: String
    ) throws(SettingError) -> Int {
        precondition(fallback.map(bounds.contains) != false, "the default of \(name) is out of its bounds")
        return try value(
            name, default: fallback,
            bounds: "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)",
            meaning: meaning, show: { "\($0)" }
        ) {
            guard let number = $0.int, bounds.contains(number) else { return nil }
            return number
        }
    }

    /// `true` or `false`.
    public func flag(_ name: String, default fallback: Bool? = nil, meaning: String) throws(SettingError)
        -> Bool
    {
        try value(name, default: fallback, bounds: "true or false", meaning: meaning, show: { "\($0)" }) {
            guard case .flag(let flag) = $0 else { return nil }
            return flag
        }
    }

    /// A text of `length` characters.
    public func string(
        _ name: String, default fallback: String? = nil, length: ClosedRange<Int> = 1...255, meaning: String
    ) throws(SettingError) -> String {
        try value(
            name, default: fallback, bounds: "a text of \(length.words) characters", meaning: meaning,
            show: { quoted($0, limit: .max) }
        ) {
            guard case .text(let text) = $0, length.contains(text.count) else { return nil }
            return text
        }
    }

    /// A list of texts, each of 1 to 255 characters.
    public func strings(
        _ name: String, default fallback: [String]? = nil, count: ClosedRange<Int> = 0...1_000,
        meaning: String
    ) throws(SettingError) -> [String] {
        let (owner, key) = try owner(of: name)
        return try value(
            name, default: fallback, bounds: "a list of \(count.words) texts", meaning: meaning,
            show: shownList
        ) { found throws(SettingError) in
            guard let items = found.items(count) else { return nil }
            var texts: [String] = []
            for (index, item) in items.enumerated() {
                guard case .text(let text) = item, (1...255).contains(text.count) else {
                    throw owner.error(
                        "\(key)[\(index)]", "expected a text of 1 to 255 characters, found \(item.shown)")
                }
                texts.append(text)
            }
            return texts
        }
    }

    /// One of the words of `Choice`.
    public func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, default fallback: Choice? = nil, meaning: String
    ) throws(SettingError) -> Choice {
        try value(
            name, default: fallback, bounds: "one of \(words(of: Choice.self))", meaning: meaning,
            show: { quoted($0.rawValue) }
        ) {
            guard case .text(let word) = $0 else { return nil }
            return Choice(rawValue: word)
        }
    }

    /// Some of the words of `Choice`, in the file's order, none twice.
    public func choices<Choice: RawRepresentable<String> & CaseIterable & Hashable>(
        _ name: String, default fallback: [Choice]? = nil, meaning: String
    ) throws(SettingError) -> [Choice] {
        let (owner, key) = try owner(of: name)
        let wanted = words(of: Choice.self)
        return try value(
            name, default: fallback, bounds: "a list, each of \(wanted)", meaning: meaning,
            show: { shownList($0.map(\.rawValue)) }
        ) { found throws(SettingError) in
            guard case .list(let items) = found else { return nil }
            var choices: [Choice] = []
            for (index, item) in items.enumerated() {
                guard case .text(let word) = item, let choice = Choice(rawValue: word) else {
                    throw owner.error("\(key)[\(index)]", "expected one of \(wanted), found \(item.shown)")
                }
                guard !choices.contains(choice) else {
                    throw owner.error("\(key)[\(index)]", "\(quoted(word)) is given twice")
                }
                choices.append(choice)
            }
            return choices
        }
    }

    /// The path of a file or directory; a relative one begins at the configuration's own directory.
    public func path(
        _ name: String, default fallback: String? = nil, meaning: String
    ) throws(SettingError) -> String {
        try path(name, default: fallback, bounds: "a path", longest: 4_095, meaning: meaning)
    }

    /// The path of a Unix socket, which the kernel allows 107 bytes (unix(7)).
    public func socket(
        _ name: String, default fallback: String? = nil, meaning: String
    ) throws(SettingError) -> String {
        try path(
            name, default: fallback, bounds: "a path of at most 107 bytes", longest: 107, meaning: meaning)
    }

    private func path(
        _ name: String, default fallback: String?, bounds: String, longest: Int, meaning: String
    ) throws(SettingError) -> String {
        let path = try value(
            name, default: fallback, bounds: bounds, meaning: meaning, show: { quoted($0, limit: .max) }
        ) {
            guard case .text(let text) = $0, !text.isEmpty, !text.utf8.contains(0) else { return nil }
            let path = source.resolve(text)
            return path.utf8.count <= longest ? path : nil
        }
        // A default is shown as it stands in the documentation, and begins at the same directory.
        return try has(name) ? path : source.resolve(path)
    }
}

extension JSON {
    /// The number where it is written as a whole one, decimal or hexadecimal.
    var int: Int? {
        guard case .number(let digits) = self else { return nil }
        guard let mark = digits.firstIndex(where: { $0 == "x" || $0 == "X" }) else { return Int(digits) }
        return Int((digits.hasPrefix("-") ? "-" : "") + digits[digits.index(after: mark)...], radix: 16)
    }

    /// The items where it is a list of so many.
    func items(_ count: ClosedRange<Int>) -> [JSON]? {
        guard case .list(let items) = self, count.contains(items.count) else { return nil }
        return items
    }
}

extension ClosedRange<Int> {
    /// "1 to 16", or "2" where both ends are that.
    var words: String { lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound) to \(upperBound)" }
}

private func words<Choice: RawRepresentable<String> & CaseIterable>(of type: Choice.Type) -> String {
    type.allCases.map { quoted($0.rawValue) }.joined(separator: ", ")
}

private func shownList(_ texts: [String]) -> String {
    "[" + texts.map { quoted($0, limit: .max) }.joined(separator: ", ") + "]"
}
