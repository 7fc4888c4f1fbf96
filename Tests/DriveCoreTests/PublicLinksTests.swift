import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Public links")
struct PublicLinksTests {
    /// `top/inner/deep.txt` and `top/a.txt` in Ann's drive, `outside.txt` beside `top`.
    private struct Scene {
        let people: TwoPeople
        let root: Node.ID
        let top, inner, deep, a, outside: Node

        init(_ drive: Drive) async throws {
            people = try await TwoPeople(drive)
            let ann = people.ann
            root = try await drive.personalStorage(of: ann.person).root
            top = try await drive.addFolder(named: FileName("top"), in: root, as: ann)
            inner = try await drive.addFolder(named: FileName("inner"), in: top.id, as: ann)
            deep = try await drive.addFile(named: FileName("deep.txt"), in: inner.id, content: .text("deep"), as: ann)
            a = try await drive.addFile(named: FileName("a.txt"), in: top.id, content: .text("aaa"), as: ann)
            outside = try await drive.addFile(
                named: FileName("outside.txt"), in: root, content: .text("out"), as: ann)
        }
    }

    private func count(_ drive: Drive) async throws -> Int64 {
        try await drive.database.read { tx in try tx.int("SELECT count(*) FROM public_link") }
    }

    @Test("everybody who may read gets the same link, nobody else gets one", arguments: Engine.allCases)
    func standing(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let scene = try await Scene(drive)
            let (ann, ben) = (scene.people.ann, scene.people.ben)
            await #expect(throws: DriveError.denied(.node(scene.top.id))) {
                try await drive.externalLink(to: scene.top.id, kind: .folder, as: ben)
            }
            #expect(try await count(drive) == 0)

            let code = try await drive.externalLink(to: scene.top.id, kind: .folder, as: ann)
            #expect(code.wholeMatch(of: /[A-Za-z0-9]{10}/) != nil)
            clock.advance(ms: 60_000)
            try await drive.share(folder: scene.top.id, with: ben.person, level: .read, as: ann)
            #expect(try await drive.externalLink(to: scene.top.id, kind: .folder, as: ben) == code)
            let file = try await drive.externalLink(to: scene.a.id, kind: .file, as: ben)
            #expect(file != code)
            #expect(try await drive.publicLink(code: code)?.node == scene.top.id)
            #expect(try await drive.publicLink(code: file)?.node == scene.a.id)

