import Foundation
import Testing

@testable import AmoDialect

@Suite("Coverage of the vendor's methods")
struct CoverageTests {
    /// `DOSSIER_RECORD=1` writes the file anew; review the difference.
    @Test("docs/compat/amocrm.md is what the routes table says")
    func table() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/compat/amocrm.md")
        let table = AmoSurface.coverageTable()
        if ProcessInfo.processInfo.environment["DOSSIER_RECORD"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(table.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == table)
    }

    @Test("every method of the files page is complete")
    func page() {
        let rows = AmoSurface.coverageTable().split(separator: "\n").filter { $0.hasPrefix("| ") }
        for method in [
            "POST | `/v1.0/sessions`", "POST | `/v1.0/sessions/upload/{session_token}`", "GET | `/v1.0/files`",
            "GET | `/v1.0/files/{file_uuid}`", "PATCH | `/v1.0/files/{file_uuid}`", "DELETE | `/v1.0/files`",
            "POST | `/v1.0/files/restore`", "GET | `/v1.0/files/{file_uuid}/versions`",
            "GET | `/api/v4/{type}/{entity_id}/files`", "PUT | `/api/v4/{type}/{entity_id}/files`",
            "DELETE | `/api/v4/{type}/{entity_id}/files`", "GET | `/api/v4/files/{file_uuid}/links`",
        ] {
            #expect(rows.contains("| \(method) | complete |"), "\(method)")
        }
    }
}
