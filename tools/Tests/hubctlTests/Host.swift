import Foundation
import Synchronization
import Wire

/// A host for the tests: sockets in a directory of its own, behind which the test itself answers, and the real `hubctl`
/// run against them.
final class Host: Sendable {
    let directory: String
    private let servers = Mutex<[Server]>([])

    init() throws {
        // Not the folder for temporary files that the environment names: a socket's path is at most 107 bytes.
        directory = "/tmp/hubctl-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Starts a service called `name`, whose methods `register` adds.
    @Loop func serve(
        _ name: String, version: String = "1.2.3", _ register: @Loop (Server) -> Void = { _ in }
    ) throws {
        let server = Server(service: name, version: version)
        register(server)
        try server.listen(at: "\(directory)/\(name).sock", callers: nil)
        servers.withLock { $0.append(server) }
    }

    /// How a run of `hubctl` ended.
    struct Run {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs `hubctl` with `words`, `input` on its standard input, and the host's directory in its environment.
    func hubctl(_ words: String..., input: String = "") async throws -> Run {
        try await hubctl(words, input: input)
    }

    /// The same with words that were put together.
    func hubctl(_ words: [String], input: String = "") async throws -> Run {
        try await Self.run(
            Self.program, words, input, ["CLIENTHUB_RUN_DIR": directory, "CLIENTHUB_CONFIG_DIR": directory])
    }

    /// SwiftPM puts the executables of a package and the runner of its tests into one folder.
    static var program: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("hubctl")
    }

    /// Runs a program to its end.
    static func run(
        _ program: URL, _ words: [String], _ input: String, _ environment: [String: String]
    ) async throws -> Run {
        // A thread of its own: waiting would block one of the few that run tasks.
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try runNow(program, words, input, environment) })
            }
        }
    }

    private static func runNow(
        _ program: URL, _ words: [String], _ input: String, _ environment: [String: String]
    ) throws -> Run {
        let process = Process()
        process.executableURL = program
        process.arguments = words
        process.environment = environment
        let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        standardInput.fileHandleForWriting.write(Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        // Errors are a few lines, less than a pipe takes, so that reading one after the other blocks nobody.
        let outputData = output.fileHandleForReading.readDataToEndOfFile()
        let errorData = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Run(
            status: process.terminationStatus, output: String(decoding: outputData, as: UTF8.self),
            errors: String(decoding: errorData, as: UTF8.self))
    }
}
