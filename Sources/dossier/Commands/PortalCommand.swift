import ArgumentParser
import DriveCore

struct PortalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "portal", abstract: "Show or change what the Bitrix24 door answers to everybody.",
        discussion: """
            For maintenance, and to see how an integration takes it. `open` serves; `closed` answers every call with 500 \
            PORTAL_DELETED, `overloaded` with 503 OVERLOAD_LIMIT, `unpaid` with 403 ACCESS_DENIED. A running server \
            notices within a second; links and uploads under way go on.
            """)

    @Argument(help: "open, closed, overloaded or unpaid; without it the state is shown.") var state: PortalState?
    @OptionGroup(title: "Data") var data: DataOptions

    func run() async throws {
        say(
            try await House.with(try await Settings(data)) { drive in
                if let state { try await drive.setPortalState(state) }
                return try await drive.portalState()
            }.rawValue)
    }
}

extension PortalState: ExpressibleByArgument {}
