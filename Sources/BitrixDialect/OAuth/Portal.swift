import DriveCore

/// How this server names itself to applications.
enum Portal {
    /// Host and port without a scheme.
    /// - Parameter origin: as in `EdgeRequest.origin`.
    static func host(of origin: String) -> String { origin.split(separator: "/").last.map(String.init) ?? origin }

    /// 32 hexadecimal digits, the same for the account's whole life.
    static func memberID(of account: Account) -> String { account.uuid.filter { $0 != "-" } }

    static func text(of scopes: Set<String>) -> String { scopes.sorted().joined(separator: ",") }
}
