import Foundation
import Logging
import SQLStore

/// The PostgreSQL server tests run on, named by `DOSSIER_TEST_POSTGRES`.
package enum PostgresServer {
    struct Missing: Error, CustomStringConvertible {
        let description = "DOSSIER_TEST_POSTGRES is not set: run the tests through scripts/with-postgres"
    }

    /// Tests run side by side and each opens a pool of connections; the server has room for so many.
    static let turnstile = Turnstile(places: 8)

    /// A schema of one test's own.
    struct Schema: Sendable {
        let name: String
        let uri: String
        fileprivate let administration: any Database

        func drop() async { try? await administration.runScript("DROP SCHEMA \(name) CASCADE;") }
    }

    /// The server's libpq URI. - Throws: `Missing`.
    package static func uri() throws -> String {
        guard let uri = ProcessInfo.processInfo.environment["DOSSIER_TEST_POSTGRES"], !uri.isEmpty else {
            throw Missing()
        }
        return uri
    }

    static func newSchema(_ log: Logger) async throws -> Schema {
        let server = try uri()
        let administration = try await administration.database(server, log)
        let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        try await administration.runScript("CREATE SCHEMA \(name);")
        let separator = server.contains("?") ? "&" : "?"
        return Schema(
            name: name, uri: server + separator + "options=-csearch_path%3D\(name)", administration: administration)
    }

    private static let administration = Administration()

    /// One pool for making and dropping schemas, kept while the process lives.
    private actor Administration {
        private var opening: Task<any Database, any Error>?

        func database(_ uri: String, _ log: Logger) async throws -> any Database {
            let opening =
                opening
                ?? Task {
                    guard let location = DatabaseLocation(uri) else { throw Missing() }
                    return try await location.open(log: log)
                }
            self.opening = opening
            return try await opening.value
        }
    }
}

/// Lets so many in at once; the rest wait in line.
actor Turnstile {
    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) { self.places = places }

    func enter() async {
        if places > 0 {
            places -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty { places += 1 } else { waiting.removeFirst().resume() }
    }
}
