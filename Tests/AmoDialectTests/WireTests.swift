import Testing

@testable import AmoDialect

@Suite("Names, types and queries on the wire")
struct WireTests {
    @Test(
        "a name is transliterated for links",
        arguments: [
            ("_96", "-96"), ("Отчёт 2026", "Otchet-2026"), ("ДОГОВОР на внедрение 2", "DOGOVOR-na-vnedrenie-2"),
            ("спецификация заказа", "spetsifikatsiia-zakaza"), ("Щука, ёж и объём", "Shchuka-ezh-i-obem"),
            ("a__b..c", "a-b-c"), ("café", "cafe"), ("ь", "file"), ("8Z5PQ3D7wbS6Doz-svQ0z", "8Z5PQ3D7wbS6Doz-svQ0z"),
        ])
    func sanitized(name: String, expected: String) { #expect(SanitizedName.of(name) == expected) }

    @Test(
        "a name is transliterated for notes in a way of its own",
        arguments: [
            ("Снимок экрана 2022-12-12 в 20.11.45 (1).jpg", "Snimok_ekrana_2022-12-12_v_20.11.45_1_.jpg"),
            ("a.b-c.txt", "a.b-c.txt"), ("ь", "file"), ("日本.png", "_.png"), ("a  __ b", "a_b"),
        ])
    func noted(name: String, expected: String) { #expect(NoteFileName.of(name) == expected) }

    @Test(
        "whatever the script, a link name is ASCII, safe and short",
        arguments: ["日本語", "🙂", "عربي", String(repeating: "щ", count: 300), " ", "%2F..%2F", "e\u{301}"])
    func sanitizedAnything(name: String) {
        let name = SanitizedName.of(name)
        #expect(!name.isEmpty && name.utf8.count <= 200)
        #expect(
            name.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45
            })
    }

    @Test("names in ASCII are written as in any other script")
    func ascii() {
        var random = SystemRandomNumberGenerator()
        for round in 0..<3000 {
            let bytes = (0..<Int.random(in: 0...(round % 10 == 0 ? 600 : 30), using: &random)).map { _ in
                UInt8.random(in: 0x20..<0x7f, using: &random)
            }
            let name = String(decoding: bytes, as: UTF8.self)
            // A soft sign has no letter: it only takes the name out of ASCII.
            #expect(SanitizedName.of(name) == SanitizedName.of("ь" + name))
            #expect(NoteFileName.of(name) == NoteFileName.of("ь" + name))
        }
    }

    @Test(
        "the family of a file goes by its declared type, then by its extension",
        arguments: [
            ("image/jpeg", "bin", "image"), ("", "png", "image"), ("application/octet-stream", "mp4", "video"),
            ("audio/ogg", "", "audio"), ("application/pdf", "", "document"), ("", "docx", "document"),
            ("text/csv", "", "document"), ("", "exe", "file"), ("", "", "file"), ("text/html", "html", "file"),
        ])
    func family(declared: String, ext: String, expected: String) {
        #expect(MediaType.family(declared: declared, fileExtension: ext) == expected)
    }

    @Test(
        "what is no media type counts as not declared",
        arguments: [
            "", "image", "image/", "/png", "a b/c", "image/png\r\nX: 1", String(repeating: "a", count: 300) + "/b",
        ])
    func notDeclared(text: String) { #expect(MediaType.declared(text) == "") }

    @Test("links of the files list look like the page's")
    func filesQuery() {
        let sent =
            "page=1&limit=25&filter[extensions][]=bmp&filter%5Bextensions%5D%5B%5D=jpeg&filter[size][unit]=1000000"
            + "&filter[is_filter]=true"
        #expect(
            ListQuery(sent, isSorted: true).text(page: 2, limit: 25)
                == "?filter%5Bextensions%5D%5B%5D=bmp&filter%5Bextensions%5D%5B%5D=jpeg&filter%5Bis_filter%5D=true"
                + "&filter%5Bsize%5D%5Bunit%5D=1000000&limit=25&page=2")
    }

    @Test("values survive being said again")
    func again() {
        #expect(
            ListQuery("filter[term]=a%26b+c%2F%D1%8F&filter[deleted]", isSorted: true).text(page: 1, limit: 50)
                == "?filter%5Bdeleted%5D=&filter%5Bterm%5D=a%26b%20c%2F%D1%8F&limit=50&page=1")
        #expect(ListQuery("query=x&page=3", isSorted: false).text(page: 4, limit: 2) == "?page=4&limit=2&query=x")
    }

    @Test(
        "only the usual form is a UUID",
        arguments: [
            "", "1", "367b9f38-5f01-4cea-947e-dfab47aea52", "367b9f38-5f01-4cea-947e-dfab47aea5222",
            "367b9f385f014cea947edfab47aea522", "367b9f38-5f01-4cea-947e-dfab47aea52g",
            "{67b9f38-5f01-4cea-947e-dfab47aea522", "367b9f38-5f01-4cea-947e_dfab47aea522",
        ])
    func malformedUUID(text: String) { #expect(UUIDText(text) == nil) }

    @Test("an upper-case UUID is the same UUID")
    func upperCaseUUID() {
        #expect(UUIDText("367B9F38-5F01-4CEA-947E-DFAB47AEA522")?.text == "367b9f38-5f01-4cea-947e-dfab47aea522")
    }
}
