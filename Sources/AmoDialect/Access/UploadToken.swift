import DriveCore
import JWTKit

/// The last segment of an upload URL: names one part of one upload and is all the right that part needs.
struct UploadToken: JWTPayload, Equatable {
    let exp: Int64
    let iat: Int64
    let nbf: Int64
    let accountID: Int64
    let sessionID: Int64
    let userID: Int64
    let userType: String
    /// From 1.
    let partNumber: Int64

    enum CodingKeys: String, CodingKey {
        case exp, iat, nbf
        case accountID = "account_id"
        case sessionID = "session_id"
        case userID = "user_id"
        case userType = "user_type"
        case partNumber = "part_num"
    }

    func verify(using algorithm: some JWTAlgorithm) async throws {}

    /// The same text for the same part, whenever it is made.
    static func text(part: Int64, of upload: Upload, in drive: Drive) throws -> String {
        let openedMs = upload.expiresMs - drive.settings.uploadLifetimeMs
        let token = UploadToken(
            exp: upload.expiresMs / 1000, iat: openedMs / 1000, nbf: openedMs / 1000, accountID: drive.account.id,
            sessionID: upload.id.rawValue, userID: upload.person.rawValue, userType: "internal", partNumber: part)
        return try Signing.text(of: token, account: drive.account, for: .upload)
    }

    /// - Throws: `DriveError.upload(.gone)` when the text is not a token of this account, or past its time.
    static func read(_ text: String, in drive: Drive) async throws -> UploadToken {
        let keys = await Signing.keys(of: drive.account, for: .upload)
        guard
            text.utf8.count < 4096, let token = try? await keys.verify(text, as: UploadToken.self),
            token.accountID == drive.account.id, token.exp > drive.now() / 1000, token.partNumber >= 1
        else { throw DriveError.upload(.gone) }
        return token
    }

    /// Where part number `part` goes.
    static func url(part: Int64, of upload: Upload, in drive: Drive, origin: String) throws -> String {
        origin + "/v1.0/sessions/upload/" + (try text(part: part, of: upload, in: drive))
    }
}
