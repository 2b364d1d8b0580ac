import Testing
import Wire

@testable import OTPService

@Suite("Recovery codes") struct RecoveryCodesTests {
    private let subject = ID(high: 1, low: 2)
    private let key: [UInt8] = Array(0..<32)
    private let code = "GEZD-GNBV-GY3T-QOJQ"

    private func tag(_ code: String, subject: ID? = nil, key: [UInt8]? = nil) -> [UInt8]? {
        RecoveryCodes.tag(code, subject: subject ?? self.subject, key: key ?? self.key)
    }

    @Test("are ten of 80 bits in groups of four, no two the same")
    func new() {
        var seen: Set<String> = []
        for _ in 0..<100 {
            let codes = RecoveryCodes.new()
            #expect(codes.count == 10)
            for code in codes {
                let groups = code.split(separator: "-", omittingEmptySubsequences: false)
                #expect(groups.map(\.utf8.count) == [4, 4, 4, 4])
                #expect(groups.joined().allSatisfy { "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".contains($0) })
                #expect(tag(code)?.count == 32)
                #expect(seen.insert(code).inserted)
            }
        }
    }

    @Test(
        "are read in any case, with and without blanks and dashes",
        arguments: [
            "GEZDGNBVGY3TQOJQ", "gezd-gnbv-gy3t-qojq", " GEZD GNBV GY3T QOJQ ", "GEZDGNBV-GY3TQOJQ",
            "gezd-gnbv-gy3t-q0jq",
            "GEZD-GN8V-GY3T-QOJQ",
        ])
    func typed(typed: String) {
        #expect(tag(typed) == tag(code))
    }

    @Test("are read where an I was taken for a 1")
    func misread() {
        #expect(tag("AAAA-AAAA-AAAA-AAA1") == tag("AAAA-AAAA-AAAA-AAAI"))
    }

    @Test(
        "are told from what cannot be one",
        arguments: [
            "", "123456", "GEZD-GNBV-GY3T-QOJ", "GEZD-GNBV-GY3T-QOJQA",
            "GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ",
            "GEZD-GNBV-GY3T-QOJ9", "GEZD_GNBV_GY3T_QOJQ", "GEZD-GNBV-GY3T-QOJÉ", "GEZD-GNBV-GY3T-QOJQ\u{0}",
        ])
    func foreign(typed: String) {
        #expect(tag(typed) == nil)
        #expect(
            RecoveryCodes.index(
                of: typed, in: [[], [UInt8](repeating: 0, count: 32)], subject: subject, key: key) == nil)
    }

    @Test("are found among those that are left, and not once they are gone")
    func single() throws {
        let codes = RecoveryCodes.new()
        var tags = try codes.map { code throws in try #require(tag(code)) }
        for (index, code) in codes.enumerated() {
            #expect(RecoveryCodes.index(of: code, in: tags, subject: subject, key: key) == index)
        }
        tags.remove(at: 3)
        #expect(RecoveryCodes.index(of: codes[3], in: tags, subject: subject, key: key) == nil)
        #expect(RecoveryCodes.index(of: codes[4], in: tags, subject: subject, key: key) == 3)
        #expect(RecoveryCodes.index(of: codes[4], in: [], subject: subject, key: key) == nil)
    }

    @Test("belong to one subject and one key")
    func bound() {
        #expect(tag(code) != tag(code, subject: ID(high: 2, low: 1)))
        #expect(tag(code) != tag(code, key: Array(1...32)))
    }
}
