import HTTPEdge
import Hummingbird
import NIOCore
import SQLStore
import Testing

@testable import AmoDialect

/// Every route of the account host, against an account with one entity of each kind, a field, a file and a note.
@Suite("The examples of the account host's pages")
struct CRMTranscriptTests {
    private static let ofEveryKind = [
        "entities-add", "entities-list", "entities-change", "entity-change", "custom-fields-add", "custom-fields-list",
        "custom-fields-change", "custom-field-get", "custom-field-change", "custom-field-delete", "notes-add",
        "notes-list", "notes-get", "notes-change", "notes-change-one", "entity-notes-add", "entity-notes-list",
        "entity-notes-get", "entity-notes-change", "entity-notes-change-one", "note-pin", "note-unpin",
    ]

    /// What the braces of the transcripts stand for.
    private func scene(_ kind: String, _ door: Door) async throws -> [String: String] {
        let field = try await door.newField(kind)
        let (file, version) = try await door.uploaded("scan.jpg")
        let id = try await door.newEntity(
            kind,
            """
            [{"name":"Пример","custom_fields_values":[{"field_id":\(field),"values":[{"value":{"file_uuid":"\(file)"}}]}]}]
            """)
        let note = try await door.newNote(
            kind, #"[{"entity_id":\#(id),"note_type":"common","params":{"text":"Текст примечания"}}]"#)
        return [
            "type": kind, "origin": door.origin, "account_id": "\(door.drive.account.id)",
            "now": "\(door.clock.now / 1000)", "id": "\(id)", "next_id": "\(id + 1)", "second_id": "\(id + 2)",
            "field_id": "\(field)", "next_field_id": "\(field + 1)", "file_uuid": file, "version_uuid": version,
            "note_id": "\(note)", "next_note_id": "\(note + 1)", "second_note_id": "\(note + 2)",
        ]
    }

    private func check(_ name: String, _ kind: String, _ engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let transcript = try Transcript("crm/" + name, values: try await scene(kind, door))
            let reply = try await door.send(
                try #require(HTTPRequest.Method(rawValue: transcript.method)), transcript.target,
                Array(transcript.body.utf8), headers: ["Content-Type": "application/json"])
            #expect(reply.status == transcript.status, "\(String(decoding: reply.bytes, as: UTF8.self))")
            guard !transcript.answer.isEmpty else {
                #expect(reply.bytes.isEmpty)
                return
            }
            #expect(reply.type == transcript.type)
            var comparison = TranscriptComparison(transcript)
            comparison.compare(
                try Value.json(ByteBuffer(string: transcript.answer)), try #require(reply.json))
            #expect(comparison.differences == [])
        }
    }

    @Test(
        "a route is answered as the page prints it, for every kind", arguments: ofEveryKind,
        ["leads", "contacts", "companies", "customers"])
    func route(name: String, kind: String) async throws { try await check(name, kind, .sqlite) }

    @Test("and on PostgreSQL", arguments: ofEveryKind)
    func postgres(name: String) async throws { try await check(name, "leads", .postgres) }

    @Test(
        "the model of each kind is whole", arguments: Engine.allCases, ["leads", "contacts", "companies", "customers"])
    func model(engine: Engine, kind: String) async throws { try await check(kind + "-get", kind, engine) }

    @Test("the account and its users", arguments: Engine.allCases, ["account", "users-list", "user-get"])
    func account(engine: Engine, name: String) async throws { try await check(name, "leads", engine) }
}
