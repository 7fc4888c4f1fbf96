import ArgumentParser
import DriveCore

struct LinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Create, list, change and revoke public links.",
        discussion: """
            A public link lets whoever has its address read a file, or a folder and all below it, without signing in. \
            Links made by disk.file.getExternalLink and disk.folder.getExternalLink are among them.
            """,
        subcommands: [Create.self, List.self, Change.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a public link; prints its address, which is shown this once.")

        @Argument(help: "Id of the file or folder, as the Bitrix24 methods show it.") var node: Int64
        @OptionGroup var password: PasswordInput
        @Option(help: ArgumentHelp("How long it works, such as 7d. (default: until revoked)", valueName: "time"))
        var expires: TimeSpan?
        @Option(
            help: ArgumentHelp(
                "How many downloads it allows, of all files of a folder together. (default: any number)",
                valueName: "count"))
        var maxDownloads: Int64?
        @Option(help: ArgumentHelp("What the printed address begins with.", valueName: "url")) var publicUrl: String?
        @OptionGroup(title: "Data") var data: DataOptions

        func run() async throws {
            let settings = try await Settings(data)
            let origin = try ServeSettings.origin(publicURL: publicUrl, settings)
            let password = try password.read()
            let code = try await House.with(settings) { drive in
                let terms = PublicLinkTerms(
                    password: password, expiresMs: expires.map { $0.end(from: drive.now()) }, maxDownloads: maxDownloads
                )
                return try await drive.createPublicLink(to: Node.ID(node), terms, as: .system).code
            }
            say("\(origin)/~\(code)")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List every public link, without its address.")
        @OptionGroup(title: "Data") var data: DataOptions

        func run() async throws {
            var table = TextTable(
                "ID", "NODE", "NAME", "USER", "CREATED", "EXPIRES", "PASSWORD", "DOWNLOADS", "LIMIT", "STATE")
            try await House.with(try await Settings(data)) { drive in
                for link in try await drive.publicLinks() {
                    table.rows.append([
                        link.id.description, link.node.description, link.name, link.createdBy.description,
                        instant(link.createdMs), link.expiresMs.map(instant) ?? "never",
                        link.passwordMark == nil ? "no" : "yes", String(link.downloads),
                        link.maxDownloads.map { String($0) } ?? "none", state(of: link, atMs: drive.now()),
                    ])
                }
            }
            say(table.text)
        }

        private func state(of link: PublicLink, atMs now: Int64) -> String {
            if link.isRevoked { return "revoked" }
            if link.isExpired(atMs: now) { return "expired" }
            if link.isUsedUp { return "used up" }
            return link.isTrashed ? "in the trash" : "active"
        }
    }

    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Change what a public link asks and how long it works. Its address stays.")

        @Argument(help: "The link's id, as `dossier link list` shows it.") var id: Int64
        @OptionGroup var password: PasswordInput
        @Flag(help: "Ask for no password any more.") var noPassword = false
        @Option(help: ArgumentHelp("How long it works from now on, such as 7d.", valueName: "time"))
        var expires: TimeSpan?
        @Flag(help: "Let it work until it is revoked.") var noExpiry = false
        @Option(
            help: ArgumentHelp("How many downloads it allows, those counted so far included.", valueName: "count"))
        var maxDownloads: Int64?
        @Flag(help: "Allow any number of downloads.") var noLimit = false
        @OptionGroup(title: "Data") var data: DataOptions

        func validate() throws {
            if password.passwordStdin, noPassword {
                throw ValidationError("--password-stdin and --no-password exclude each other")
            }
            if expires != nil, noExpiry { throw ValidationError("--expires and --no-expiry exclude each other") }
            if maxDownloads != nil, noLimit {
                throw ValidationError("--max-downloads and --no-limit exclude each other")
            }
            let isEmpty =
                !password.passwordStdin && !noPassword && expires == nil && !noExpiry && maxDownloads == nil && !noLimit
            if isEmpty { throw ValidationError("Nothing is to be changed.") }
        }

        func run() async throws {
            var changes = PublicLinkChanges()
            if let text = try password.read() { changes.password = .set(text) }
            if noPassword { changes.password = .clear }
            if noExpiry { changes.expiresMs = .clear }
            if let maxDownloads { changes.maxDownloads = .set(maxDownloads) }
            if noLimit { changes.maxDownloads = .clear }
            try await House.with(try await Settings(data)) { [changes] drive in
                var changes = changes
                if let expires { changes.expiresMs = .set(expires.end(from: drive.now())) }
                guard try await drive.changePublicLink(PublicLink.ID(id), changes) != nil else {
                    throw Complaint("there is none with id \(id), or it was revoked")
                }
            }
            say("changed")
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a public link for good.")
        @Argument(help: "The link's id, as `dossier link list` shows it.") var id: Int64
        @OptionGroup(title: "Data") var data: DataOptions

        func run() async throws {
            try await House.with(try await Settings(data)) { drive in
                guard try await drive.revokePublicLink(PublicLink.ID(id)) else {
                    throw Complaint("there is none with id \(id)")
                }
            }
            say("revoked")
        }
    }

    struct PasswordInput: ParsableArguments {
        @Flag(help: "Ask visitors for a password, 8 bytes at least, read from the first line of standard input.")
        var passwordStdin = false

        /// Nil when none is to be read.
        func read() throws -> String? {
            guard passwordStdin else { return nil }
            guard let line = readLine() else { throw Complaint("there is no password on standard input") }
            return line
        }
    }
}

extension TimeSpan {
    /// Milliseconds since 1970; a time too far away to be meant stays too far away, without an overflow.
    fileprivate func end(from now: Int64) -> Int64 { now + min(seconds, 1 << 40) * 1000 }
}
