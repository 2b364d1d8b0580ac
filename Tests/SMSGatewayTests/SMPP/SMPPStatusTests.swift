import Testing

@testable import SMSGateway

@Suite("A status of SMPP") struct SMPPStatusTests {
    /// What each status means for a message: numbers from the specification, section 5.1.3.
    static let meanings: [(UInt32, String, SMPPStatus.Meaning)] = [
        (0x14, "ESME_RMSGQFUL", .retry), (0x58, "ESME_RTHROTTLED", .retry), (0x04, "ESME_RINVBNDSTS", .retry),
        (0x01, "ESME_RINVMSGLEN", .permanent), (0x0B, "ESME_RINVDSTADR", .permanent),
        (0x62, "ESME_RINVEXPIRY", .permanent),
        (0x02, "ESME_RINVCMDLEN", .configuration), (0x03, "ESME_RINVCMDID", .configuration),
        (0x05, "ESME_RALYBND", .configuration), (0x06, "ESME_RINVPRTFLG", .configuration),
        (0x07, "ESME_RINVREGDLVFLG", .configuration), (0x0A, "ESME_RINVSRCADR", .configuration),
        (0x0D, "ESME_RBINDFAIL", .configuration), (0x0E, "ESME_RINVPASWD", .configuration),
        (0x0F, "ESME_RINVSYSID", .configuration), (0x15, "ESME_RINVSERTYP", .configuration),
        (0x43, "ESME_RINVESMCLASS", .configuration), (0x48, "ESME_RINVSRCTON", .configuration),
        (0x49, "ESME_RINVSRCNPI", .configuration), (0x50, "ESME_RINVDSTTON", .configuration),
        (0x51, "ESME_RINVDSTNPI", .configuration), (0x53, "ESME_RINVSYSTYP", .configuration),
        (0xC0, "ESME_RINVOPTPARSTREAM", .configuration), (0xC1, "ESME_ROPTPARNOTALLWD", .configuration),
        (0xC2, "ESME_RINVPARLEN", .configuration), (0xC3, "ESME_RMISSINGOPTPARAM", .configuration),
        (0xC4, "ESME_RINVOPTPARAMVAL", .configuration),
        (0x08, "ESME_RSYSERR", .uncertain), (0x45, "ESME_RSUBMITFAIL", .uncertain),
        (0x64, "ESME_RX_T_APPN", .uncertain), (0x65, "ESME_RX_P_APPN", .uncertain),
        (0x66, "ESME_RX_R_APPN", .uncertain), (0xFE, "ESME_RDELIVERYFAILURE", .uncertain),
        (0xFF, "ESME_RUNKNOWNERR", .uncertain),
    ]

    @Test("means for a message what its row says, and names itself", arguments: meanings)
    func meaning(code: UInt32, name: String, meaning: SMPPStatus.Meaning) throws {
        let status = SMPPStatus(rawValue: code)
        #expect(status.meaning == meaning)
        #expect(status.description.hasPrefix("\(name) (0x"))
        let outcome = try #require(Outcome(status))
        #expect(outcome.reason == "The carrier answered \(status).")
        switch (outcome, meaning) {
        case (.retry(after: 1, _), .retry), (.permanent, .permanent), (.configuration, .configuration),
            (.uncertain, .uncertain):
            break
        default: Issue.record("\(outcome)")
        }
    }

    @Test("has no row that is not in this test's own table, and none twice")
    func complete() {
        #expect(SMPPStatus.table.map(\.status.rawValue).sorted() == Self.meanings.map(\.0).sorted())
        #expect(Set(Self.meanings.map(\.0)).count == Self.meanings.count)
    }

    @Test(
        "that nobody knows is uncertain, and 0 is none",
        arguments: [0x10, 0x400, 0x4FF, 0xFFFF_FFFF] as [UInt32])
    func unknown(code: UInt32) {
        guard case .uncertain = Outcome(SMPPStatus(rawValue: code)) else {
            Issue.record("it is certain")
            return
        }
        #expect(Outcome(.ok) == nil)
    }

    @Test(
        "of a refused session lets messages go elsewhere, and says so where it will not pass by itself",
        arguments: [
            (0x05, false), (0x0D, true), (0x0E, true), (0x0F, true), (0x53, true), (0x08, false),
            (0x14, false),
            (0x58, false), (0x400, false),
        ] as [(UInt32, Bool)])
    func bind(code: UInt32, isConfiguration: Bool) {
        switch CarrierFailure.refused(SMPPStatus(rawValue: code)).outcome {
        case .configuration: #expect(isConfiguration)
        case .retry(after: nil, _): #expect(!isConfiguration)
        case let other: Issue.record("\(other)")
        }
    }

    @Test(
        "of a refused session that lasts until somebody acts is not asked for often",
        arguments: [
            (0x05, true), (0x0D, true), (0x0E, true), (0x0F, true), (0x53, true), (0x08, false),
            (0x14, false),
        ] as [(UInt32, Bool)])
    func lasting(code: UInt32, isLasting: Bool) {
        #expect(CarrierFailure.refused(SMPPStatus(rawValue: code)).isLasting == isLasting)
    }
}
