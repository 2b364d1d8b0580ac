/// What a template shows: values by name. A list is a section that repeats, `true` one that shows, and a text is escaped.
typealias View = [String: any Sendable]
