import ArgumentParser
import DriveCore
import SQLStore

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database's schema up to date.",
        discussion: "`dossier serve` does the same at every start. Stop the server first.")

    @OptionGroup(title: "Data") var data: DataOptions

    func run() async throws {
        do {
            let settings = try await Settings(data)
            try DurableFile.makeFolder(settings.data)
            let lock = try FolderLock(path: settings.data + "/lock", isExclusive: true)
            let database = try await settings.database.open(log: settings.logger())
            do {
                let steps = try await Schema.migrator.migrate(database)
                for step in steps { say("applied step \(step.number), \(step.name)") }
                say("the schema is at version \(Schema.migrator.latest)")
                await database.close()
            } catch {
                await database.close()
                throw error
            }
            withExtendedLifetime(lock) {}
        } catch { throw Complaint(explaining: error) }
    }
}
