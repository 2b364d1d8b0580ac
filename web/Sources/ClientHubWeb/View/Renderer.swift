import HTTPTypes
import Hummingbird
import Mustache
import Wire

/// Makes pages of templates: `templates/NAME.mustache`, in the visitor's language, within the layout that all share.
struct Renderer: Sendable {
    let configuration: WebConfiguration
    let resources: Resources

    var assets: Assets { resources.assets }

    func texts(_ language: PageLanguage) -> Texts {
        guard let texts = resources.texts[language] else {
            preconditionFailure("there are no texts in \(language)")
        }
        return texts
    }

    /// The page that `template` makes of `view`.
    func page(_ template: String, _ view: View, _ status: HTTPResponse.Status, for visit: Visit) -> Answer {
        var notes = visit.browser.notes
        let everything = view.merging(common(visit)) { own, _ in own }
        guard let page = resources.templates.render(everything, withTemplate: template) else {
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
        // A page that answers a form is found again where the form stands, which then leads on to the same place.
        let isAnswer = visit.request.method == .post
        let here = isAnswer ? visit.here.then(visit.next) : visit.here
        var view: View = [
            "t": texts.sections, "lang": visit.language.rawValue, "brand": configuration.brand,
            "css": assets.address(of: "style.css"), "js": assets.address(of: "page.js"),
            "icon": assets.address(of: "icon.svg"),
            "token": visit.browser.form.masked(),
            "here": here.description,
            "demo": configuration.isDemo, "phone": configuration.phone != nil,
            "helpEmail": configuration.help.email,
            "languages": PageLanguage.allCases.filter { $0 != visit.language }
                .map { ["code": $0.rawValue, "name": $0.ownName] as View },
        ]
        if isAnswer { view["answers"] = here.description }
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
            let isHere =
                path == "/" ? visit.path == "/" : visit.path.hasPrefix("/" + path.split(separator: "/")[0])
            return ["name": visit.texts("menu", name), "path": path, "isHere": isHere]
        }
    }
}
