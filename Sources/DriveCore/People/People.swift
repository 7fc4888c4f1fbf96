extension Drive {
    /// A new person with a personal drive.
    /// - Throws: `.taken` when the login is, `.invalidValue`, `.denied` when `caller` is no administrator.
    package func addPerson(_ new: NewPerson, as caller: Caller) async throws -> Person { throw Unbuilt() }

    /// - Throws: `.notFound(.person)`.
    package func person(_ id: Person.ID) async throws -> Person { throw Unbuilt() }

    package func people(_ listing: Listing<PersonField>) async throws -> Page<Person> { throw Unbuilt() }
}
