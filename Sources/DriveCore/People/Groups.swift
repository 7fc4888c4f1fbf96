import SQLStore

/// A workgroup: people who share a drive.
package struct Group: Sendable, Hashable {
    package typealias ID = Identifier<Group>

    package let id: ID
    package let name: String
    package let owner: Person.ID
    package let storage: Storage.ID
}

extension Drive {
    /// The workgroups a person belongs to or owns, by id.
    package func groups(of person: Person.ID) async throws -> [Group.ID] {
        try await database.read { tx in
            try tx.rows(
                """
                SELECT group_id FROM work_group_member WHERE person_id = \(person)
                UNION SELECT id FROM work_group WHERE owner_id = \(person) ORDER BY 1
                """
            ).map { Group.ID(try $0.int(0)) }
        }
    }

    /// A new workgroup with its drive. The owner gets full access, members may edit.
    /// - Throws: `.denied` when `caller` is no administrator, `.invalidName`, `.notFound(.person)`.
    package func addGroup(
        named name: String, owner: Person.ID, members: [Person.ID] = [], as caller: Caller
    ) async throws -> Group {
        guard caller.isAdministrator else { throw DriveError.denied(.person(owner)) }
        let (name, now) = (try FileName(name).text, now())
        return try await database.write { tx in
            for person in Set(members + [owner]) {
                guard try tx.exists("SELECT 1 FROM person WHERE id = \(person)") else {
                    throw DriveError.notFound(.person(person))
                }
            }
            let id = Group.ID(
                try tx.int("INSERT INTO work_group (name, owner_id) VALUES (\(name), \(owner)) RETURNING id"))
            for person in Set(members).subtracting([owner]) {
                try tx.run("INSERT INTO work_group_member (group_id, person_id) VALUES (\(id), \(person))")
            }
            let storage = try tx.insertStorage(
                kind: .group, ownerID: id.rawValue, name: name, by: owner, atMs: now)
            return Group(id: id, name: name, owner: owner, storage: storage.id)
        }
    }
}
