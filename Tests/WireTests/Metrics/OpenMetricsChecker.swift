/// Reads OpenMetrics 1.0 text strictly, and complains of everything that its specification forbids and our metrics could
/// do wrong. Written from the specification, apart from the code that it checks.
struct OpenMetricsChecker {
    struct Complaint: Error, CustomStringConvertible {
        let description: String
    }

    /// Every sample by its name and labels as they stand, such as `a_total{b="c"}`.
    private(set) var samples: [String: Double] = [:]
    private(set) var kinds: [String: String] = [:]
    private var family = ""
    private var described: Set<String> = []

    init(_ text: String) throws(Complaint) {
        guard text.hasSuffix("# EOF\n") else { throw Complaint(description: "does not end in # EOF") }
        let lines = text.dropLast("# EOF\n".count).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.last == "" else { throw Complaint(description: "the last line does not end") }
        for line in lines.dropLast() {
            if line.hasPrefix("# ") { try describe(line) } else { try sample(line) }
        }
        for (name, kind) in kinds where kind == "histogram" { try checkHistogram(name) }
    }

    private mutating func describe(_ line: Substring) throws(Complaint) {
        let words = line.split(separator: " ", maxSplits: 3).map(String.init)
        guard words.count == 4, isName(words[2]) else { throw Complaint(description: "bad line: \(line)") }
        switch words[1] {
        case "TYPE":
            guard kinds[words[2]] == nil else { throw Complaint(description: "\(words[2]) comes twice") }
            guard ["counter", "gauge", "histogram"].contains(words[3]) else {
                throw Complaint(description: "unknown type: \(line)")
            }
            family = words[2]
            kinds[family] = words[3]
            described = []
        case "UNIT", "HELP":
            guard words[2] == family, described.insert(words[1]).inserted else {
                throw Complaint(description: "out of place: \(line)")
            }
            if words[1] == "UNIT", !family.hasSuffix("_" + words[3]) {
                throw Complaint(description: "the name does not end in its unit: \(line)")
            }
            if words[1] == "HELP" { _ = try unescape(Substring(words[3])) }
        default: throw Complaint(description: "bad line: \(line)")
        }
    }

    private mutating func sample(_ line: Substring) throws(Complaint) {
        let name = line.prefix { $0 != "{" && $0 != " " }
        guard let kind = kinds[family], isName(String(name)) else {
            throw Complaint(description: "bad line: \(line)")
        }
        let suffixes =
            ["counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_count", "_sum"]][kind] ?? []
        guard suffixes.contains(where: { name == family + $0 }) else {
            throw Complaint(description: "\(name) does not belong to \(kind) \(family)")
        }
        var rest = line[name.endIndex...]
        var names: Set<String> = []
        if rest.first == "{" {
            rest.removeFirst()
            while rest.first != "}" {
                let label = rest.prefix { $0 != "=" }
                guard isName(String(label)), names.insert(String(label)).inserted else {
                    throw Complaint(description: "bad label: \(line)")
                }
                rest = rest[label.endIndex...]
                guard rest.hasPrefix("=\"") else { throw Complaint(description: "bad label: \(line)") }
                rest = rest.dropFirst(2)
                rest = rest.dropFirst(try unescape(rest))
                guard rest.first == "\"" else {
                    throw Complaint(description: "a label does not end: \(line)")
                }
                rest.removeFirst()
                if rest.first == "," {
                    rest.removeFirst()
                    guard rest.first != "}" else { throw Complaint(description: "a comma too many: \(line)") }
                }
            }
            rest.removeFirst()
        }
        let key = String(line[..<rest.startIndex])
        guard rest.first == " ", let value = number(String(rest.dropFirst())) else {
            throw Complaint(description: "bad value: \(line)")
        }
        guard kind == "gauge" || value >= 0 else {
            throw Complaint(description: "less than nothing: \(line)")
        }
        guard samples.updateValue(value, forKey: key) == nil else {
            throw Complaint(description: "twice: \(line)")
        }
    }

    /// How many characters an escaped string goes on, up to a quotation mark or the end.
    private func unescape(_ text: Substring) throws(Complaint) -> Int {
        var count = 0
        var isEscape = false
        for character in text {
            if isEscape {
                guard "n\"\\".contains(character) else { throw Complaint(description: "bad escape: \(text)") }
                isEscape = false
            } else if character == "\"" {
                break
            } else {
                isEscape = character == "\\"
            }
            count += 1
        }
        guard !isEscape else { throw Complaint(description: "half an escape: \(text)") }
        return count
    }

    private func number(_ text: String) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: text.allSatisfy { "0123456789.e+-".contains($0) } ? Double(text) : nil
        }
    }

    private func isName(_ name: String) -> Bool {
        name.first?.isNumber == false
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_:".contains($0)) }
    }

    /// The buckets of each label set rise, end in +Inf, and agree with the count.
    private func checkHistogram(_ name: String) throws(Complaint) {
        for (key, count) in samples where key.hasPrefix(name + "_count") {
            let labels = key.dropFirst((name + "_count").count).dropFirst().dropLast()
            let start = name + "_bucket{" + (labels.isEmpty ? "" : labels + ",") + "le=\""
            var buckets: [(bound: Double, count: Double)] = []
            for (key, count) in samples where key.hasPrefix(start) {
                guard let bound = number(String(key.dropFirst(start.count).dropLast(2))) else {
                    throw Complaint(description: "bad bound: \(key)")
                }
                buckets.append((bound, count))
            }
            buckets.sort { $0.bound < $1.bound }
            guard buckets.last?.bound == .infinity, buckets.last?.count == count else {
                throw Complaint(description: "\(name){\(labels)}: the last bucket is not the count")
            }
            guard zip(buckets, buckets.dropFirst()).allSatisfy({ $0.count <= $1.count }) else {
                throw Complaint(description: "\(name){\(labels)}: buckets fall")
            }
            guard samples[name + "_sum" + (labels.isEmpty ? "" : "{\(labels)}")] != nil else {
                throw Complaint(description: "\(name){\(labels)}: no sum")
            }
        }
    }
}
