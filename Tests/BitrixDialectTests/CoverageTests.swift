import BitrixDialect
import Foundation
import Testing

@Suite("The list of what is covered")
struct CoverageTests {
    /// Written anew by running the tests with `DOSSIER_RECORD=1`.
    @Test("docs/compat/bitrix24.md says what the method table has")
    func committed() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/compat/bitrix24.md")
        if ProcessInfo.processInfo.environment["DOSSIER_RECORD"] == "1" {
            try Coverage.table().write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == Coverage.table())
    }
}
