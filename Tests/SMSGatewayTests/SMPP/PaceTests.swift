import Testing

@testable import SMSGateway

@Suite("The pace of a carrier") struct PaceTests {
    @Test(
        "keeps to its rate over each second, and makes up for a tenth of a second at most",
        arguments: [1, 10, 50, 1_000, 5_000])
    func rate(rate: Int) {
        var pace = Pace(perSecond: rate)
        var sent: [Int64] = []
        // A clock that goes on by a millisecond, with a long pause in the middle.
        for millisecond in Int64(0)..<3_000 where !(1_000..<1_700).contains(millisecond) {
            let now = millisecond * 1_000_000
            while pace.opens <= now {
                pace.went(now)
                sent.append(now)
            }
        }
        for (index, start) in sent.enumerated() {
            let second = sent[index...].prefix { $0 < start + 1_000_000_000 }.count
            #expect(second <= rate + max(1, rate / 10))
        }
        #expect(sent.count >= 2 * rate)
    }
}
