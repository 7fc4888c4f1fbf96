import SQLStore

/// Who an operation acts for. Made by authenticating a credential; commands use `.system`.
package struct Caller: Sendable, Equatable {
    /// The person; 0 for the system itself.
    package let person: Person.ID
    package let isAdministrator: Bool
    /// The application whose token it is; nil for a webhook and for the system.
    package let application: Application.ID?
    /// Departments of the person, for rights given to departments.
    package let departments: [Int64]
    /// Sees and may do everything: maintenance commands only, never a request.
    package let isSystem: Bool
    /// The snapshot of the database it was let in on, for what it reads next. Says nothing of who it is.
    var snapshot: SnapshotName?

    package init(
        person: Person.ID, isAdministrator: Bool, application: Application.ID? = nil, departments: [Int64] = []
    ) {
        self.person = person
        self.isAdministrator = isAdministrator
        self.application = application
        self.departments = departments
        isSystem = false
    }

    private init() {
        person = Person.ID(0)
        isAdministrator = true
        application = nil
        departments = []
        isSystem = true
    }

    package static let system = Caller()

    package static func == (left: Caller, right: Caller) -> Bool {
        left.person == right.person && left.isAdministrator == right.isAdministrator
            && left.application == right.application && left.departments == right.departments
            && left.isSystem == right.isSystem
    }
}
