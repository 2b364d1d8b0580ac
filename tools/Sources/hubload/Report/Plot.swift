import Foundation

/// A plot of some lines, as SVG that takes its colours from the page around it.
struct Plot {
    var title: String
    var x: Axis
    var y: Axis
    var lines: [Line]
    /// Values of x at which something changed, with a word for each.
    var marks: [(x: Double, word: String)] = []

    struct Line {
        var name: String
        var points: [(x: Double, y: Double)]
        /// Whether each point is shown as a dot too: where they are few.
        var hasDots = false
    }

    struct Axis {
        var label: String
        var scale = Scale.linear
        var text: (Double) -> String = Figures.short
    }

    enum Scale {
        /// From 0 on.
        case linear
        /// Tens; what is not over 0 has no place.
        case logarithmic
        /// 90, 99 and 99.9 per cent at equal distances.
        case percentile

        func place(_ value: Double) -> Double {
            switch self {
            case .linear: value
            case .logarithmic: log10(max(value, 1e-9))
            case .percentile: -log10(max(1 - value / 100, 1e-7))
            }
        }
    }

    private static let width = 640.0
    private static let height = 300.0
    private static let left = 66.0
    private static let right = 18.0
    private static let top = 14.0
    private static let bottom = 46.0

    /// A figure with the plot and a legend, or a sentence where there is nothing to show.
    var html: String {
        let drawn = lines.map { line in
            Line(
                name: line.name,
                points: line.points.filter {
                    $0.y.isFinite && (y.scale != .logarithmic || $0.y > 0)
                        && (x.scale != .logarithmic || $0.x > 0)
                }, hasDots: line.hasDots)
        }.filter { !$0.points.isEmpty }
        guard !drawn.isEmpty else {
            return "<figure><figcaption>\(escaped(title))</figcaption><p>Nothing was measured.</p></figure>"
        }
        let legend = drawn.enumerated().map {
            "<span class=\"c\($0.offset % 8)\"><i></i>\(escaped($0.element.name))</span>"
        }
        return """
            <figure>
            <figcaption>\(escaped(title))</figcaption>
            \(svg(drawn))
            <p class="legend">\(legend.joined(separator: " "))</p>
            </figure>
            """
    }

    private func svg(_ lines: [Line]) -> String {
        let across = Ticks(lines.flatMap { $0.points.map(\.x) } + marks.map(\.x), x.scale)
        let up = Ticks(lines.flatMap { $0.points.map(\.y) }, y.scale)
        func placeX(_ value: Double) -> Double {
            Self.left + across.part(of: value) * (Self.width - Self.left - Self.right)
        }
        func placeY(_ value: Double) -> Double {
            Self.height - Self.bottom - up.part(of: value) * (Self.height - Self.top - Self.bottom)
        }
        let floor = Self.height - Self.bottom
        var parts: [String] = []
        for tick in up.ticks {
            let at = number(placeY(tick))
            parts.append(
                "<path class=\"grid\" d=\"M\(Int(Self.left)) \(at)H\(Int(Self.width - Self.right))\"/>"
                    + "<text x=\"\(Int(Self.left - 8))\" y=\"\(at)\" dy=\"4\" text-anchor=\"end\">\(escaped(y.text(tick)))</text>"
            )
        }
        for tick in across.ticks {
            let at = number(placeX(tick))
            parts.append(
                "<path class=\"grid\" d=\"M\(at) \(Int(Self.top))V\(Int(floor))\"/>"
                    + "<text x=\"\(at)\" y=\"\(Int(floor + 16))\" text-anchor=\"\(tick == across.ticks.last ? "end" : "middle")\" dx=\"\(tick == across.ticks.last ? 14 : 0)\">\(escaped(x.text(tick)))</text>"
            )
        }
        for mark in marks {
            let at = number(placeX(mark.x))
            parts.append(
                "<path class=\"mark\" d=\"M\(at) \(Int(Self.top))V\(Int(floor))\"/>"
                    + "<text x=\"\(at)\" y=\"\(Int(Self.top + 10))\" dx=\"4\">\(escaped(mark.word))</text>")
        }
        for (index, line) in lines.enumerated() {
            let path = line.points.enumerated().map { place, point in
                "\(place == 0 ? "M" : "L")\(number(placeX(point.x))) \(number(placeY(point.y)))"
            }.joined()
            parts.append("<path class=\"line c\(index % 8)\" d=\"\(path)\"/>")
            if line.hasDots || line.points.count == 1 {
                parts += line.points.map {
                    "<circle class=\"c\(index % 8)\" cx=\"\(number(placeX($0.x)))\" cy=\"\(number(placeY($0.y)))\" r=\"3\"/>"
                }
            }
        }
        let middle = Int((Self.left + Self.width - Self.right) / 2)
        return """
            <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" aria-label="\(escaped(title))">
            \(parts.joined(separator: "\n"))
            <text x="\(middle)" y="\(Int(Self.height - 8))" text-anchor="middle">\(escaped(x.label))</text>
            <text transform="translate(13 \(Int(Self.height / 2 - 16))) rotate(-90)" text-anchor="middle">\(escaped(y.label))</text>
            </svg>
            """
    }

    private func number(_ value: Double) -> String { String(format: "%.1f", value) }

    /// Where the numbers of an axis stand.
    struct Ticks {
        let ticks: [Double]
        private let low: Double
        private let high: Double
        private let scale: Scale

        init(_ values: [Double], _ scale: Scale) {
            self.scale = scale
            let (least, most) = (values.min() ?? 0, values.max() ?? 1)
            switch scale {
            case .linear:
                let step = Self.step(max(most, 1e-9))
                let top = max(1, (most / step).rounded(.up))
                ticks = (0...Int(top)).map { Double($0) * step }
                (low, high) = (0, top * step)
            case .logarithmic:
                let from = floor(log10(max(least, 1e-9)) + 1e-9)
                let to = max(from + 1, ceil(log10(max(most, 1e-9)) - 1e-9))
                ticks = (Int(from)...Int(to)).map { pow(10, Double($0)) }
                (low, high) = (from, to)
            case .percentile:
                let all = [0, 90, 99, 99.9, 99.99, 99.999]
                let end = all.first { $0 >= most } ?? 99.999
                ticks = [0, 50] + all.filter { $0 > 0 && $0 <= end }
                (low, high) = (0, max(scale.place(end), 1))
            }
        }

        /// 1, 2 or 5 of a power of ten: about five of them reach up to `most`.
        private static func step(_ most: Double) -> Double {
            let rough = most / 5
            let power = pow(10, floor(log10(rough)))
            let lead = rough / power
            return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10)
        }

        /// Where on the axis a value is, from 0 to 1.
        func part(of value: Double) -> Double {
            min(1, max(0, (scale.place(value) - low) / (high - low)))
        }
    }
}

/// `text` as it may stand in HTML, in attributes too.
func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
        switch character {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        default: result.append(character)
        }
    }
}
