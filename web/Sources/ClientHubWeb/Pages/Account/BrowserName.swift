/// What a browser and its system are called, from its User-Agent: for people who must tell their own devices apart. It
/// decides nothing, and whoever wants to can send any other name.
struct BrowserName: Equatable, Sendable {
    var browser: String?
    var system: String?

    init(_ agent: String?) {
        guard let agent else { return }
        browser = Self.browsers.first { agent.contains($0.mark) }?.name
        system = Self.systems.first { agent.contains($0.mark) }?.name
    }

    /// Each names itself after those that it wants to be taken for; the first mark found is its own.
    private static let browsers: [(mark: String, name: String)] = [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("OPR/", "Opera"), ("OPT/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"), ("DuckDuckGo/", "DuckDuckGo"), ("Ddg/", "DuckDuckGo"),
        ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ]

    private static let systems: [(mark: String, name: String)] = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Macintosh", "Mac"), ("Linux", "Linux"),
    ]

    /// In words, such as `Firefox on Windows`.
    func text(_ texts: Texts) -> String {
        switch (browser, system) {
        case (let browser?, let system?): texts("devices", "on", ["browser": browser, "system": system])
        case (let browser?, nil): browser
        case (nil, let system?): texts("devices", "unknownOn", ["system": system])
        case (nil, nil): texts("devices", "unknown")
        }
    }
}
