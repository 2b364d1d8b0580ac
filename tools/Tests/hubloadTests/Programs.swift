import Foundation

/// The real `hubload`, run as people run it, with the services of the same checkout.
enum Programs {
    /// The folder that SwiftPM builds the services into, which `make test` does before it tests the tools.
    static let services = URL(fileURLWithPath: #filePath)
        .appendingPathComponent("../../../../.build/debug").standardizedFileURL.path

    /// SwiftPM puts the executables of a package and the runner of its tests into one folder.
    static let executable = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appendingPathComponent("hubload")

    /// How a run of `hubload` ended.
    struct Run: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    static func hubload(_ words: String...) async throws -> Run { try await hubload(words) }

    static func hubload(_ words: [String]) async throws -> Run {
        // A thread of its own: waiting would block one of the few that run tasks.
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try run(words) }) }
        }
    }

    private static func run(_ words: [String]) throws -> Run {
        let process = Process()
        process.executableURL = executable
        process.arguments = words
        let (output, errors) = (Pipe(), Pipe())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Errors are one line, less than a pipe takes, so that reading one after the other blocks nobody.
        let outputData = output.fileHandleForReading.readDataToEndOfFile()
        let errorData = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Run(
            status: process.terminationStatus, output: String(decoding: outputData, as: UTF8.self),
            errors: String(decoding: errorData, as: UTF8.self))
    }

    /// A directory that is gone with this value; short, since sockets stand in it.
    final class Scratch {
        let path = "/tmp/hubload-test-\(UUID().uuidString.prefix(8))"
        init() throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }
}
