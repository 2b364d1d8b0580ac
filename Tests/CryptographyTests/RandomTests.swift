import Testing

@testable import Cryptography

@Suite("Random") struct RandomTests {
    @Test(
        "gives as many bytes as are asked for, and never the same ones",
        arguments: [0, 1, 16, 32, 1_000, 100_000])
    func counts(count: Int) {
        let one = Random.bytes(count)
        #expect(one.count == count)
        // Two runs of 16 bytes are the same once in 2^128.
        #expect(count < 16 || one != Random.bytes(count))
    }

    @Test("makes tokens of 43 characters that are safe in links, all different")
    func tokens() throws {
        var seen: Set<String> = []
        for _ in 0..<1_000 {
            let token = Random.token()
            #expect(token.utf8.count == 43)
            #expect(try #require(Base64URL.decode(token)).count == 32)
            #expect(seen.insert(token).inserted)
        }
    }

    /// The bounds are where chi-square of a sound generator lies once in more than 10^9 runs: 9 degrees of freedom
    /// pass 80 with probability 1.6e-13, 999 degrees pass 1,350 with 7e-13.
    @Test("draws each digit and each thousand of a code evenly")
    func even() {
        let samples = 1_000_000
        var digits = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 6)
        var thousands = [Int](repeating: 0, count: 1_000)
        for _ in 0..<samples {
            var code = Int(Random.uniform(below: 1_000_000))
            thousands[code / 1_000] += 1
            for place in 0..<6 {
                digits[place][code % 10] += 1
                code /= 10
            }
        }
        for place in digits { #expect(chiSquare(place) < 80) }
        #expect(chiSquare(thousands) < 1_350)
    }

    private func chiSquare(_ counts: [Int]) -> Double {
        let expected = Double(counts.reduce(0, +)) / Double(counts.count)
        return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    }

    @Test(
        "draws again above the highest multiple of the bound, so that no number is favoured",
        arguments: [
            // bound, the last word that is taken
            (1 as UInt32, UInt32.max),
            (2, .max),
            (3, 0xFFFF_FFFE),
            (10, 4_294_967_289),
            (1_000_000, 4_293_999_999),
            (0x8000_0000, .max),
            (0x8000_0001, 0x8000_0000),
            (.max, 0xFFFF_FFFE),
        ])
    func rejects(bound: UInt32, last: UInt32) {
        var words: [UInt32] = last == .max ? [last] : [.max, last &+ 1, last]
        let value = Random.uniform(below: bound) { words.removeFirst() }
        #expect(words.isEmpty)
        #expect(value == bound - 1)
        #expect(Random.uniform(below: bound) { 0 } == 0)
    }

    @Test("a bound of 0 is a bug") func noBound() async {
        await #expect(processExitsWith: .failure) { _ = Random.uniform(below: 0) }
    }
}
