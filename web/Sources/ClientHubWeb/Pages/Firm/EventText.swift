import Wire

/// The entries of the activity log in plain words.
enum EventText {
    /// For a list of events: when it was, what happened, and what the log says beside that.
    static func view(_ event: Auth.Event, _ texts: Texts) -> View {
        ["at": View.moment(event.at), "text": sentence(event, texts), "details": details(event, texts)]
    }

    /// What happened, and who did it where that need not be the person whom it concerns. A word of a later AuthService is
    /// shown as it is.
    static func sentence(_ event: Auth.Event, _ texts: Texts) -> String {
        let values = ["actor": actor(event.actor, texts)]
        if let variant = variant(of: event), texts.has("event", variant) {
            return texts("event", variant, values)
        }
        guard texts.has("event", event.event) else {
            return texts("event", "unknown", ["event": event.event])
        }
        return texts("event", event.event, values)
    }

    /// A person by name; AuthService and users of the host in words.
    private static func actor(_ actor: Auth.EventActor, _ texts: Texts) -> String {
        texts.has("eventActor", actor.role)
            ? texts("eventActor", actor.role, ["name": actor.name]) : actor.name
    }

    /// Details that are told by another text of the event, not in a row of their own.
    private static let variants = ["required", "reset"]

    private static func variant(of event: Auth.Event) -> String? {
        variants.compactMap { event.detail[$0] }.first.map { "\(event.event).\($0)" }
    }

    /// The other details: every one of them, so that a page hides nothing that the log says.
    private static func details(_ event: Auth.Event, _ texts: Texts) -> [View] {
        event.detail.filter { !variants.contains($0.key) && !$0.value.isEmpty }
            .sorted { (place($0.key), $0.key) < (place($1.key), $1.key) }
            .map { name, value in
                [
                    "label": texts.has("eventDetail", name) ? texts("eventDetail", name) : name,
                    "value": self.value(value, of: name, in: event.event, texts),
                ]
            }
    }

    /// What people look for first stands first.
    private static let order = ["reason", "identifiedBy", "method", "methods", "name", "email"]

    private static func place(_ name: String) -> Int { order.firstIndex(of: name) ?? order.count }

    /// A value in words where it is a word of AuthService's, and as it is where somebody typed it.
    private static func value(_ value: String, of name: String, in event: String, _ texts: Texts) -> String {
        switch name {
        case "method", "methods":
            value.split(separator: " ").map { known(String($0), "factorName", texts) }.joined(separator: ", ")
        case "identifiedBy":
            Identification.named(value).map { texts("identification", $0.rawValue) } ?? value
        case "reason" where event != "two_factor.overridden": known(value, "eventValue", texts)
        case "device", "codes": known(value, "eventValue", texts)
        case "seconds": Int(value).map { texts.span(seconds: $0) } ?? value
        default: value
        }
    }

    private static func known(_ value: String, _ section: String, _ texts: Texts) -> String {
        texts.has(section, value) ? texts(section, value) : value
    }
}
