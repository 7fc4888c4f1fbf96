import DriveCore
import Foundation
import HTTPEdge
import Testing

@testable import BitrixDialect

@Suite("Conversations about drives, folders and files from the vendor's pages", .serialized)
struct DiskTranscriptTests {
    private static let folder = "disk/"
    private static let names = Transcript.names(in: folder)

    /// The scene of the samples, in an account whose clock stands two or three hours ahead of UTC.
    @Test("the answer is what the page says, down to types and nulls", arguments: names)
    func answers(name: String) async throws {
        try await Door.open(timeZone: "Europe/Helsinki") { door in
            let scene = try await SampleScene(door)
            let version = try await door.call("disk.file.get", ["id": .int(scene.file)]).result["FILE_ID"]?.number ?? 0
            let common = try await door.drive.storage(door.drive.account.commonStorage, as: door.administrator).root
            let second = try await door.upload("second.txt", to: scene.other)
            let more = [
                "webhook": door.webhook, "token": door.token, "version": String(version), "second": String(second),
                "common": common.description,
            ]
            let values = scene.values.merging(more) { $1 }
            try await door.hold(to: Transcript(named: name, values))
        }
    }

    @Test("every disk method has a conversation")
    func complete() throws {
        let all = try (Transcript.names + Self.names).map { try Transcript.method(in: $0) }
        for method in MethodTable.all.map({ $0.name.lowercased() }) where method.hasPrefix("disk.") {
            #expect(all.contains(method), "no conversation of \(method) in Transcripts/")
        }
    }
}
