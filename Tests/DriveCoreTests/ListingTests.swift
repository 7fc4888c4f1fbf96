import Foundation
import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Listings")
struct ListingTests {
    /// Another seed: `DOSSIER_TEST_SEED=123`.
    private static var seed: UInt64 {
        ProcessInfo.processInfo.environment["DOSSIER_TEST_SEED"].flatMap { UInt64($0) }
            ?? UInt64.random(in: 0...UInt64.max)
    }

    @Test("any listing gives the rows, total and order of a naive filter", arguments: Engine.allCases)
    func likeNaive(engine: Engine) async throws {
        let seed = Self.seed
        try await withDrive(engine) { drive, _ in
            let places = try await drive.database.read { tx in
                (
                    try tx.rows("SELECT id FROM storage ORDER BY id").map { try $0.int(0) },
                    try tx.rows("SELECT id FROM node ORDER BY id").map { try $0.int(0) }
                )
            }
            var random = ListingRandom(
                random: SeededGenerator(state: seed), storages: places.0, parents: places.1)
            let made = (0..<60).map { random.row(Int64($0)) }
            let rows = try await drive.database.write { tx in try made.map { try tx.insert($0) } }
            let first = try #require(rows.first?.id)

            for number in 0..<400 {
                let listing = random.listing()
                let expected = listing.naive(rows)
                let page = try await drive.database.read { tx in
                    try tx.page(
                        listing, columns: "n.id", from: "node n", where: "n.id >= \(first)", id: "n.id",
                        read: { try $0.int(0) })
                }
                let told: Comment = "seed \(seed), listing \(number): \(String(describing: listing))"
                guard page.rows == expected.ids, page.hasMore == expected.hasMore,
                    page.total == (listing.wantsTotal ? expected.total : nil)
                else {
                    Issue.record(
                        "\(told.rawValue)\nfound \(page)\nexpected \(expected)"
                    )
                    return
                }
            }
        }
    }

    @Test("a value of the wrong kind, and an order by what has none, are refused by name", arguments: Engine.allCases)
    func refusals(engine: Engine) async throws {
        let wrong: [(Listing<NodeField>, String)] = [
            (Listing(conditions: [.equals(.size, .text("big"))]), "size"),
            (Listing(conditions: [.oneOf(.name, [.text("a"), .integer(1)])]), "name"),
            (Listing(conditions: [.any([.less(.code, .integer(1))])]), "code"),
            (Listing(conditions: [.equals(.name, .text("a\u{0}b"))]), "name"),
            (Listing(conditions: [.contains(.name, "\u{0}")]), "name"),
            (Listing(order: [.init(.stem)]), "stem"),
            (Listing(order: [.init(.linkedEntityName)]), "linkedEntityName"),
        ]
        try await withDrive(engine) { drive, _ in
            for (listing, field) in wrong {
                await #expect(throws: DriveError.invalidListing(field: field)) {
                    _ = try await drive.accountFiles(listing, as: .system)
                }
            }
        }
    }
}

extension Transaction {
    /// - Returns: the row with its id.
    func insert(_ row: ListedRow) throws -> ListedRow {
        var row = row
        row.id = try int(
            """
            INSERT INTO node (uuid, storage_id, parent_id, kind, name, name_fold, name_key, code, equal_names,
                deleted_type, created_ms, updated_ms, deleted_ms, created_by, updated_by, deleted_by, version_id,
                content_number, version_count, size_bytes, extension, media_type, source_id)
            VALUES (\(row.uuid), \(row.storage), \(row.parent), \(row.kind), \(row.name.text), \(row.name.folded),
                NULL, \(row.code), 0, \(row.deletion), \(row.created), \(row.updated), \(row.deleted), \(row.createdBy),
                \(row.updatedBy), \(row.deletedBy), 0, \(row.contentNumber), 1, \(row.size), \(row.name.fileExtension),
                '', \(row.sourceID))
            RETURNING id
            """)
        for name in row.entities {
            let entity = try int(
                """
                INSERT INTO entity (kind, name, name_fold, first_name, last_name, price, status_id, pipeline_id,
                    responsible_id, group_id, created_by, updated_by, created_ms, updated_ms, is_deleted)
                VALUES ('leads', \(name), \(FileName.fold(name)), '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) RETURNING id
                """)
            try run(
                "INSERT INTO entity_link (entity_id, node_id, created_ms, created_by) VALUES (\(entity), \(row.id), 0, 0)"
            )
        }
        return row
    }
}
