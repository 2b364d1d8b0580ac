/// The one table of what there is, and of who reaches it: what does not say otherwise is behind the gate.
enum Routes {
    static func all(_ configuration: WebConfiguration) -> [Route] {
        let pages: [[Route]] = [
            LogInPage.routes, InvitationPage.routes, TwoFactorPage.routes, SetUpPage.routes,
            RecoveryCodesPage.routes,
            VerifyPage.routes, DeliveryPage.routes, StepUpPage.routes, HelpPage.routes, LanguagePage.routes,
            HomePage.routes, SecurityPage.routes, PasswordPage.routes,
            ClientsPage.routes, ClientPage.routes, ClientActivityPage.routes, OverridePage.routes,
            RequirementPage.routes, InvitePage.routes, SettingsPage.routes, TeamPage.routes,
            AssetFiles.routes, AuthorizeEndpoint.routes, ReceiptEndpoint.routes, HealthEndpoint.routes,
            MetricsEndpoint.routes, PhonePage.routes(configuration),
            UngatedHomePage.routes(configuration),
        ]
        return pages.flatMap { $0 }
    }
}
