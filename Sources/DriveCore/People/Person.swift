/// Somebody who works with the drive.
package struct Person: Sendable, Hashable {
    package typealias ID = Identifier<Person>

    package let id: ID
    package var login: String
    package var email: String
    package var name: String
    package var lastName: String
    package var workPosition: String
    /// `M`, `F` or empty.
    package var gender: String
    /// IANA name; empty: the account's.
    package var timeZone: String
    package var isAdministrator: Bool
    package var isActive: Bool
    package var departments: [Int64]
    package let createdMs: Int64

    /// Name and last name, or the login when both are empty.
    package var fullName: String { Self.fullName(name, lastName, login: login) }

    static func fullName(_ name: String, _ lastName: String, login: String) -> String {
        let full = [name, lastName].filter { !$0.isEmpty }.joined(separator: " ")
        return full.isEmpty ? login : full
    }
}

/// What a new person is made of.
package struct NewPerson: Sendable {
    package var login: String
    package var email = ""
    package var name = ""
    package var lastName = ""
    package var workPosition = ""
    package var gender = ""
    package var timeZone = ""
    package var isAdministrator = false
    package var departments: [Int64] = [1]
    /// Kept as a slow hash; nil: the person cannot sign in with a password.
    package var password: String?

    package init(login: String) { self.login = login }
}

/// A program that acts for people, with a client id and a secret.
package struct Application: Sendable, Hashable {
    package typealias ID = Identifier<Application>

    package let id: ID
    package let clientID: String
    package let title: String
    package let scopes: Set<String>
    package let redirectURI: String
    package let createdMs: Int64
    package let isRevoked: Bool
    /// The only people who may use it; nil: everybody may.
    package let people: Set<Person.ID>?
}

/// An incoming webhook or an access token, without its secret.
package struct Credential: Sendable, Hashable {
    package typealias ID = Identifier<Credential>
    package enum Kind: String, Sendable { case webhook, bitrix24, amocrm }

    package let id: ID
    package let kind: Kind
    package let person: Person.ID
    package let application: Application.ID?
    package let title: String
    package let scopes: Set<String>
    package let createdMs: Int64
    package let expiresMs: Int64?
    package let isRevoked: Bool
}

/// What authenticating a credential yields.
package struct Grant: Sendable {
    package internal(set) var caller: Caller
    package let credential: Credential
    package var scopes: Set<String> { credential.scopes }
}
