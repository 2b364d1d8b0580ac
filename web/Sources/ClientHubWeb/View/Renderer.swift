import Foundation
import HTTPTypes
import Hummingbird
import Mustache
import Wire

/// Makes pages of templates: `templates/NAME.mustache`, in the visitor's language, within the layout that all share.
struct Renderer: Sendable {
    private let library: MustacheLibrary
    private let languages: [PageLanguage: Texts]
    let assets: Assets
    private let configuration: WebConfiguration

    /// Reads all templates, texts and assets; from then on no page needs the disk.
    init(_ configuration: WebConfiguration) throws {
        self.configuration = configuration
        let resources = Bundle.module.bundleURL.appendingPathComponent("Resources")
        var library = MustacheLibrary()
        for file in try Resources.files(in: resources, "templates", ending: ".mustache") {
            try library.register(String(decoding: file.data, as: UTF8.self), named: file.name)
        }
        self.library = library
        var languages: [PageLanguage: Texts] = [:]
        for language in PageLanguage.allCases {
            let files = try Resources.files(in: resources, "texts/\(language.rawValue)", ending: ".json")
            languages[language] = try Texts(files.map(\.data))
        }
        self.languages = languages
        assets = Assets(try Resources.files(in: resources, "assets", ending: ""))
    }

    func texts(_ language: PageLanguage) -> Texts {
        guard let texts = languages[language] else { preconditionFailure("there are no texts in \(language)") }
        return texts
    }

    /// The page that `template` makes of `view`.
    func page(_ template: String, _ view: View, _ status: HTTPResponse.Status, for visit: Visit) -> Answer {
        var notes = visit.browser.notes
        let everything = view.merging(common(visit)) { own, _ in own }
        guard let page = library.render(everything, withTemplate: template) else {
            preconditionFailure("there is no template \(template)")
        }
        var answer = Answer.html(page, status)
        // What is said once has been said now.
        if notes.said != nil {
            notes.said = nil
            answer.notes = notes
        }
        return answer
    }

    /// What the layout and every page may show.
    private func common(_ visit: Visit) -> View {
        let texts = visit.texts
        var view: View = [
            "t": texts.sections, "lang": visit.language.rawValue, "brand": configuration.brand,
            "css": assets.address(of: "style.css"), "js": assets.address(of: "page.js"),
            "icon": assets.address(of: "icon.svg"),
            "token": visit.browser.form.masked(), "here": LocalPath(visit.request.head.path)?.description ?? "/",
            "demo": configuration.isDemo, "phone": configuration.phone != nil, "helpEmail": configuration.help.email,
            "languages": PageLanguage.allCases.filter { $0 != visit.language }
                .map { ["code": $0.rawValue, "name": $0.ownName] as View },
        ]
        if let firm = visit.firmName { view["firmName"] = firm }
        if let said = visit.browser.notes.said { view["said"] = texts("said", said) }
        if let actor = visit.actor {
            view["actor"] = ["name": actor.name, "email": actor.email] as View
            // A locked session has nowhere to go but through the lock.
            if visit.gate?.state == .open { view["menu"] = menu(visit, actor) }
        }
        return view
    }

    private func menu(_ visit: Visit, _ actor: Auth.Actor) -> [View] {
        let staff = [("clients", "/clients"), ("settings", "/settings/client-hub")]
        let items = actor.role == .client ? [("home", "/")] : staff
        return (items + [("security", "/security")]).map { name, path in
            let isHere = path == "/" ? visit.path == "/" : visit.path.hasPrefix("/" + path.split(separator: "/")[0])
            return ["name": visit.texts("menu", name), "path": path, "isHere": isHere]
        }
    }
}

/// The files that the program brings along.
enum Resources {
    struct File {
        /// Without the ending.
        let name: String
        let data: Data
    }

    static func files(in resources: URL, _ folder: String, ending: String) throws -> [File] {
        let folder = resources.appendingPathComponent(folder)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") }.sorted()
            .map { name in
                File(
                    name: String(name.dropLast(ending.count)),
                    data: try Data(contentsOf: folder.appendingPathComponent(name)))
            }
    }
}
