import Testing

@testable import hubctl

@Suite("Units")
struct UnitsTests {
    @Test(
        "give bytes as people read them",
        arguments: [
            (0, "0 B"), (1_023, "1023 B"), (1_024, "1.0 KiB"), (1_536, "1.5 KiB"), (1_048_575, "1023.9 KiB"),
            (1_048_576, "1.0 MiB"), (12 * 1_048_576 + 600_000, "12.5 MiB"), (1 << 30, "1.0 GiB"),
            (1 << 40, "1.0 TiB"), (1 << 52, "4096.0 TiB"),
        ])
    func bytes(count: Int, text: String) {
        #expect(Units.bytes(count) == text)
    }

    @Test(
        "give a time in its two largest units",
        arguments: [
            (-5, "0 s"), (0, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (3_599, "59 min 59 s"),
            (3_600, "1 h 0 min"),
            (86_399, "23 h 59 min"), (86_400, "1 d 0 h"), (10 * 86_400 + 7_200, "10 d 2 h"),
        ])
    func duration(seconds: Int, text: String) {
        #expect(Units.duration(seconds) == text)
    }
}
