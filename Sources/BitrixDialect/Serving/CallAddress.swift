import HTTPEdge

/// What a path under `/rest` asks for.
enum CallAddress: Equatable, Sendable {
    enum Format: Sendable { case json, xml }
    /// What the path itself shows for a credential.
    enum Credential: Equatable, Sendable {
        case webhook(person: String, code: String)
        /// In the parameter `auth` or the `Authorization` header.
        case token
    }

    case method(String, Format, Credential)
    case upload
    case download
    /// `/bitrix/tools/disk/uf.php`
    case attachedFile

    static let attachedFilePath = "/bitrix/tools/disk/uf.php"

    /// - Parameter path: still percent-encoded. Empty segments count for nothing: SDKs double and trail slashes.
    /// - Returns: nil for a path with a broken escape.
    init?(path: String) {
        guard var segments = path.pathSegments() else { return nil }
        if segments.first == "bitrix" {
            self = .attachedFile
            return
        }
        if !segments.isEmpty { segments.removeFirst() }
        // REST 3.0 is not spoken: its addresses lead to no method, once the credential in them was checked.
        let isThird = segments.first?.lowercased() == "api" && segments.count > 1
        if isThird { segments.removeFirst() }
        var (name, format) = Self.split(segments.last ?? "")
        if isThird { name = "api/" + name }
        switch segments.count {
        case 0, 1:
            switch name.lowercased() {
            case "upload": self = .upload
            case "download": self = .download
            default: self = .method(name, format, .token)
            }
        case 2 where segments[0].allSatisfy(\.isNumber):
            // A webhook's own address, with no method on it.
            self = .method("", .json, .webhook(person: segments[0], code: segments[1]))
        case 3: self = .method(name, format, .webhook(person: segments[0], code: segments[1]))
        default: self = .method(segments.joined(separator: "/"), format, .token)
        }
    }

    /// A method's name without the suffix that says in which format it answers.
    static func split(_ name: String) -> (name: String, format: Format) {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return (name, .json) }
        switch name[dot...].lowercased() {
        case ".json": return (String(name[..<dot]), .json)
        case ".xml": return (String(name[..<dot]), .xml)
        default: return (name, .json)
        }
    }
}
