/// The OpenMetrics texts of several processes as one. Each sample says whose it is by the label `service`, and the samples
/// of one family stand together, as the format wants it.
struct Exposition {
    private struct Family {
        let kind: Substring
        /// The lines that describe it: those of the first text that has it.
        var head: [Substring]
        var samples: [String] = []
    }

    private var families: [Family] = []
    private var index: [Substring: Int] = [:]

    /// Takes in the text of `service`. What comes back are the names of families that could not be taken in, because another
    /// service has one of the same name that is of another kind.
    mutating func add(_ text: String, of service: String) -> [String] {
        var current: Int?
        var describes = false
        var refused: [String] = []
        for line in text.split(separator: "\n") where line != "# EOF" {
            guard line.hasPrefix("# ") else {
                if let current { families[current].samples.append(Self.labelled(line, service)) }
                continue
            }
            let words = line.split(separator: " ", maxSplits: 3)
            if words.count == 4, words[1] == "TYPE" {
                let (name, kind) = (words[2], words[3])
                describes = index[name] == nil
                if describes {
                    index[name] = families.count
                    families.append(Family(kind: kind, head: []))
                }
                current = index[name].flatMap { families[$0].kind == kind ? $0 : nil }
                if current == nil { refused.append(String(name)) }
            }
            if describes, let current { families[current].head.append(line) }
        }
        return refused
    }

    /// All of it.
    var text: String {
        let lines = families.flatMap { $0.head.map(String.init) + $0.samples } + ["# EOF"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// A sample with one more label, the first.
    private static func labelled(_ line: Substring, _ service: String) -> String {
        let end = line.firstIndex { $0 == "{" || $0 == " " } ?? line.endIndex
        let (name, rest) = (line[..<end], line[end...])
        guard rest.first == "{" else { return "\(name){service=\"\(service)\"}\(rest)" }
        let labels = rest.dropFirst()
        return "\(name){service=\"\(service)\"\(labels.first == "}" ? "" : ",")\(labels)"
    }
}
