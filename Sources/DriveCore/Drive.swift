import BlobStorage
import Logging
import SQLStore

/// The product: every rule, over one database and one blob store. Operations are extensions in the folders beside
/// this file; each is one function and one transaction.
package final class Drive: Sendable {
    package let database: any Database
    package let blobs: any BlobStore
    package let settings: Settings
    package let account: Account
    /// Milliseconds since 1970; an argument, so that tests own the time.
    package let now: @Sendable () -> Int64
    package let log: Logger
    let uploadDigests: UploadDigests

    package init(
        database: any Database,
        blobs: any BlobStore,
        settings: Settings = Settings(),
        account: Account,
        log: Logger,
        now: @escaping @Sendable () -> Int64
    ) {
        self.database = database
        self.blobs = blobs
        self.settings = settings
        self.account = account
        self.log = log
        self.now = now
        uploadDigests = UploadDigests()
    }

    /// What an administrator may set. Sizes in bytes.
    package struct Settings: Sendable {
        /// Largest file an upload in parts may declare (vendor page: 314572800).
        package var maxFileSize: Int64 = 314_572_800
        /// Largest part (vendor page: 524288).
        package var maxPartSize: Int64 = 524_288
        /// How long an upload stays open (vendor: 24 h).
        package var uploadLifetimeMs: Int64 = 24 * 3600 * 1000
        /// How long a download or upload link works.
        package var linkLifetimeMs: Int64 = 3600 * 1000
        /// Limit on the bytes of all versions together and of open uploads; nil: none.
        package var storageLimit: Int64?
        /// How long the trash keeps what was thrown away (both vendors: 30 days); nil: for ever.
        package var trashLifetimeMs: Int64? = 30 * 24 * 3600 * 1000
        /// How long nothing must have pointed at bytes before they are removed; longer than any request.
        package var garbageGraceMs: Int64 = 24 * 3600 * 1000
        /// How much previews may take altogether, beside the storage limit; the oldest go when it is used up.
        package var previewBudget: Int64 = 1 << 30
        /// Contents larger than this get no previews (the largest upload of the vendor page: 314572800).
        package var previewSourceLimit: Int64 = 314_572_800

        package init() {}
    }

    /// Reads for somebody, from the snapshot they were let in on while that is open.
    func read<Result: Sendable>(
        as caller: Caller, _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result { try await database.read(from: caller.snapshot, body) }

    /// Contents up to this many bytes live in the database row, so that they share its commit.
    package static let smallContentLimit = 32 * 1024
}

/// What is fixed about the account when its data folder is first used.
package struct Account: Sendable {
    /// amoCRM's account id.
    package let id: Int64
    /// Part of every amoCRM download link; random, constant.
    package let uuid: String
    package let name: String
    package let subdomain: String
    package let createdMs: Int64
    /// IANA name; date presets and bare dates are read in it.
    package let timeZone: String
    /// Key of every signed link and token, 32 random bytes.
    package let signingKey: [UInt8]
    package let commonStorage: Storage.ID
    /// The folder *CRM files* in the common drive, where amoCRM uploads land; equal names are allowed there.
    package let crmFolder: Node.ID

    package init(
        id: Int64, uuid: String, name: String, subdomain: String, createdMs: Int64, timeZone: String,
        signingKey: [UInt8], commonStorage: Storage.ID, crmFolder: Node.ID
    ) {
        self.id = id
        self.uuid = uuid
        self.name = name
        self.subdomain = subdomain
        self.createdMs = createdMs
        self.timeZone = timeZone
        self.signingKey = signingKey
        self.commonStorage = commonStorage
        self.crmFolder = crmFolder
    }
}
