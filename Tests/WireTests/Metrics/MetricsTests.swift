import Testing

@testable import Wire

@Suite("Metrics") struct MetricsTests {
    @Test("renders OpenMetrics text, families whole and in order")
    func text() throws {
        let metrics = Metrics()
        let wins = metrics.counter("clienthub_codes", "Codes sent.", labels: ["kind": "sms"])
        metrics.gauge("clienthub_queue_depth", "Messages that wait.") { 12 }
        _ = metrics.counter("clienthub_codes", "Codes sent.", labels: ["kind": "recovery"])
        metrics.counter("clienthub_database_write_bytes", "Bytes written.", unit: "bytes") { 7 }
        wins.add()
        wins.add(41)
        let text = """
            # TYPE clienthub_codes counter
            # HELP clienthub_codes Codes sent.
            clienthub_codes_total{kind="sms"} 42
            clienthub_codes_total{kind="recovery"} 0
            # TYPE clienthub_queue_depth gauge
            # HELP clienthub_queue_depth Messages that wait.
            clienthub_queue_depth 12.0
            # TYPE clienthub_database_write_bytes counter
            # UNIT clienthub_database_write_bytes bytes
            # HELP clienthub_database_write_bytes Bytes written.
            clienthub_database_write_bytes_total 7
            # EOF

            """
        #expect(metrics.render() == text)
        _ = try OpenMetricsChecker(text)
    }

    @Test("is empty but for its end at first")
    func empty() {
        #expect(Metrics().render() == "# EOF\n")
    }

    @Test(
        "puts a duration into the bucket whose bound it does not pass",
        arguments: [
            (0, 0), (1, 0), (10_000, 0), (10_001, 1), (20_000, 1), (20_001, 2), (40_000, 2), (40_001, 3),
            (1_280_000, 7), (1_280_001, 8), (10_485_760_000, 20), (10_485_760_001, 21), (UInt64.max, 21),
        ] as [(UInt64, Int)])
    func buckets(nanoseconds: UInt64, bucket: Int) {
        #expect(LatencyBuckets.index(of: nanoseconds) == bucket)
    }

    @Test("agrees at every bound with a plain search of the bounds")
    func bounds() {
        for index in 0..<LatencyBuckets.bounded {
            let bound = UInt64(10_000) << UInt64(index)
            #expect(LatencyBuckets.bound(index) == "\(Double(bound) / 1e9)")
            for duration in [bound - 1, bound, bound + 1] {
                let plain = (0..<LatencyBuckets.bounded).first { duration <= UInt64(10_000) << UInt64($0) }
                #expect(LatencyBuckets.index(of: duration) == plain ?? LatencyBuckets.bounded)
            }
        }
        #expect(LatencyBuckets.bound(0) == "1e-05")
        #expect(LatencyBuckets.bound(20) == "10.48576")
        #expect(LatencyBuckets.bound(21) == "+Inf")
    }

    @Test("renders a histogram with rising buckets, count and sum")
    func histogram() throws {
        let metrics = Metrics()
        let histogram = metrics.histogram("commit_seconds", "A commit.", labels: ["store": "otp"])
        for nanoseconds: UInt64 in [5_000, 137_000, 137_000, 20_000_000_000] {
            histogram.observe(nanoseconds: nanoseconds)
        }
        let checker = try OpenMetricsChecker(metrics.render())
        #expect(checker.kinds == ["commit_seconds": "histogram"])
        #expect(checker.samples.count == 24)
        #expect(checker.samples[#"commit_seconds_bucket{store="otp",le="1e-05"}"#] == 1)
        #expect(checker.samples[#"commit_seconds_bucket{store="otp",le="8e-05"}"#] == 1)
        #expect(checker.samples[#"commit_seconds_bucket{store="otp",le="0.00016"}"#] == 3)
        #expect(checker.samples[#"commit_seconds_bucket{store="otp",le="10.48576"}"#] == 3)
        #expect(checker.samples[#"commit_seconds_bucket{store="otp",le="+Inf"}"#] == 4)
        #expect(checker.samples[#"commit_seconds_count{store="otp"}"#] == 4)
        #expect(checker.samples[#"commit_seconds_sum{store="otp"}"#] == 20.000279)
        #expect(metrics.render().contains("# UNIT commit_seconds seconds\n"))
    }

    @Test("counts calls by method and status, and how long they took")
    func calls() throws {
        let metrics = Metrics()
        let authorize = metrics.calls(of: "auth.Authorize")
        let logIn = metrics.calls(of: "auth.LogIn")
        authorize.record(.ok, nanoseconds: 2_300)
        authorize.record(.ok, nanoseconds: 2_100)
        logIn.record(.unauthenticated, nanoseconds: 14_000_000)
        logIn.record(.resourceExhausted, nanoseconds: 9_000)
        #expect(authorize.count(.ok) == 2 && authorize.count(.internal) == 0)
        let checker = try OpenMetricsChecker(metrics.render())
        let calls = checker.samples.filter { $0.key.hasPrefix("wire_calls_total") }
        #expect(
            calls == [
                #"wire_calls_total{method="auth.Authorize",status="OK"}"#: 2,
                #"wire_calls_total{method="auth.LogIn",status="OK"}"#: 0,
                #"wire_calls_total{method="auth.LogIn",status="UNAUTHENTICATED"}"#: 1,
                #"wire_calls_total{method="auth.LogIn",status="RESOURCE_EXHAUSTED"}"#: 1,
            ])
        #expect(checker.samples[#"wire_call_duration_seconds_count{method="auth.LogIn"}"#] == 2)
        #expect(checker.samples[#"wire_call_duration_seconds_sum{method="auth.LogIn"}"#] == 0.014009)
        #expect(
            checker.samples[#"wire_call_duration_seconds_bucket{method="auth.Authorize",le="1e-05"}"#] == 2)
    }

