import DriveCore
import HTTPEdge
import Hummingbird
import SQLStore
import TestSupport
import Testing

@testable import Console

@Suite("Pages of public links")
struct LinkPagesTests {
    @Test("a file is a page with its name, kind, size, date and one button", arguments: Engine.allCases)
    func file(engine: Engine) async throws {
        // 1790000000000 is 2026-09-21T14:13:20Z; Moscow is three hours ahead.
        try await LinkScene.open(engine, timeZone: "Europe/Moscow") { scene in
            let path = try await scene.link(to: scene.a).path
            let page = try await scene.ask(path)
            #expect(page.status == 200)
            #expect(page.text.contains("<h1><bdi>a.txt</bdi></h1>"))
            #expect(page.text.contains("<dd>Text</dd>") && page.text.contains("<dd>10 bytes</dd>"))
            #expect(
                page.text.contains(
                    "<time datetime=\"2026-09-21T14:13:20Z\">21 September 2026, 17:13 (Europe/Moscow)</time>"))
            #expect(page.text.contains("<a class=\"button\" href=\"\(path)/download\""))
            #expect(page.text.contains("width=device-width") && page.text.contains("prefers-color-scheme: dark"))
            #expect(!page.text.contains("<bdi>top"))
            #expect(try await scene.ask(path + "/").page == page.page)
        }
    }

    @Test("pages run nothing, load nothing, are not framed, kept, indexed or told of")
    func headers() async throws {
        try await LinkScene.open { scene in
            let path = try await scene.link(to: scene.top).path
            let locked = try await scene.link(to: scene.top, password: "open sesame").path
            for target in [path, "\(path)/\(scene.a.uuid)", locked, "/~nothing"] {
                let answer = try await scene.ask(target)
                let policy = try #require(answer.headers[.contentSecurityPolicy])
                #expect(policy.hasPrefix("default-src 'none'; style-src 'nonce-"))
                #expect(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"))
                #expect(policy.contains(target == locked ? "form-action 'self'" : "form-action 'none'"))
                #expect(!policy.contains("script") && !answer.text.contains("<script"))
                #expect(answer.headers[.cacheControl] == "no-store")
                #expect(answer.headers[.init("Referrer-Policy")!] == "no-referrer")
                #expect(answer.headers[.init("X-Robots-Tag")!]?.contains("noindex") == true)
                #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            }
            let download = try await scene.ask("\(path)/\(scene.a.uuid)/download")
            #expect(download.headers[.init("X-Robots-Tag")!]?.contains("noindex") == true)
            #expect(download.headers[.init("Referrer-Policy")!] == "no-referrer")
        }
    }

    @Test("a name is text, whatever stands in it, and reorders nothing")
    func escaping() async throws {
        try await LinkScene.open { scene in
            // U+0600 joins with the character behind it, so that a comparison by characters would miss the bracket.
            let name = "\u{0600}<img src=x onerror=a()>\"'&\u{202E}gpj.exe\u{2066}"
            _ = try await scene.drive.database.write { tx in
                try tx.run("UPDATE node SET name = \(name) WHERE id IN (\(scene.a.id), \(scene.inner.id))")
            }
            let path = try await scene.link(to: scene.top).path
            let inner = "\(path)/\(scene.inner.uuid)"
            for target in [path, "\(path)/\(scene.a.uuid)", inner, "\(path)/\(scene.deep.uuid)"] {
                let page = Array(try await scene.ask(target).text.utf8)
                #expect(!page.contains(Array("<img".utf8)), "\(target)")
                let shown = Array("&lt;img src=x onerror=a()&gt;&quot;&#39;&amp;gpj.exe</bdi>".utf8)
                #expect(page.contains(shown), "\(target)")
            }
            for scalar in try await scene.ask(path).text.unicodeScalars {
                #expect(scalar.value != 0x202E && scalar.value != 0x2066)
            }
            let file = try await scene.ask("\(path)/\(scene.a.uuid)").text
            #expect(!file.contains("\u{202E}"))
        }
    }

    @Test("a folder lists folders first and leads down, back up to itself and no further", arguments: Engine.allCases)
    func folder(engine: Engine) async throws {
        try await LinkScene.open(engine) { scene in
            let path = try await scene.link(to: scene.top).path
            let page = try await scene.ask(path)
            #expect(page.status == 200)
            let inner = try #require(page.text.firstRange(of: "href=\"\(path)/\(scene.inner.uuid)\""))
            let file = try #require(page.text.firstRange(of: "href=\"\(path)/\(scene.a.uuid)\""))
            #expect(inner.lowerBound < file.lowerBound)
            #expect(page.text.contains("2 items") && page.text.contains("10 bytes"))
            #expect(page.text.contains("href=\"\(path)/\(scene.a.uuid)/download\""))
            #expect(!page.text.contains("<nav"))

            let below = try await scene.ask("\(path)/\(scene.inner.uuid)")
            #expect(below.status == 200)
            #expect(below.text.contains("<a href=\"\(path)\"><bdi>top</bdi></a>"))
            #expect(try await scene.ask("\(path)/\(scene.deep.uuid)/download").text == "deep")

            let root = try await scene.drive.node(#require(scene.top.parent), as: .system)
            for uuid in [
                scene.outside.uuid, root.uuid, "00000000-0000-4000-8000-000000000000", scene.a.uuid.uppercased(), "x",
                "%00", "..", "\(scene.inner.uuid)/\(scene.deep.uuid)",
            ] {
                #expect(try await scene.ask("\(path)/\(uuid)").status == 404, "\(uuid)")
                #expect(try await scene.ask("\(path)/\(uuid)/download").status == 404, "\(uuid)")
            }
            #expect(try await scene.ask("\(path)/download").status == 404)
            let other = try await scene.link(to: scene.outside).path
            #expect(try await scene.ask("\(other)/\(scene.a.uuid)").status == 404)
        }
    }

    @Test("a long folder has pages; a number that is none shows the first")
    func pages() async throws {
        try await LinkScene.open { scene in
            for index in 0..<100 { _ = try await scene.add("file \(index).txt", to: scene.top) }
            let path = try await scene.link(to: scene.top).path
            let first = try await scene.ask(path)
            #expect(first.text.contains("102 items") && first.text.contains("Page 1 of 2"))
            #expect(first.text.contains("href=\"\(path)?page=2\"") && !first.text.contains("?page=1\""))
            let second = try await scene.ask(path + "?page=2")
            #expect(second.text.contains("Page 2 of 2") && second.text.contains("href=\"\(path)?page=1\""))
            #expect(second.text.split(separator: "<li>").count == 3)
            for page in ["0", "-1", "x", "99999999999999999999", "1%00", ""] {
                #expect(try await scene.ask("\(path)?page=\(page)").page == first.page, "\(page)")
            }
            #expect(try await scene.ask(path + "?page=7").text.contains("?page=2\">Back"))
        }
    }

    @Test("links that never were, are over or sleep are answered alike", arguments: Engine.allCases)
    func alike(engine: Engine) async throws {
        try await LinkScene.open(engine) { scene in
            let never = try await scene.ask("/~0123456789")
            #expect(never.status == 404 && never.text.hasPrefix("<!DOCTYPE html>"))
            let revoked = try await scene.link(to: scene.a, password: "open sesame")
            _ = try await scene.drive.revokePublicLink(revoked.id)
            let expired = try await scene.link(to: scene.a, expiresMs: scene.clock.now + 1).path
            let usedUp = try await scene.link(to: scene.a, maxDownloads: 1)
            _ = try await scene.drive.countDownload(of: usedUp.id)
            let trashed = try await scene.link(to: scene.deep).path
            _ = try await scene.drive.trash(scene.inner.id, kind: .folder, as: .system)
            scene.clock.advance(ms: 1)
            for path in [revoked.path, expired, usedUp.path, trashed, "/~", "/~/", "/~a/b/c/d"] {
                let answer = try await scene.ask(path)
                #expect(answer.status == 404 && answer.page == never.page, "\(path)")
                #expect(try await scene.ask(path + "/download").page == never.page, "\(path)")
                let post = try await scene.ask(path, .post, form: "password=open+sesame")
                #expect(post.status == 404 && post.page == never.page, "\(path)")
                scene.clock.advance(ms: 60_000)
            }
            let json = try await scene.ask("/~0123456789", isBrowser: false)
            #expect(json.status == 404 && json.text.hasPrefix("{\"error\":\"not_found\""))
            _ = try await scene.drive.restore(scene.inner.id, kind: .folder, as: .system)
            #expect(try await scene.ask(trashed).status == 200)
        }
    }

    @Test("other methods are refused, and the tilde may come encoded")
    func transport() async throws {
        try await LinkScene.open { scene in
            let path = try await scene.link(to: scene.a).path
            for method in [HTTPRequest.Method.put, .delete, .options] {
                let refused = try await scene.ask(path, method)
                #expect(refused.status == 405 && refused.headers[.allow] == "GET, HEAD, POST")
            }
            #expect(scene.surface.claims("/~x") && scene.surface.claims("/%7Ex") && !scene.surface.claims("/x"))
            let respelled = try await scene.ask(path.replacing("/~", with: "/%7E"))
            #expect(respelled.status == 308 && respelled.headers[.location] == path)
            let posted = try await scene.ask(path, .post, form: "password=x")
            #expect(posted.status == 303 && posted.headers[.location] == path)
        }
    }

    @Test(
        "sizes are said as people say them",
        arguments: [
            (0, "0 bytes"), (1, "1 byte"), (1023, "1023 bytes"), (1024, "1.0 KB"), (1536, "1.5 KB"),
            (10 * 1024, "10 KB"), (1024 * 1024 - 1, "1023 KB"), (1024 * 1024, "1.0 MB"),
            (5 * 1024 * 1024 * 1024, "5.0 GB"), (.max, "8388607 TB"),
        ] as [(Int64, String)])
    func sizes(bytes: Int64, text: String) { #expect(ByteWords.text(bytes) == text) }

    @Test(
        "kinds are named",
        arguments: [
            ("application/pdf", "x.bin", "PDF document"), ("image/jpeg", "x", "JPEG image"),
            ("video/x-matroska", "x", "MATROSKA video"), ("application/octet-stream", "plan.dwg", "DWG file"),
            ("application/octet-stream", "plan", "File"),
        ])
    func kinds(type: String, name: String, text: String) {
        #expect(KindWords.text(mediaType: type, name: name) == text)
    }
}
