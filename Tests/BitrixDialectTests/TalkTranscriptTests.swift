import HTTPEdge
import Testing

@Suite("Conversations about comments, results, checklists and old file methods from the vendor's pages")
struct TalkTranscriptTests {
    private static let names = Transcript.names(in: "task-talk/")

    @Test("the answer is what the page says, down to types and nulls", arguments: names)
    func answers(name: String) async throws {
        try await Door.open(timeZone: "Europe/Helsinki") { door in
            try await door.hold(to: Transcript(named: name, TalkScene(door).values))
        }
    }

    @Test("there are conversations to compare with")
    func found() { #expect(Self.names.count >= 35) }
}
