import Foundation

extension NewPerson {
    /// Longest text of a person's field, in UTF-8 bytes.
    static let maxBytes = 255
    static let maxDepartments = 100

    /// The same person with spaces around the texts cut off.
    /// - Throws: `.invalidValue` naming the first field that cannot be.
    func checked() throws -> NewPerson {
        var new = self
        new.login = Self.trimmed(login)
        new.email = Self.trimmed(email)
        new.name = Self.trimmed(name)
        new.lastName = Self.trimmed(lastName)
        new.workPosition = Self.trimmed(workPosition)
        let texts = [
            ("login", new.login), ("email", new.email), ("name", new.name), ("last name", new.lastName),
            ("work position", new.workPosition),
        ]
        for (field, text) in texts where text.utf8.count > Self.maxBytes || Self.hasControls(text) {
            throw DriveError.invalidValue(field)
        }
        // A login or an address has no space in it; who types one has typed something else.
        if new.login.isEmpty || new.login.contains(where: \.isWhitespace) { throw DriveError.invalidValue("login") }
        if !new.email.isEmpty, !Self.isAddress(new.email) { throw DriveError.invalidValue("email") }
        if !["", "M", "F"].contains(gender) { throw DriveError.invalidValue("gender") }
        if !timeZone.isEmpty { try Self.check(timeZone: timeZone) }
        if departments.count > Self.maxDepartments || departments.contains(where: { $0 < 1 }) {
            throw DriveError.invalidValue("departments")
        }
        if let password { try Self.check(password: password) }
        return new
    }

    static func check(password: String) throws {
        guard PasswordHash.length.contains(password.utf8.count) else { throw DriveError.invalidValue("password") }
    }

    /// - Throws: `.invalidValue` when there is no such IANA zone.
    static func check(timeZone: String) throws {
        guard timeZone.utf8.count <= 64, !hasControls(timeZone), TimeZone(identifier: timeZone) != nil else {
            throw DriveError.invalidValue("time zone")
        }
    }

    private static func isAddress(_ text: String) -> Bool {
        let sides = text.split(separator: "@", omittingEmptySubsequences: false)
        return sides.count == 2 && sides.allSatisfy { !$0.isEmpty } && !text.contains(where: \.isWhitespace)
    }

    private static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespaces) }

    private static func hasControls(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
    }
}
