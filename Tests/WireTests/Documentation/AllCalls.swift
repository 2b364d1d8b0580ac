import Pages
import Testing

@testable import Wire

/// Every call that there is, in the order of the files that declare them.
let allCalls: [any Call.Type] = [
    Common.Backup.self, Common.Hold.self, Common.Release.self, Common.Inspect.self,
    Common.Health.self, Common.Describe.self, Common.Metrics.self,

    Auth.GetFirm.self, Auth.LogIn.self, Auth.LogOut.self, Auth.Authorize.self, Auth.BeginSetUp.self,
    Auth.ConfirmSetUp.self, Auth.SendCode.self, Auth.Delivery.self, Auth.Verify.self, Auth.DeferSetUp.self,
    Auth.RemoveMethod.self,
    Auth.NewRecoveryCodes.self, Auth.StepUp.self, Auth.ListSessions.self, Auth.EndSession.self,
    Auth.ChangePassword.self,

    Auth.GetSettings.self, Auth.ListClients.self, Auth.CountClients.self, Auth.GetClient.self,
    Auth.OverrideTwoFactor.self,
    Auth.RequireTwoFactor.self, Auth.UnlockClient.self, Auth.InvitePro.self, Auth.ListPros.self,
    Auth.RemovePro.self, Auth.ListActivity.self, Auth.InviteClient.self, Auth.AcceptInvitation.self,
    Auth.CreateFirm.self, Auth.CreateClient.self, Auth.OverrideOwner.self, Auth.Explain.self,
    Auth.VerifyAudit.self, Auth.ExportAudit.self, Auth.ListFirms.self, Auth.UpdateSettings.self,

    OTP.Begin.self, OTP.Confirm.self, OTP.Send.self, OTP.Delivery.self, OTP.Verify.self, OTP.Methods.self,
    OTP.Remove.self,
    OTP.Reset.self, OTP.Unlock.self, OTP.NewRecoveryCodes.self,

    SMS.Submit.self, SMS.Verified.self, SMS.Status.self, SMS.Cancel.self, SMS.Receipt.self, SMS.List.self,
    SMS.Retry.self, SMS.Block.self, SMS.Unblock.self, SMS.Stats.self, SMS.Trace.self, SMS.Limits.self,
    SMS.Top.self, SMS.Test.self,
]

@Suite("The list of all calls")
struct AllCallsTests {
    @Test("has every call that the contracts declare")
    func isComplete() throws {
        var declared = 0
        var methods: [String] = []
        for file in try Repository.files(below: "Sources/Wire/Contracts") {
            for line in try Repository.text(of: file).split(separator: "\n") {
                if line.contains(": Call {") { declared += 1 }
                let parts = line.split(separator: "\"")
                if line.contains("static let method = "), parts.count == 2 {
                    methods.append(String(parts[1]))
                }
            }
        }
        #expect(methods.count == declared)
        #expect(methods.sorted() == allCalls.map { $0.method }.sorted())
    }
}
