import ArgumentParser

@main
struct Dossier: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dossier",
        abstract: "A file service of your own that answers Bitrix24's file methods and amoCRM's Files API.",
        discussion: """
            Start with `dossier serve`. The first start in an empty data folder makes the account, prints its secrets \
            once and writes them to credentials.json in that folder.

            Every option can also be given as an environment variable (--public-url is DOSSIER_PUBLIC_URL) or in a JSON \
            file of option names and values (--config). An option wins over the environment, the environment over the \
            file.
            """,
        version: version,
        subcommands: [
            Serve.self, UserCommand.self, WebhookCommand.self, TokenCommand.self, ApplicationCommand.self,
            LinkCommand.self, PortalCommand.self, TrashCommand.self, CollectGarbage.self, Migrate.self, Check.self,
            Compatibility.self,
        ]
    )

    static let version = "0.1.0"
}
