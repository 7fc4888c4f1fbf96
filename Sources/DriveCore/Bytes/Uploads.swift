import NIOCore

/// An upload in parts (amoCRM session).
package struct Upload: Sendable, Hashable {
    package typealias ID = Identifier<Upload>

    package let id: ID
    package let person: Person.ID
    package let fileName: String
    package let sizeBytes: Int64
    package let receivedBytes: Int64
    /// Number of the part expected next, from 1.
    package let nextPart: Int64
    package let expiresMs: Int64
}

/// What an upload is opened with.
package struct NewUpload: Sendable {
    package let name: FileName
    package let sizeBytes: Int64
    package var mediaType = ""
    /// Give this file a new version; nil: make a new file in *CRM files*.
    package var fileUUID: String?
    package var wantsPreview = false

    package init(name: FileName, sizeBytes: Int64) {
        self.name = name
        self.sizeBytes = sizeBytes
    }
}

/// What receiving a part led to.
package enum PartOutcome: Sendable {
    /// Send part number `Upload.nextPart` next.
    case more(Upload)
    /// That was the last one.
    case finished(Node, Upload)
}

/// Running digests of open uploads, so that finishing hashes nothing again. Lost on restart and made again then.
actor UploadDigests {}

extension Drive {
    /// Opens an upload. Needs add on *CRM files*, or edit on the file that gets the version.
    /// - Throws: `.tooLarge`, `.noSpace`, `.notFound(.file)` when the file is unknown or trashed, `.denied`.
    package func openUpload(_ new: NewUpload, as caller: Caller) async throws -> Upload { throw Unbuilt() }

    /// - Throws: `.upload(.gone)` when unknown or expired.
    package func upload(_ id: Upload.ID) async throws -> Upload { throw Unbuilt() }

    /// Receives part number `number`: all of `body`, or nothing. Durable when it returns.
    ///
    /// A part already received is compared: equal bytes get the first answer again, others `.upload(.differs)`.
    /// Two requests for one upload follow one another.
    /// - Throws: `.upload`; whatever `body` throws (the part is forgotten then); `.noSpace`.
    package func receivePart<Body: AsyncSequence & Sendable>(
        _ number: Int64, of id: Upload.ID, body: Body
    ) async throws -> PartOutcome where Body.Element == ByteBuffer { throw Unbuilt() }

    /// Forgets uploads past their lifetime and staging areas nothing points at.
    /// - Returns: how many uploads were forgotten.
    @discardableResult
    package func sweepUploads() async throws -> Int { throw Unbuilt() }
}
