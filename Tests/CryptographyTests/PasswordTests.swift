import Glibc
import Testing

@testable import Cryptography

/// The least that makes a difference, so that the tests are quick.
private let small = PasswordCost(memory: 64, passes: 1, lanes: 1)

@Suite("Argon2id") struct Argon2Tests {
    @Test("gives the tag of RFC 9106, section 5.3")
    func rfc9106() throws {
        var memory = Argon2Memory()
        var password = [UInt8](repeating: 1, count: 32)
        let input = Argon2.Input(
            salt: [UInt8](repeating: 2, count: 16), secret: [UInt8](repeating: 3, count: 8),
            associated: [UInt8](repeating: 4, count: 12))
        let cost = PasswordCost(memory: 32, passes: 3, lanes: 4)
        let tag = try Argon2.tag(of: &password, input, cost: cost, count: 32, in: &memory)
        #expect(Hex.encode(tag) == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659")
        #expect(password == [UInt8](repeating: 0, count: 32), "the password is wiped")
    }

    @Test("leaves its memory zeroed, and uses the same memory again")
    func memory() throws {
        var memory = Argon2Memory()
        var addresses: Set<UInt> = []
        for _ in 0..<3 {
            var password = Array("password".utf8)
            let input = Argon2.Input(salt: Array("somesalt".utf8))
            _ = try Argon2.tag(of: &password, input, cost: small, count: 32, in: &memory)
            let lent = memory.region(of: 64 << 10)
            let region = try #require(lent)
            #expect(region.allSatisfy { $0 == 0 })
            addresses.insert(UInt(bitPattern: region.baseAddress))
        }
        #expect(addresses.count == 1)
    }

    @Test("says so where there is no memory")
    func noMemory() {
        var memory = Argon2Memory()
        let tooMuch = memory.region(of: 1 << 60)
        #expect(tooMuch == nil)
        let some = memory.region(of: 1 << 10)
        #expect(some != nil)
        memory.release()
        let again = memory.region(of: 1 << 10)
        #expect(again != nil)
    }
}

@Suite("Passwords") struct PasswordHasherTests {
    @Test(
        "check against hashes that others made",
        arguments: [
            (
                "password",
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
            ),
            (
                "password",
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
            ),
            (
                "password",
                "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"
            ),
            (
                "differentpassword",
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94"
            ),
            // Made by argon2-cffi 25.1.
            (
                "p\u{E4}\u{1F511}",
                "$argon2id$v=19$m=1000,t=3,p=3$c2FsdHNhbHRzYWx0c2FsdA$xPmS7y5tXLT038TK6io1JxmSgJfQG/ze"
            ),
        ])
    func reference(password: String, stored: String) throws {
        let hasher = PasswordHasher(small)
        #expect(try hasher.verify(password, against: stored))
        #expect(try !hasher.verify(password + "x", against: stored))
        #expect(hasher.needsRehash(stored))
    }

    @Test("are stored at the standard cost, under a salt of their own, and checked again")
    func standard() throws {
        let hasher = PasswordHasher()
        let stored = try hasher.hash("correct horse")
        #expect(stored.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(try PasswordHash(stored).salt.count == 16)
        #expect(try PasswordHash(stored).tag.count == 32)
        #expect(try hasher.hash("correct horse") != stored)
        #expect(try hasher.verify("correct horse", against: stored))
        #expect(try PasswordHasher(small).verify("correct horse", against: stored))
        #expect(try !hasher.verify("correct horsf", against: stored))
        #expect(!hasher.needsRehash(stored))
    }

    @Test(
        "may be anything",
        arguments: ["", " ", "a\u{0}b", "p\u{E4}ssw\u{F6}rd \u{1F511}", String(repeating: "x", count: 5_000)])
    func anything(password: String) throws {
        let hasher = PasswordHasher(small)
        let stored = try hasher.hash(password)
        #expect(try hasher.verify(password, against: stored))
        #expect(try !hasher.verify(password + "\u{0}", against: stored))
        #expect(try !hasher.verify(String(password.dropLast()) + "y", against: stored))
    }

    @Test("are checked at the cost that is stored, whatever was checked before")
    func mixedCosts() throws {
        let costs = [
            small, PasswordCost(memory: 1_024, passes: 3, lanes: 4),
            PasswordCost(memory: 8, passes: 1, lanes: 1),
            PasswordCost(memory: 4_097, passes: 1, lanes: 2),
        ]
        let stored = try costs.map { cost throws in try PasswordHasher(cost).hash("p") }
        let hasher = PasswordHasher(small)
        for _ in 0..<2 {
            for (index, hash) in stored.enumerated() {
                #expect(try hasher.verify("p", against: hash))
                #expect(try !hasher.verify("q", against: hash))
                #expect(hasher.needsRehash(hash) == (index > 0))
            }
        }
        hasher.releaseMemory()
        #expect(try hasher.verify("p", against: stored[0]))
    }

    @Test("need a new hash where the salt or the tag is shorter than ours")
    func shortParts() throws {
        let hasher = PasswordHasher(small)
        var hash = try PasswordHash(hasher.hash("p"))
        #expect(!hasher.needsRehash(hash.description))
        hash.tag.removeLast()
        #expect(hasher.needsRehash(hash.description))
        #expect(hasher.needsRehash("$2b$12$something"))
    }

