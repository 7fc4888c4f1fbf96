import Testing

@testable import DriveCore

@Suite("Names of files and folders")
struct FileNameTests {
    @Test(
        "names a person may choose are kept as typed",
        arguments: ["plan.pdf", "Договор №7.docx", "日本語", ".env", "a b", "x."])
    func kept(name: String) throws {
        #expect(try FileName(name).text == name)
    }

    @Test(
        "names that cannot be are refused and say why",
        arguments: [
            ("", FileName.Problem.empty), ("  \u{3000}", .empty), (".", .reserved), ("..", .reserved),
            ("a/b", .forbiddenCharacter), ("a\\b", .forbiddenCharacter), ("a\u{0}b", .forbiddenCharacter),
            ("a\nb", .forbiddenCharacter), ("a:b", .forbiddenCharacter), ("what?", .forbiddenCharacter),
            ("a|b", .forbiddenCharacter), ("<a>", .forbiddenCharacter), ("\"a\"", .forbiddenCharacter),
            ("a*b", .forbiddenCharacter), ("a\u{85}b", .forbiddenCharacter),
            ("gpj\u{202E}exe.png", .bidirectionalControl), ("a\u{2066}b", .bidirectionalControl),
            (String(repeating: "a", count: 256), .tooLong), (String(repeating: "я", count: 128), .tooLong),
        ])
    func refused(name: String, problem: FileName.Problem) {
        #expect(throws: DriveError.invalidName(problem)) { try FileName(name) }
    }

    @Test("255 bytes fit")
    func longest() throws {
        _ = try FileName(String(repeating: "a", count: 255))
        _ = try FileName(String(repeating: "я", count: 127))
    }

    @Test(
        "names that differ only in letter case or Unicode form are the same name",
        arguments: [
            ("Plan.PDF", "plan.pdf"), ("ДОГОВОР", "договор"), ("e\u{301}", "\u{e9}"), ("Straße", "STRASSE"),
            ("ΟΔΟΣ", "οδος"),
        ])
    func sameName(a: String, b: String) throws {
        #expect(try FileName(a).folded == FileName(b).folded)
    }

    @Test(
        "the extension is what follows the last dot, when it looks like one",
        arguments: [
            ("a.PDF", "pdf"), ("a.tar.gz", "gz"), (".env", ""), ("a.", ""), ("a", ""), ("a.b c", ""), ("a.русский", ""),
            ("a.12345678901234567", ""), ("v1.2", "2"),
        ])
    func extensions(name: String, expected: String) throws {
        #expect(try FileName(name).fileExtension == expected)
    }

    @Test(
        "a number goes before the last extension",
        arguments: [
            ("name.ext", "name (1).ext"), ("name", "name (1)"), (".env", ".env (1)"), ("a.tar.gz", "a.tar (1).gz"),
        ])
    func numbered(name: String, expected: String) throws {
        #expect(try FileName(name).numbered(1).text == expected)
    }

    @Test("a numbered long name still fits")
    func numberedLong() throws {
        let name = try FileName(String(repeating: "я", count: 125) + ".pdf")
        let numbered = name.numbered(10)
        #expect(numbered.text.utf8.count <= 255)
        #expect(numbered.text.hasSuffix(" (10).pdf"))
    }
}
