import ArgumentParser

@main
struct Dossier: AsyncParsableCommand {
    mutating func run() async throws { print("hi") }
}
