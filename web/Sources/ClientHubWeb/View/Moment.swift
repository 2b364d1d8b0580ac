import Wire

extension View where Key == String, Value == any Sendable {
    /// A moment for `<time>`: as programs read it, and as people do; a script shows it in the visitor's own time zone.
    static func moment(_ time: Timestamp) -> View {
        let text = "\(time)"
        return ["machine": text, "text": text.prefix(10) + " " + text.dropFirst(11).prefix(5) + " UTC"]
    }

    static func moment(_ time: Timestamp?) -> View? { time.map { moment($0) } }
}
