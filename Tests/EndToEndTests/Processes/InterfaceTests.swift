import Testing

@testable import Wire

extension EndToEnd.Standing {
    /// The interface as its page promises it.
    @Suite("The interface")
    @Loop
    struct InterfaceTests {
        /// The methods of docs/wire-protocol.md. None of them may ever go away.
        nonisolated static let promised: [String: [String]] = [
            "AuthService": [
                "GetFirm", "LogIn", "LogOut", "Authorize", "BeginSetUp", "ConfirmSetUp", "SendCode",
                "Delivery",
                "Verify",
                "DeferSetUp",
                "RemoveMethod", "NewRecoveryCodes", "StepUp", "ListSessions", "EndSession", "ChangePassword",
                "GetSettings", "UpdateSettings", "ListClients", "CountClients", "GetClient",
                "OverrideTwoFactor",
                "RequireTwoFactor", "InvitePro", "ListPros", "RemovePro", "UnlockClient", "ListActivity",
                "InviteClient", "AcceptInvitation", "CreateFirm", "CreateClient",
            ].map { "auth.\($0)" },
            "OTPService": [
                "Begin", "Confirm", "Send", "Delivery", "Verify", "Methods", "Remove", "Reset",
                "NewRecoveryCodes",
            ].map { "otp.\($0)" },
            "SMSGateway": [
                "Submit", "Verified", "Status", "Cancel", "Receipt", "List", "Retry", "Block", "Unblock",
                "Stats", "Trace", "Limits", "Top", "Test",
            ].map { "sms.\($0)" },
        ]

        @Test("each service describes every method of its table, with its fields and its reasons")
        func describe() async throws {
            for daemon in try services().daemons {
                let description = try await daemon.client.call(Common.Describe())
                let methods = Dictionary(uniqueKeysWithValues: description.methods.map { ($0.name, $0) })
                let promised = try #require(Self.promised[daemon.name])
                for name in promised + ["wire.Health", "wire.Describe", "wire.Metrics"] {
                    let method = try #require(methods[name], "\(daemon.name) has no \(name)")
                    #expect(method.summary.hasSuffix("."))
                }
                let prefix = String(promised[0].prefix { $0 != "." })
                #expect(methods.keys.allSatisfy { $0.hasPrefix("\(prefix).") || $0.hasPrefix("wire.") })
            }
        }

        @Test(
            "the schema of a method names its fields as they are on the wire, and its reasons with their status"
        )
        func schema() async throws {
            let description = try await services().auth.client.call(Common.Describe())
            let logIn = try #require(description.methods.first { $0.name == "auth.LogIn" })
            guard case .object(let request) = logIn.request, case .object(let fields) = request["properties"],
                case .list(let required) = request["required"]
            else {
                Issue.record("the request of auth.LogIn is described as \(logIn.request)")
                return
            }
            #expect(Set(fields.keys) == ["firm", "email", "password", "device", "address", "agent"])
            #expect(Set(required) == [.text("firm"), .text("email"), .text("password")])
            #expect(logIn.reasons.contains { $0.reason == "BAD_CREDENTIALS" && $0.status == 16 })
            #expect(logIn.reasons.contains { $0.reason == "TOO_MANY_ATTEMPTS" && $0.status == 8 })
        }

        @Test("each service tells its metrics in OpenMetrics text, with the calls that were made")
        func metrics() async throws {
            for daemon in try services().daemons {
                _ = try await daemon.client.call(Common.Health())
                let text = try await daemon.client.call(Common.Metrics()).text
                #expect(text.hasSuffix("# EOF\n"))
                #expect(text.contains("wire.Health"))
            }
        }

        @Test("the client in Python that the README prints logs in, is prompted, and sets 2FA up")
        func python() async throws {
            let firm = try await Firm(on: services(), required: true)
            let stack = firm.stack
            let ana = try await firm.client()
            try stack.scratch.write("client.py", Self.client() + Self.story(firm.slug, ana))
            let outcome = try await run("python3", stack.scratch.at("client.py"), stack.auth.socket)
            #expect(outcome.end == .exit(0), "\(outcome.errors)")
            let lines = outcome.output.split(separator: "\n").map(String.init)
            try #require(lines.count == 8, "\(outcome.output)")
            stack.secrets.note(lines[0])
            stack.secrets.note(lines[5])
            #expect(lines[1...4] == ["setUp", "setUp", "allow", "16 WRONG_CODE"])
            #expect(lines[6...7] == ["allow", "logIn"])
        }

        /// The client that the README prints.
        private static func client(_ file: StaticString = #filePath) -> String {
            let root = "\(file)".split(separator: "/").dropLast(4).joined(separator: "/")
            return String(decoding: Scratch.contents(of: "/\(root)/scripts/client.py"), as: UTF8.self)
        }

        private static func story(_ firm: String, _ ana: Person) -> String {
            """
            import subprocess
            r = call("auth.LogIn", firm="\(firm)", email="\(ana.email)", password="\(ana.password)")["body"]
            t = r["session"]; print(t); print(r["gate"]["state"])
            print(call("auth.Authorize", session=t, path="/documents")["body"]["decision"])
            print(call("auth.Authorize", session=t, path="/two-factor")["body"]["decision"])
            secret = call("auth.BeginSetUp", session=t, method="authenticator")["body"]["secret"]
            e = call("auth.ConfirmSetUp", session=t, method="authenticator", code="000000")
            print(e["status"], e["error"]["reason"])
            code = subprocess.check_output(["oathtool", "--totp", "-b", secret]).decode().strip()
            n = call("auth.ConfirmSetUp", session=t, method="authenticator", code=code)["body"]["session"]; print(n)
            print(call("auth.Authorize", session=n, path="/documents")["body"]["decision"])
            print(call("auth.Authorize", session=t, path="/documents")["body"]["decision"])
            """
        }
    }
}
