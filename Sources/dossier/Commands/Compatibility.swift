import AmoDialect
import ArgumentParser
import BitrixDialect

/// Prints what `docs/compat/` keeps.
struct Compatibility: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the table of every vendor method and its state here.", shouldDisplay: false)

    enum Dialect: String, ExpressibleByArgument, CaseIterable { case bitrix24, amocrm }

    @Argument(help: "bitrix24 or amocrm") var dialect: Dialect

    func run() {
        switch dialect {
        case .bitrix24: say(Coverage.table())
        case .amocrm: say(AmoSurface.coverageTable())
        }
    }
}
