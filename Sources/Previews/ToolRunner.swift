import DriveCore
import Foundation
import Subprocess
import SystemPackage

/// Runs one program at a time within its limits.
struct ToolRunner: Sendable {
    let confinement: Confinement
    let limits: ToolLimits

    /// What is left of the outside world: nothing of ours.
    private static let environment = Environment.custom([
        "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": ".", "TMPDIR": ".", "MALLOC_ARENA_MAX": "2",
        // Loaders that are not held to be safe with hostile bytes.
        "VIPS_BLOCK_UNTRUSTED": "1", "VIPS_CONCURRENCY": "1",
    ])

    /// The first 64 KiB of what the program said. When it returns or throws, the program and what it started have ended.
    ///
    /// - Throws: `PreviewFailure.unusable` when the program failed, `.troubled` when it was killed or a limit in time or
    ///   space was passed; `CancellationError`.
    func run(_ program: String, _ arguments: [String], in folder: WorkFolder) async throws -> String {
        let output = try folder.create("said")
        defer { close(output) }
        let errors = try folder.create("complaints")
        defer { close(errors) }
        let name = (program as NSString).lastPathComponent
        let command = confinement.command(program, arguments, limits)
        let status: TerminationStatus? = try await withThrowingTaskGroup(of: TerminationStatus?.self) { group in
            group.addTask { try await start(command, in: folder, output, errors) }
            group.addTask {
                try await watch(folder, name)
                return nil
            }
            // Leaving cancels the other: a program that is still running is killed, and waited for.
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        try Task.checkCancellation()
        switch status {
        case .exited(0): return text("said", in: folder, upTo: 65_536)
        case .exited(let code):
            throw PreviewFailure.unusable("\(name) ended with \(code): \(text("complaints", in: folder, upTo: 250))")
        case .signaled(let signal): throw PreviewFailure.troubled("\(name) was ended by signal \(signal)")
        case nil: throw PreviewFailure.troubled("\(name) did not end")
        }
    }

    private func start(
        _ command: [String], in folder: WorkFolder, _ output: Int32, _ errors: Int32
    ) async throws -> TerminationStatus {
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(5))
        ]
        let result = try await Subprocess.run(
            .path(FilePath(command[0])), arguments: Arguments(Array(command.dropFirst())),
            environment: Self.environment, workingDirectory: FilePath(folder.path), platformOptions: options,
            input: .none,
            output: .fileDescriptor(FileDescriptor(rawValue: output), closeAfterSpawningProcess: false),
            error: .fileDescriptor(FileDescriptor(rawValue: errors), closeAfterSpawningProcess: false))
        // Namespaces take along what was left running; without them its group is all we know.
        if !confinement.isSeparate { kill(-result.processIdentifier.value, SIGKILL) }
        return result.terminationStatus
    }

    /// Throws once the program has had its time or its space.
    private func watch(_ folder: WorkFolder, _ name: String) async throws {
        let end = ContinuousClock.now + .seconds(limits.wallSeconds)
        while ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(100))
            guard folder.writtenBytes <= limits.folderBytes else {
                throw PreviewFailure.troubled("\(name) wrote more than \(limits.folderBytes) bytes")
            }
        }
        throw PreviewFailure.troubled("\(name) took more than \(limits.wallSeconds) seconds")
    }

    private func text(_ file: String, in folder: WorkFolder, upTo limit: Int) -> String {
        String(decoding: folder.bytes(of: file, upTo: limit) ?? [], as: UTF8.self)
    }
}
