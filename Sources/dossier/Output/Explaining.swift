import BlobStorage
import DriveCore
import SQLStore

extension Complaint {
    /// The same failure in words for the person at the keyboard.
    init(explaining error: any Error) {
        switch error {
        case let error as Complaint: self = error
        case let error as DriveError: self.init(Self.words(for: error))
        case SQLError.unavailable(let message): self.init("the database cannot be reached: \(message)")
        case SQLError.full: self.init("the disk or the database is full")
        case SQLError.failed(let message): self.init("the database refused: \(message)")
        case BlobError.failed(let message): self.init("the blob storage refused: \(message)")
        case BlobError.full: self.init("the disk is full")
        default: self.init("\(error)")
        }
    }

    private static func words(for error: DriveError) -> String {
        switch error {
        case .taken(let what): "this \(what) is taken"
        case .invalidValue(let what): "this \(what) cannot be used"
        case .notFound(.node(let id)): "there is no file or folder \(id), or it is in the trash"
        case .notFound(.person(let id)): "there is no user \(id)"
        case .notFound(.application): "there is no such application, or it was revoked"
        default: "\(error)"
        }
    }
}
