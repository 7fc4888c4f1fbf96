import DriveCore
import HTTPEdge

/// What the pages of consent must know of a dialect.
package struct AuthorizationDoor: Sendable {
    /// What a dialect makes an address of.
    package struct Ask: Sendable {
        package let application: Application
        /// As the application sent it; nil when it sent none.
        package let state: String?
        /// As in `EdgeRequest.origin`.
        package let origin: String
    }

    /// Where the page is, without the slash at the end that clients may add.
    let path: String
    let terms: ConsentTerms
    /// A scope in plain words, as what an application may do.
    let words: @Sendable (_ scope: String) -> String
    /// Where the browser is sent with the code.
    let granted: @Sendable (_ code: String, _ scopes: Set<String>, Ask) -> String
    /// Where it is sent after a refusal; nil: a page of our own says it.
    let refused: (@Sendable (Ask) -> String)?

    package init(
        path: String, terms: ConsentTerms, words: @escaping @Sendable (_ scope: String) -> String,
        granted: @escaping @Sendable (_ code: String, _ scopes: Set<String>, Ask) -> String,
        refused: (@Sendable (Ask) -> String)? = nil
    ) {
        self.path = path
        self.terms = terms
        self.words = words
        self.granted = granted
        self.refused = refused
    }

    func isAt(_ path: String) -> Bool { path == self.path || path == self.path + "/" }
}
