/// Changes the language of the pages: a link that anybody may follow, since it tells nothing and costs nothing.
enum LanguagePage {
    static let routes: [Route] = [
        .get("/language", for: .everybody) { visit in
            let answer = Answer.redirect(to: visit.query.next)
            guard let language = visit.query["to"].flatMap(PageLanguage.init(rawValue:)) else {
                return answer
            }
            return answer.setting(.language, language.rawValue)
        }
    ]
}