    @Test("counts each of many calls that end alike, optimised or not")
    func manyAlike() throws {
        let metrics = Metrics()
        let calls = metrics.calls(of: "auth.Authorize")
        let counter = metrics.counter("codes", "Help.")
        for _ in 0..<100_000 {
            calls.record(.ok, nanoseconds: 2_500)
            counter.add()
        }
        #expect(calls.count(.ok) == 100_000 && counter.value == 100_000)
        let samples = try OpenMetricsChecker(metrics.render()).samples
        #expect(samples[#"wire_call_duration_seconds_count{method="auth.Authorize"}"#] == 100_000)
        #expect(samples[#"wire_call_duration_seconds_sum{method="auth.Authorize"}"#] == 0.25)
    }

    @Test("lets any thread count", .timeLimit(.minutes(1)))
    func threads() async {
        let counter = Metrics().counter("codes", "Help.")
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<1_000 { counter.add(2) } }
            }
        }
        #expect(counter.value == 16_000)
    }

    @Test(
        "gives every status its name in gRPC",
        arguments: zip(
            Status.allCases,
            [
                "OK", "CANCELLED", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
                "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED",
                "UNIMPLEMENTED", "INTERNAL",
                "UNAVAILABLE",
                "UNAUTHENTICATED",
            ]))
    func statuses(status: Status, word: String) {
        #expect(status.word == word)
        let metrics = Metrics()
        metrics.calls(of: "a.B").record(status, nanoseconds: 1)
        #expect(metrics.render().contains("status=\"\(word)\"} 1\n"))
    }

    @Test(
        "escapes labels and help",
        arguments: [
            (#"a"b"#, #"a\"b"#), (#"a\b"#, #"a\\b"#), ("a\nb", #"a\nb"#), ("a\r\nb", #"a\nb"#), ("é", "é"),
            ("\"} 1\nforged 2", #"\"} 1\nforged 2"#),
        ])
    func escapes(text: String, expected: String) throws {
        let metrics = Metrics()
        metrics.gauge("depth", "Help: " + text, labels: ["l": text]) { 1 }
        let rendered = metrics.render()
        #expect(rendered.contains("# HELP depth Help: \(expected)\n"))
        #expect(rendered.contains("depth{l=\"\(expected)\"} 1.0\n"))
        #expect(try OpenMetricsChecker(rendered).samples.count == 1)
    }

    @Test(
        "writes any number a gauge may give",
        arguments: [
            (0, "0.0"), (-1.5, "-1.5"), (1e21, "1e+21"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
            (.nan, "NaN"),
        ] as [(Double, String)])
    func gauges(value: Double, expected: String) throws {
        let metrics = Metrics()
        metrics.gauge("depth", "Help.") { value }
        #expect(metrics.render().contains("\ndepth \(expected)\n"))
        _ = try OpenMetricsChecker(metrics.render())
    }

    @Test("reads a gauge when it is asked, not before")
    func late() {
        let metrics = Metrics()
        var depth = 1.0
        metrics.gauge("depth", "Help.") { depth }
        depth = 2
        #expect(metrics.render().contains("depth 2.0\n"))
    }

    @Test("takes names that cannot be for faults of the program", .timeLimit(.minutes(1)))
    func faults() async {
        await #expect(processExitsWith: .failure) { _ = Metrics().counter("a_total", "Help.") }
        await #expect(processExitsWith: .failure) { _ = Metrics().counter("9a", "Help.") }
        await #expect(processExitsWith: .failure) { _ = Metrics().histogram("a_milliseconds", "Help.") }
        await #expect(processExitsWith: .failure) {
            _ = Metrics().counter("a", "Help.", labels: ["b-c": "d"])
        }
        await #expect(processExitsWith: .failure) {
            let metrics = Metrics()
            _ = metrics.counter("a", "Help.")
            _ = metrics.counter("a", "Help.")
        }
    }
}

@Suite("OpenMetrics checker") struct OpenMetricsCheckerTests {
    @Test(
        "complains of what the specification forbids",
        arguments: [
            "", "a 1\n# EOF\n", "# TYPE a gauge\na 1\n", "# TYPE a gauge\na 1\n# EOF",
            "# TYPE a counter\na 1\n# EOF\n",
            "# TYPE a gauge\na 1\na 2\n# EOF\n", "# TYPE a gauge\na{b=\"c} 1\n# EOF\n",
            "# TYPE a gauge\na x\n# EOF\n",
            "# TYPE a gauge\n\na 1\n# EOF\n", "# TYPE a gauge\n# TYPE b gauge\na 1\n# EOF\n",
            "# TYPE a gauge\na{b=\"\\x\"} 1\n# EOF\n", "# TYPE a gauge\n# UNIT a seconds\n# EOF\n",
            "# TYPE a counter\na_total -1\n# EOF\n", "# TYPE a gauge\na{b=\"c\",} 1\n# EOF\n",
            "# TYPE a histogram\na_bucket{le=\"1.0\"} 2\na_bucket{le=\"+Inf\"} 1\na_count 1\na_sum 1\n# EOF\n",
            "# TYPE a histogram\na_bucket{le=\"1.0\"} 1\na_count 1\na_sum 1\n# EOF\n",
        ])
    func complains(text: String) {
        #expect(throws: OpenMetricsChecker.Complaint.self) { try OpenMetricsChecker(text) }
    }
}
