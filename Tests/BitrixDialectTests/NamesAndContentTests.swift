import DriveCore
import HTTPEdge
import SQLStore
import TestSupport
import Testing

@Suite("Names that are one, and damaged content")
struct NamesAndContentTests {
    /// Pairs that a reader takes for one name: letter case, Unicode normal forms (UAX #15), full case folding.
    static let twins = [
        ("report.txt", "REPORT.TXT"), ("отчёт", "ОТЧЁТ"), ("caf\u{E9}", "cafe\u{301}"), ("й", "и\u{306}"),
        ("straße", "STRASSE"), ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("\u{212B}", "\u{C5}"), ("ﬁle", "FILE"),
    ]

    @Test("of two spellings of one name the second is a conflict", arguments: Engine.allCases)
    func conflicts(engine: Engine) async throws {
        try await Door.open(engine) { door in
            for (number, (first, second)) in Self.twins.enumerated() {
                let folder =
                    try await door.call(
                        "disk.storage.addfolder", ["id": 1, "data": ["NAME": .string("twins \(number)")]]
                    ).result["ID"] ?? .null
                let made = try await door.call(
                    "disk.folder.addsubfolder", ["id": folder, "data": ["NAME": .string(first)]])
                #expect(made.result["NAME"] == .string(first))
                let data: Value = ["NAME": .string(second)]
                let taken = try await door.call("disk.folder.addsubfolder", ["id": folder, "data": data])
                #expect(taken.failure == "400 DISK_OBJ_22000", "\(first) and \(second)")
                let upload: [Value.Member] = [.init("id", folder), .init("data", data), .init("fileContent", "aGk=")]
                #expect(try await door.call("disk.folder.uploadfile", .object(upload)).failure == "400 DISK_OBJ_22000")
                let unique = try await door.call(
                    "disk.folder.uploadfile", .object(upload + [.init("generateUniqueName", true)]))
                #expect(unique.status == 200 && unique.result["NAME"] != .string(second))
                // Its own other spelling is no conflict.
                let renamed = try await door.call(
                    "disk.folder.rename", ["id": made.result["ID"] ?? .null, "newName": .string(second)])
                #expect(renamed.result["NAME"]?.string?.unicodeScalars.elementsEqual(second.unicodeScalars) == true)
            }
        }
    }

    @Test("names that only look alike are two", arguments: [("a", "а"), ("l", "I"), ("x ", "x"), ("a.b", "a b")])
    func different(first: String, second: String) async throws {
        try await Door.open { door in
            for name in [first, second] {
                let made = try await door.call("disk.storage.addfolder", ["id": 1, "data": ["NAME": .string(name)]])
                #expect(made.result["NAME"] == .string(name))
            }
        }
    }

    /// A damaged text is a damaged file and no error (disk reference, 6.1): what is no letter of base64 is passed over, as
    /// PHP's `base64_decode` does.
    @Test(
        "base64 is decoded as far as it goes",
        arguments: [
            ("aGk=", "hi"), ("aGk", "hi"), ("aG\r\nk=", "hi"), ("a G k =", nil), ("aG$k=", "hi"), ("aGk=aGk=", nil),
            ("YWJj*", "abc"),
        ] as [(String, String?)])
    func damaged(base64: String, text: String?) async throws {
        try await Door.open { door in
            let reply = try await door.call(
                "disk.storage.uploadfile", ["id": 1, "data": ["NAME": "x"], "fileContent": ["x", .string(base64)]])
            #expect(reply.status == 200, "\(reply.text)")
            let fetched = try await door.fetch(reply.result["DOWNLOAD_URL"]?.string ?? "").text
            if let text { #expect(fetched == text) }
        }
    }

    @Test("nothing decoded is nothing saved", arguments: ["", "=", "!!!!", "\n"])
    func nothing(base64: String) async throws {
        try await Door.open { door in
            for content in [.string(base64), ["x", .string(base64)]] as [Value] {
                let reply = try await door.call(
                    "disk.storage.uploadfile", ["id": 1, "data": ["NAME": "x"], "fileContent": content])
                #expect(reply.failure == "400 ERROR_COULD_NOT_SAVE_FILE", "\(content)")
                #expect(reply.json["error_description"] == "Could not save file")
            }
            #expect(try await door.call("disk.storage.getchildren", ["id": 1]).json["total"] == 0)
        }
    }
}
