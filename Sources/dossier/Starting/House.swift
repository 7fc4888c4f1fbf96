import BlobStorage
import DriveCore
import Foundation
import Logging
import SQLStore

/// A data folder with its database and blobs, open.
struct House: Sendable {
    let drive: Drive
    let log: Logger
    private let locks: [FolderLock]

    /// How a command means to use the data.
    enum Use {
        /// Serves it: makes what is missing, keeps other servers of an embedded database out.
        case serving(Drive.Settings, timeZone: String)
        /// Works on an account that is there, beside a server or without one.
        case visiting
        /// Works on an account that is there, alone.
        case alone
    }

    /// Opens the data.
    /// - Throws: `Complaint`; `NewerSchema`; `SQLError` and `BlobError` of the stores.
    static func open(_ settings: Settings, for use: Use) async throws -> House {
        // What is made from here on, the database first of all, is nobody else's to read.
        umask(0o077)
        let log = settings.logger()
        var timeZone = "UTC"
        var driveSettings = Drive.Settings()
        switch use {
        case .serving(let given, let zone):
            (driveSettings, timeZone) = (given, zone)
            try DurableFile.makeFolder(settings.data)
        case .visiting, .alone:
            if case .sqlite(let path) = settings.database, !FileManager.default.fileExists(atPath: path) {
                throw Complaint("there is no account in \(settings.data) yet: start `dossier serve` once")
            }
        }
        let locks = try locks(settings, use)
        let database = try await settings.database.open(log: log)
        do {
            switch use {
            case .serving: try await migrate(database, log)
            case .visiting, .alone:
                let version: Int64
                do { version = try await Schema.migrator.version(of: database) } catch SQLError.failed {
                    throw Complaint("there is no account in this database yet: start `dossier serve` once")
                }
                if version < Schema.migrator.latest {
                    throw Complaint("the database is older than this program: run `dossier migrate`")
                }
                if version > Schema.migrator.latest {
                    throw NewerSchema(found: version, known: Schema.migrator.latest)
                }
            }
            let (account, _) = try await Account.open(in: database, timeZone: timeZone, now: milliseconds)
            try DurableFile.makeFolder(settings.blobs)
            let blobs = try DiskStore(root: settings.blobs, log: log)
            let drive = Drive(
                database: database, blobs: blobs, settings: driveSettings, account: account, log: log,
                now: milliseconds)
            return House(drive: drive, log: log, locks: locks)
        } catch {
            await database.close()
            throw error
        }
    }

    func close() async { await drive.database.close() }

    /// Opens the data, hands the drive to `body`, closes.
    static func with<Result>(
        _ settings: Settings, for use: Use = .visiting, _ body: (Drive) async throws -> Result
    ) async throws -> Result {
        do {
            let house = try await open(settings, for: use)
            do {
                let result = try await body(house.drive)
                await house.close()
                return result
            } catch {
                await house.close()
                throw error
            }
        } catch { throw Complaint(explaining: error) }
    }

    /// True when nobody serves this data at the moment.
    static func isIdle(_ settings: Settings) -> Bool {
        do {
            _ = try locks(settings, .alone)
            return true
        } catch { return false }
    }

    private static func locks(_ settings: Settings, _ use: Use) throws -> [FolderLock] {
        if case .visiting = use { return [] }
        try DurableFile.makeFolder(settings.data)
        guard case .sqlite(let path) = settings.database else {
            // Servers share a PostgreSQL database; whoever wants to be alone still finds them out.
            var isExclusive = false
            if case .alone = use { isExclusive = true }
            return [try FolderLock(path: settings.data + "/lock", isExclusive: isExclusive)]
        }
        let folder = try FolderLock(path: settings.data + "/lock", isExclusive: true)
        let isInside = path == settings.data + "/dossier.sqlite"
        return isInside ? [folder] : [folder, try FolderLock(path: path + ".lock", isExclusive: true)]
    }

    /// Two servers may start at once on one PostgreSQL database; the one that comes second finds the work done.
    static func migrate(_ database: any Database, _ log: Logger) async throws {
        for attempt in 1... {
            do {
                for step in try await Schema.migrator.migrate(database) {
                    log.info("schema step applied", metadata: ["number": "\(step.number)", "name": "\(step.name)"])
                }
                return
            } catch let error as SQLError where attempt < 5 {
                log.debug("schema step failed, trying again", metadata: ["error": "\(error)"])
                try await Task.sleep(for: .milliseconds(200 * attempt))
            }
        }
    }

    static let milliseconds: @Sendable () -> Int64 = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