    @Test("are checked on many threads at once, each with a hasher of its own")
    func threads() async throws {
        let stored = try PasswordHasher(small).hash("p")
        let right = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let hasher = PasswordHasher(small)
                    var right = 0
                    for turn in 0..<50 where try hasher.verify(turn % 2 == 0 ? "p" : "q", against: stored) {
                        right += 1
                    }
                    return right
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(right == 8 * 25)
    }

    @Test("of unknown accounts cost the work of a check")
    func dummy() throws {
        let hasher = PasswordHasher(PasswordCost(memory: 4_096, passes: 2, lanes: 1))
        let stored = try hasher.hash("p")
        // The thread's own time, and the least of several, so that a busy machine does not show.
        func least(_ work: () throws -> Void) rethrows -> Double {
            var least = Double.infinity
            for _ in 0..<10 {
                let start = threadSeconds()
                try work()
                least = min(least, threadSeconds() - start)
            }
            return least
        }
        let real = try least { _ = try hasher.verify("q", against: stored) }
        let dummy = try least { try hasher.dummy("q") }
        #expect((0.67...1.5).contains(dummy / real))
    }

    private func threadSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

@Suite("A stored password hash") struct PasswordHashTests {
    private static let rest = "c29tZXNhbHRzb21lc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"

    @Test("is read as it was written")
    func roundTrip() throws {
        let text = "$argon2id$v=19$m=19456,t=2,p=1$" + Self.rest
        let hash = try PasswordHash(text)
        #expect(hash.cost == .standard)
        #expect(hash.salt == Array("somesaltsomesalt".utf8))
        #expect(hash.description == text)
    }

    @Test(
        "is refused where it is not one of ours",
        arguments: [
            ("", "a hash has five parts, each after a $"),
            ("password", "a hash has five parts, each after a $"),
            ("argon2id$v=19$m=64,t=1,p=1$" + rest, "a hash has five parts, each after a $"),
            ("x$argon2id$v=19$m=64,t=1,p=1$" + rest, "a hash has five parts, each after a $"),
            ("$argon2id$v=19$m=64,t=1,p=1$" + rest + "$", "a hash has five parts, each after a $"),
            ("$argon2i$v=19$m=64,t=1,p=1$" + rest, "the algorithm is not argon2id"),
            ("$argon2d$v=19$m=64,t=1,p=1$" + rest, "the algorithm is not argon2id"),
            ("$argon2id$v=16$m=64,t=1,p=1$" + rest, "the version of Argon2 is not 19"),
            ("$argon2id$v=19$t=1,m=64,p=1$" + rest, "the costs are not m=…,t=…,p=…"),
            ("$argon2id$v=19$m=64,t=1$" + rest, "the costs are not m=…,t=…,p=…"),
            ("$argon2id$v=19$m=64,t=1,p=1,x=1$" + rest, "the costs are not m=…,t=…,p=…"),
            ("$argon2id$v=19$m=064,t=1,p=1$" + rest, "the costs are not m=…,t=…,p=…"),
            ("$argon2id$v=19$m=-64,t=1,p=1$" + rest, "the costs are not m=…,t=…,p=…"),
            ("$argon2id$v=19$m=4294967296,t=1,p=1$" + rest, "the costs are not m=…,t=…,p=…"),
            ("$argon2id$v=19$m=64,t=0,p=1$" + rest, "the costs are less than Argon2 can have"),
            ("$argon2id$v=19$m=64,t=1,p=0$" + rest, "the costs are less than Argon2 can have"),
            ("$argon2id$v=19$m=31,t=1,p=4$" + rest, "the costs are less than Argon2 can have"),
            (
                "$argon2id$v=19$m=64,t=1,p=1$c2FsdA$nf65EOgLrQMR/uIPnA4rEg",
                "the salt is not 8 to 64 bytes in base64"
            ),
            (
                "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR",
                "the tag is not 16 to 64 bytes in base64"
            ),
            ("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$", "the tag is not 16 to 64 bytes in base64"),
            (
                "$argon2id$v=19$m=64,t=1,p=1$c29t!XNhbHQ$nf65EOgLrQMR/uIPnA4rEg",
                "the salt is not 8 to 64 bytes in base64"
            ),
        ])
    func malformed(stored: String, why: String) {
        let hasher = PasswordHasher(small)
        #expect(throws: PasswordError.malformed(why)) { try hasher.verify("p", against: stored) }
        #expect(hasher.needsRehash(stored))
    }

    @Test(
        "is refused where it asks for more than any sound one does",
        arguments: [
            "m=262145,t=1,p=1", "m=4294967295,t=1,p=1", "m=64,t=4294967295,p=1", "m=262144,t=5,p=1",
            "m=1024,t=1,p=65",
        ])
    func tooCostly(costs: String) {
        let stored = "$argon2id$v=19$\(costs)$" + Self.rest
        #expect(throws: PasswordError.tooCostly) { try PasswordHasher(small).verify("p", against: stored) }
    }

    @Test("a hasher of an impossible cost is a bug") func impossibleCost() async {
        await #expect(processExitsWith: .failure) {
            _ = PasswordHasher(PasswordCost(memory: 7, passes: 1, lanes: 1))
        }
    }
}
