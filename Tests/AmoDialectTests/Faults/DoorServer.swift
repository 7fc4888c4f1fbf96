import DriveCore
import HTTPEdge
import TestSupport
import Testing

@testable import AmoDialect

extension Door {
    /// Runs a real server with this door around `body` and waits until it has stopped.
    /// - Parameter body: gets the server's port.
    func listening(_ body: (Int) async throws -> Void) async throws {
        var settings = EdgeSettings()
        settings.drainSeconds = 60
        try await withServer(settings, surfaces: [surface], body)
    }

    /// Proves that `file` is the account's only one, is `whole` byte for byte (and by its SHA-256: `check`), and that
    /// nothing else was left behind.
    func expectOnlyFile(_ file: Value, is whole: [UInt8], _ comment: Comment? = nil) async throws {
        #expect(file["size"] == .int(Int64(whole.count)), comment)
        let listed = try await get("/v1.0/files").embedded
        #expect(listed.map { $0["uuid"] } == [file["uuid"]], comment)
        try await expectContent(of: file, is: whole, comment)
        #expect(try await drive.blobs.stagings().isEmpty, comment)
        let report = try await drive.check(repair: false)
        #expect(report.isClean && report.unreferenced.isEmpty, comment)
    }

    func expectContent(of file: Value, is whole: [UInt8], _ comment: Comment? = nil) async throws {
        let link = try #require(file.at("_links.download.href")?.text)
        // Links are built on the origin each request used: the proxy's.
        let path = "/" + link.split(separator: "/", maxSplits: 2).dropFirst(2).joined()
        let content = try await get(path, token: "")
        #expect(content.status == 200 && content.bytes == whole, comment)
    }
}
