/// Reads the settings of one configuration file, each asked for by name with its default and its bounds.
///
/// A service reads them all in one initialiser, a row each. Names may be dotted paths into objects. What is asked for is
/// what the file may have: anything else in it is refused, and ``catalogue`` lists it for the documentation.
public final class Settings {
    let source: SettingSource
    /// The path of this object, with its dot: empty at the top, `limits.` or `providers[0].` below.
    private let path: String
    /// The same for the catalogue, where all items of a list are one: `providers[].`.
    private let rowPath: String
    private let members: [JSON.Member]
    private var asked: [String] = []
    /// The objects below this one that were asked for, by their member's name: one, or the items of a list.
    private var below: [String: [Settings]] = [:]

    init(_ source: SettingSource, path: String = "", rowPath: String = "", members: [JSON.Member]) {
        self.source = source
        self.path = path
        self.rowPath = rowPath
        self.members = members
    }

    /// Every setting asked for so far, in that order.
    public var catalogue: [Setting] { source.rows }

    /// Whether the file gives `name`.
    public func has(_ name: String) throws(SettingError) -> Bool {
        let (owner, key) = try owner(of: name)
        return owner.member(key) != nil
    }

    /// The object under `name`, or one with no settings in it where the file has none.
    public func object(_ name: String) throws(SettingError) -> Settings {
        let (owner, key) = try owner(of: name)
        owner.ask(key)
        if let known = owner.below[key]?.first { return known }
        let members: [JSON.Member]
        switch owner.member(key) {
        case nil: members = []
        case .object(let found): members = found
        case .some(let other): throw owner.error(key, "expected an object, found \(other.shown)")
        }
        let child = Settings(
            source, path: "\(owner.path)\(key).", rowPath: "\(owner.rowPath)\(key).", members: members)
        owner.below[key] = [child]
        return child
    }

    /// The list of objects under `name`, each read by `read`; none where the file has no such list and `count` allows it.
    public func list<Element>(
        _ name: String, count: ClosedRange<Int> = 0...64, meaning: String,
        of read: (Settings) throws(SettingError) -> Element
    ) throws(SettingError) -> [Element] {
        let items = try value(
            name, default: count.contains(0) ? [] : nil, bounds: "a list of \(count.words) objects",
            meaning: meaning,
            show: { (_: [JSON]) in "[]" }, read: { $0.items(count) })
        let (owner, key) = try owner(of: name)
        var elements: [Element] = []
        for (index, item) in items.enumerated() {
            guard case .object(let members) = item else {
                throw owner.error("\(key)[\(index)]", "expected an object, found \(item.shown)")
            }
            let child = Settings(
                source, path: "\(owner.path)\(key)[\(index)].", rowPath: "\(owner.rowPath)\(key)[].",
                members: members)
            owner.below[key, default: []].append(child)
            elements.append(try read(child))
        }
        return elements
    }

    /// Makes the one setting that `one` asks for optional: nil where the file does not give it.
    ///
    ///     let port = try settings.optional(settings.int("port", in: 1...65_535, meaning: "…"))
    public func optional<Value>(_ one: @autoclosure () throws(SettingError) -> Value) throws(SettingError)
        -> Value?
    {
        let before = source.asked
        source.isOptional = true
        defer {
            source.isOptional = false
            precondition(source.asked == before + 1, "optional(_:) is for one setting")
        }
        do throws(SettingError) {
            return try one()
        } catch {
            guard error.isMissing else { throw error }
            return nil
        }
    }

    /// An error about the setting `name` of this object, for rules that a service has beyond bounds.
    public func error(_ name: String, _ problem: String) -> SettingError {
        SettingError(file: source.file, key: path + name, problem: problem)
    }

    /// The setting `name` as `read` makes it of what the file has; nil from `read` means that it is out of `bounds`.
    func value<Value>(
        _ name: String, default fallback: Value?, bounds: String, meaning: String, show: (Value) -> String,
        read: (JSON) throws(SettingError) -> Value?
    ) throws(SettingError) -> Value {
        let (owner, key) = try owner(of: name)
        owner.ask(key)
        source.note(owner.rowPath + key, fallback: fallback.map(show), bounds: bounds, meaning: meaning)
        guard let found = owner.member(key) else {
            if let fallback { return fallback }
            throw owner.missing(key, bounds)
        }
        guard let value = try read(found) else {
            throw owner.error(key, "expected \(bounds), found \(found.shown)")
        }
        return value
    }

    /// The first member that nobody asked for, here or below.
    func unknown() -> SettingError? {
        for member in members {
            guard asked.contains(member.name) else {
                let guess = nearest(to: member.name, among: asked).map { "; did you mean \($0)?" } ?? ""
                return error(member.name, "unknown setting" + guess)
            }
            for child in below[member.name] ?? [] {
                if let error = child.unknown() { return error }
            }
        }
        return nil
    }

    /// The error that a required setting is absent. The member that may be meant is one nobody has asked for yet.
    func missing(_ key: String, _ bounds: String) -> SettingError {
        let others = members.map(\.name).filter { !asked.contains($0) }
        let guess = nearest(to: key, among: others).map { "; is \($0) a misspelling of it?" } ?? ""
        return SettingError(
            file: source.file, key: path + key, problem: "expected \(bounds), found nothing\(guess)",
            isMissing: true)
    }

    /// The object that a dotted `name` leads to, and the name of the setting in it.
    func owner(of name: String) throws(SettingError) -> (owner: Settings, key: String) {
        guard let dot = name.firstIndex(of: ".") else { return (self, name) }
        return try object(String(name[..<dot])).owner(of: String(name[name.index(after: dot)...]))
    }

    func member(_ key: String) -> JSON? { members.first { $0.name == key }?.value }

    func ask(_ key: String) {
        if !asked.contains(key) { asked.append(key) }
    }
}