            for (id, kind) in [(scene.top.id, Node.Kind.file), (scene.a.id, .folder), (Node.ID(0), .file)] {
                await #expect(throws: DriveError.notFound(.node(id))) {
                    try await drive.externalLink(to: id, kind: kind, as: ann)
                }
            }
        }
    }

    @Test("those who ask at once get one link", arguments: Engine.allCases)
    func racingStanding(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let codes = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<12 {
                    group.addTask { try await drive.externalLink(to: scene.a.id, kind: .file, as: scene.people.ann) }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(codes.count == 1)
            #expect(try await count(drive) == 1)
        }
    }

    @Test("the code is not in the database, and other codes lead nowhere", arguments: Engine.allCases)
    func onlyHashes(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let code = try await drive.externalLink(to: scene.a.id, kind: .file, as: scene.people.ann)
            let kept = try await drive.database.read { tx in
                try tx.rows("SELECT code_hash, nonce FROM public_link").map { [try $0.text(0), try $0.text(1)] }
            }
            #expect(kept.count == 1 && !kept[0].contains(code))
            for wrong in ["", kept[0][0], kept[0][1], code.lowercased() + "x", String(code.dropLast()), code + "\u{0}"]
            {
                #expect(try await drive.publicLink(code: wrong) == nil)
            }
        }
    }

    @Test(
        "a link sleeps while its thing is in the trash and dies with it; copies have none", arguments: Engine.allCases)
    func trash(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let (ann, admin) = (scene.people.ann, scene.people.admin)
            let code = try await drive.externalLink(to: scene.deep.id, kind: .file, as: ann)
            let link = try #require(try await drive.publicLink(code: code))
            let common = try await drive.storage(drive.account.commonStorage, as: ann).root
            _ = try await drive.copy(folder: scene.top.id, to: common, as: ann)
            #expect(try await count(drive) == 1)

            _ = try await drive.trash(scene.top.id, kind: .folder, as: ann)
            #expect(try await drive.publicLink(code: code) == nil)
            #expect(try await drive.sharedContent(in: link.id, at: nil) == nil)
            await #expect(throws: DriveError.notFound(.node(scene.deep.id))) {
                try await drive.externalLink(to: scene.deep.id, kind: .file, as: ann)
            }
            #expect(try await drive.publicLinks().map(\.isTrashed) == [true])

            _ = try await drive.restore(scene.top.id, kind: .folder, as: admin)
            #expect(try await drive.publicLink(code: code)?.id == link.id)
            #expect(try await drive.externalLink(to: scene.deep.id, kind: .file, as: ann) == code)

            try await drive.purge(scene.top.id, kind: .folder, as: ann)
            #expect(try await count(drive) == 0)
            #expect(try await drive.publicLink(code: code) == nil)
            #expect(try await drive.check(repair: false).isClean)
        }
    }

    @Test("a revoked, expired or used up link is over, and the next one is another", arguments: Engine.allCases)
    func endings(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let scene = try await Scene(drive)
            func next() async throws -> (code: String, link: PublicLink) {
                let code = try await drive.externalLink(to: scene.a.id, kind: .file, as: scene.people.ann)
                return (code, try #require(try await drive.publicLink(code: code)))
            }
            let revoked = try await next()
            #expect(try await drive.revokePublicLink(revoked.link.id))
            #expect(try await drive.revokePublicLink(revoked.link.id))
            #expect(try await !drive.revokePublicLink(PublicLink.ID(999)))
            #expect(try await drive.publicLink(code: revoked.code) == nil)
            #expect(try await !drive.countDownload(of: revoked.link.id))
            #expect(try await drive.changePublicLink(revoked.link.id, .init()) == nil)

            let expired = try await next()
            var changes = PublicLinkChanges()
            changes.expiresMs = .set(clock.now + 1000)
            #expect(try await drive.changePublicLink(expired.link.id, changes)?.expiresMs == clock.now + 1000)
            clock.advance(ms: 999)
            #expect(try await next().code == expired.code)
            clock.advance(ms: 1)
            #expect(try await drive.publicLink(code: expired.code) == nil)
            #expect(try await !drive.countDownload(of: expired.link.id))
            #expect(try await drive.sharedPlace(in: expired.link.id, at: nil) == nil)

            let usedUp = try await next()
            changes = PublicLinkChanges()
            changes.maxDownloads = .set(1)
            _ = try await drive.changePublicLink(usedUp.link.id, changes)
            #expect(try await drive.countDownload(of: usedUp.link.id))
            #expect(try await drive.publicLink(code: usedUp.code)?.isUsedUp == true)
            let last = try await next()
            #expect(Set([revoked.code, expired.code, usedUp.code, last.code]).count == 4)
            #expect(try await drive.publicLinks().map(\.isRevoked) == [true, false, false, false])
            changes.maxDownloads = .clear
            #expect(try await drive.changePublicLink(usedUp.link.id, changes)?.isUsedUp == false)
        }
    }

    @Test("of many who race for the last download one gets it", arguments: Engine.allCases)
    func racingDownloads(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let (link, _) = try await drive.createPublicLink(
                to: scene.a.id, .init(maxDownloads: 1), as: scene.people.ann)
            let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 { group.addTask { try await drive.countDownload(of: link.id) } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wins == 1)
            #expect(try await drive.publicLinks().map(\.downloads) == [1])
        }
    }

    @Test(
        "a password is kept as a hash, has a mark of its own each time and can be taken away",
        arguments: Engine.allCases)
    func passwords(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let (link, code) = try await drive.createPublicLink(
                to: scene.a.id, .init(password: "open sesame"), as: scene.people.ann)
            let mark = try #require(link.passwordMark)
            #expect(try await drive.passwordMark(of: link.id, matching: "open sesame") == mark)
            #expect(try await drive.passwordMark(of: link.id, matching: "open sesame ") == nil)
            #expect(try await drive.passwordMark(of: PublicLink.ID(99), matching: "open sesame") == nil)
            let kept = try await drive.database.read { tx in
                try tx.row("SELECT password_hash FROM public_link")!.text(0)
            }
            #expect(kept.hasPrefix("scrypt$") && !kept.contains("sesame") && !kept.contains(mark))

            var changes = PublicLinkChanges()
            changes.password = .set("open sesame")
            #expect(try await drive.changePublicLink(link.id, changes)?.passwordMark != mark)
            changes.password = .clear
            #expect(try await drive.changePublicLink(link.id, changes)?.passwordMark == nil)
            #expect(try await drive.passwordMark(of: link.id, matching: "") == nil)
            #expect(try await drive.publicLink(code: code)?.id == link.id)
        }
    }

    @Test("terms that cannot be are refused and nothing is written", arguments: Engine.allCases)
    func refusals(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let scene = try await Scene(drive)
            let ann = scene.people.ann
            for (terms, what) in [
                (PublicLinkTerms(password: "short"), "password"), (.init(expiresMs: clock.now), "expiry"),
                (.init(expiresMs: .max), "expiry"), (.init(maxDownloads: 0), "number of downloads"),
                (.init(maxDownloads: -1), "number of downloads"),
            ] {
                await #expect(throws: DriveError.invalidValue(what)) {
                    try await drive.createPublicLink(to: scene.a.id, terms, as: ann)
                }
            }
            await #expect(throws: DriveError.notFound(.node(Node.ID(.max)))) {
                try await drive.createPublicLink(to: Node.ID(.max), as: .system)
            }
            #expect(try await count(drive) == 0)
        }
    }

    @Test(
        "a folder's link shows what is below it, and neither what is above nor what is beside",
        arguments: Engine.allCases)
    func scope(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let ann = scene.people.ann
            let link = try await drive.createPublicLink(to: scene.top.id, as: ann).link.id
            let top = try #require(try await drive.sharedPlace(in: link, at: nil))
            #expect(top.above.isEmpty)
            #expect(top.children?.rows.map(\.name) == ["inner", "a.txt"])
            #expect(top.children?.rows.map(\.sizeBytes) == [0, 3])
            let deep = try #require(try await drive.sharedPlace(in: link, at: scene.deep.uuid))
            #expect(deep.above.map(\.name) == ["top", "inner"])
            #expect(deep.children == nil)
            #expect(try await drive.sharedContent(in: link, at: scene.deep.uuid)?.sizeBytes == 4)

            let root = try await drive.node(scene.root, as: ann).uuid
            let common = try await drive.storage(drive.account.commonStorage, as: ann).root
            let elsewhere = try await drive.node(common, as: ann).uuid
            for uuid in [scene.outside.uuid, root, elsewhere, newUUID(), ""] {
                #expect(try await drive.sharedPlace(in: link, at: uuid) == nil)
                #expect(try await drive.sharedContent(in: link, at: uuid) == nil)
            }
            let file = try await drive.createPublicLink(to: scene.a.id, as: ann).link.id
            #expect(try await drive.sharedPlace(in: file, at: scene.deep.uuid) == nil)
            #expect(try await drive.sharedPlace(in: file, at: scene.top.uuid) == nil)

            _ = try await drive.trash(scene.inner.id, kind: .folder, as: ann)
            #expect(try await drive.sharedPlace(in: link, at: scene.deep.uuid) == nil)
            #expect(try await drive.sharedPlace(in: link, at: nil)?.children?.rows.map(\.name) == ["a.txt"])
            _ = try await drive.move(scene.a.id, kind: .file, to: scene.root, as: ann)
            #expect(try await drive.sharedPlace(in: link, at: scene.a.uuid) == nil)
        }
    }

    @Test("a long folder comes in pages of a hundred, folders first", arguments: Engine.allCases)
    func pages(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            for index in 0..<103 {
                _ = try await drive.addFile(
                    named: FileName("\(1000 + index)"), in: scene.top.id, content: .text("x"), as: scene.people.ann)
            }
            let link = try await drive.createPublicLink(to: scene.top.id, as: scene.people.ann).link.id
            let first = try #require(try await drive.sharedPlace(in: link, at: nil)?.children)
            #expect(first.rows.count == 100 && first.hasMore && first.total == 105)
            #expect(first.rows.prefix(2).map(\.name) == ["inner", "1000"])
            let second = try #require(try await drive.sharedPlace(in: link, at: nil, page: 2)?.children)
            #expect(second.rows.map(\.name) == ["1099", "1100", "1101", "1102", "a.txt"])
            for page in [0, -5, Int64.min] as [Int64] {
                #expect(try await drive.sharedPlace(in: link, at: nil, page: page)?.children == first)
            }
            #expect(try await drive.sharedPlace(in: link, at: nil, page: .max)?.children?.rows == [])
        }
    }
}
