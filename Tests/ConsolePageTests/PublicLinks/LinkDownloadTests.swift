import DriveCore
import Hummingbird
import SQLStore
import TestSupport
import Testing

@Suite("Downloads from public links")
struct LinkDownloadTests {
    @Test("the bytes come as an attachment, whole or in part, with a strong tag", arguments: Engine.allCases)
    func bytes(engine: Engine) async throws {
        try await LinkScene.open(engine) { scene in
            let target = try await scene.link(to: scene.a).path + "/download"
            let whole = try await scene.ask(target)
            #expect(whole.status == 200 && whole.text == "0123456789")
            #expect(whole.headers[.contentDisposition] == "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt")
            #expect(whole.headers[.contentSecurityPolicy] == "sandbox; default-src 'none'")
            let tag = try #require(whole.headers[.eTag])
            #expect(tag.wholeMatch(of: /"[0-9a-f]{64}"/) != nil)

            let part = try await scene.ask(target, headers: [.range: "bytes=7-"])
            #expect(part.status == 206 && part.text == "789")
            #expect(part.headers[.contentRange] == "bytes 7-9/10")
            #expect(try await scene.ask(target, headers: [.range: "bytes=10-"]).status == 416)
            let head = try await scene.ask(target, .head)
            #expect(head.status == 200 && head.headers[.contentLength] == "10")
            #expect(try await scene.ask(target, headers: [.ifNoneMatch: tag]).status == 304)
            // A page is what a browser gets without `/download`; a program gets the same bytes here.
            #expect(try await scene.ask(target, isBrowser: false).text == "0123456789")
        }
    }

    @Test("what begins with the first byte counts, and nothing else", arguments: Engine.allCases)
    func counting(engine: Engine) async throws {
        try await LinkScene.open(engine) { scene in
            let (path, id) = try await scene.link(to: scene.a)
            let target = path + "/download"
            let tag = try #require(try await scene.ask(target, .head).headers[.eTag])
            for (fields, counted) in [
                ([:], 1), ([.range: "bytes=0-0"], 1), ([.range: "bytes=1-"], 0), ([.range: "bytes=-3"], 0),
                ([.range: "bytes=99-"], 0), ([.ifNoneMatch: tag], 0), ([.range: "bytes=0-1,5-6"], 1),
                ([.range: "bytes=5-", .ifRange: "\"other\""], 1), ([.ifMatch: "\"other\""], 0),
            ] as [(HTTPFields, Int64)] {
                let before = try await scene.downloads(of: id) ?? -1
                _ = try await scene.ask(target, headers: fields)
                #expect(try await scene.downloads(of: id) == before + counted, "\(fields)")
            }
            let before = try await scene.downloads(of: id)
            _ = try await scene.ask(target, .head)
            _ = try await scene.ask(path)
            #expect(try await scene.downloads(of: id) == before)
        }
    }

    @Test("the last download can be finished by whoever began it, and by nobody else", arguments: Engine.allCases)
    func lastDownload(engine: Engine) async throws {
        try await LinkScene.open(engine) { scene in
            let (path, id) = try await scene.link(to: scene.a, maxDownloads: 1)
            let target = path + "/download"
            #expect(try await scene.ask(path).status == 200)
            let first = try await scene.ask(target)
            #expect(first.status == 200)
            let cookie = try #require(first.cookie)
            let setting = try #require(first.headers[.setCookie])
            #expect(setting.contains("Path=\(target);") && setting.contains("; HttpOnly; SameSite=Lax; Secure"))

            #expect(try await scene.ask(path).status == 404)
            #expect(try await scene.ask(target).status == 404)
            #expect(try await scene.ask(target, .head).status == 404)
            #expect(try await scene.ask(target, headers: [.range: "bytes=1-"]).status == 404)
            let rest = try await scene.ask(target, headers: [.range: "bytes=4-", .cookie: cookie])
            #expect(rest.status == 206 && rest.text == "456789")
            #expect(try await scene.ask(target, headers: [.cookie: cookie]).status == 404)
            #expect(try await scene.ask(path, headers: [.cookie: cookie]).status == 404)
            #expect(try await scene.downloads(of: id) == 1)

            scene.clock.advance(ms: 24 * 3600 * 1000)
            let late = try await scene.ask(target, headers: [.range: "bytes=4-", .cookie: cookie])
            #expect(late.status == 404)
        }
    }

    @Test("with a limit a part from the middle is a download too, unless it goes on with one")
    func partsOfLimited() async throws {
        try await LinkScene.open { scene in
            let (path, id) = try await scene.link(to: scene.top, maxDownloads: 2)
            let target = "\(path)/\(scene.a.uuid)/download"
            let first = try await scene.ask(target, headers: [.range: "bytes=0-4"])
            let cookie = try #require(first.cookie)
            _ = try await scene.ask(target, headers: [.range: "bytes=5-", .cookie: cookie])
            #expect(try await scene.downloads(of: id) == 1)
            // The cookie is good for the bytes it was given for only.
            let other = try await scene.ask(
                "\(path)/\(scene.deep.uuid)/download", headers: [.range: "bytes=1-", .cookie: cookie])
            #expect(other.status == 206)
            #expect(try await scene.downloads(of: id) == 2)
            #expect(try await scene.ask(target, headers: [.range: "bytes=1-"]).status == 404)
            #expect(try await scene.ask(path).status == 404)
        }
    }

    @Test("of many who ask at once for the last download one gets the bytes", arguments: Engine.allCases)
    func racing(engine: Engine) async throws {
        try await LinkScene.open(engine) { scene in
            let target = try await scene.link(to: scene.a, maxDownloads: 1).path + "/download"
            let served = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<10 {
                    group.addTask { try await scene.ask(target, from: "192.0.2.\(index)").status }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(served == [200: 1, 404: 9])
        }
    }
}
