import DriveCore
import HTTPEdge
import SQLStore
import TestSupport
import Testing

@testable import AmoDialect

@Suite("Previews of files")
struct PreviewTests {
    private let picture = drawnPNG(width: 1600, height: 800)

    @Test("previews are null at first, without the flag always; then every model of the file and version has them")
    func models() async throws {
        try await Door.with { door async throws in
            let asked = try await door.upload("Фото.png", picture, wantsPreview: true)
            let silent = try await door.upload("b.png", picture)
            #expect(asked["previews"] == .null && silent["previews"] == .null)
            try await door.makePreviews()

            let (uuid, other) = (try asked.uuid, try silent.uuid)
            let version = try #require(asked["version_uuid"]?.text)
            let place = "\(door.origin)/preview/\(door.drive.account.uuid)/\(uuid)/\(version)"
            let previews: Value = [
                ["download_link": .string(place + "/200.jpg"), "width": 200, "height": 100],
                ["download_link": .string(place + "/800.jpg"), "width": 800, "height": 400],
            ]
            #expect(try await door.get("/v1.0/files/\(uuid)").json?["previews"] == previews)
            let list = try await door.get("/v1.0/files?filter[uuid]=\(uuid),\(other)")
            let shown = list.embedded.compactMap { $0["previews"] }
            #expect(shown.count == 2 && shown.contains(previews) && shown.contains(.null))
            #expect(try await door.get("/v1.0/files/\(uuid)/versions").embedded[0]["previews"] == previews)
            #expect(try await door.get("/v1.0/files/\(uuid)/versions/\(version)").json?["previews"] == previews)

            let renamed = try await door.send(.patch, "/v1.0/files/\(uuid)", json: #"{"name":"new"}"#)
            #expect(renamed.json?["previews"] == previews)
            try await door.upload("text.txt", file: uuid)
            #expect(try await door.get("/v1.0/files/\(uuid)").json?["previews"] == .null)
            let switched = try await door.send(
                .patch, "/v1.0/files/\(uuid)", json: #"{"version_uuid":"\#(version)"}"#)
            #expect(switched.json?["previews"] == previews)
            let body = #"[{"uuid":"\#(uuid)"}]"#
            _ = try await door.send(.delete, "/v1.0/files", json: body)
            #expect(try await door.send(.post, "/v1.0/files/restore", json: body).embedded[0]["previews"] == previews)
        }
    }

    @Test("a link needs no token, ignores a bad one, and answers GET, HEAD, ranges and conditions")
    func link() async throws {
        try await Door.with { door async throws in
            let file = try await door.upload("Фото.png", picture, wantsPreview: true)
            try await door.makePreviews()
            let uuid = try file.uuid
            let link = try #require(
                try await door.get("/v1.0/files/\(uuid)").json?.at("previews.0.download_link")?.text)
            let bytes = drawnJPEG(width: 200, height: 100)
            for token in ["", "garbage"] {
                let reply = try await door.get(link, token: token)
                #expect(reply.status == 200 && reply.bytes == bytes && reply.type == "image/jpeg")
                #expect(reply.headers[.contentDisposition]?.hasPrefix("inline; ") == true)
                #expect(reply.headers[.contentDisposition]?.hasSuffix("%D0%A4%D0%BE%D1%82%D0%BE-200.jpg") == true)
                #expect(reply.headers[.xContentTypeOptions] == "nosniff")
            }
            let head = try await door.send(.head, link, token: "")
            #expect(head.status == 200 && head.headers[.contentLength] == "\(bytes.count)")
            let part = try await door.send(.get, link, token: "", headers: ["Range": "bytes=2-4"])
            #expect(part.status == 206 && part.bytes == Array(bytes[2...4]))
            let tag = try #require(head.headers[.eTag])
            let again = try await door.send(.get, link, token: "", headers: ["If-None-Match": tag])
            #expect(again.status == 304 && again.bytes.isEmpty)
            #expect(try await door.send(.post, link).status == 405)
        }
    }

    @Test("a wrong account, file, version or square, and a trashed file, are 404 as JSON")
    func missing() async throws {
        try await Door.with { door async throws in
            let file = try await door.upload("a.png", picture, wantsPreview: true)
            let other = try await door.upload("b.png", picture).uuid
            try await door.makePreviews()
            let account = door.drive.account.uuid
            let uuid = try file.uuid
            let version = try #require(file["version_uuid"]?.text)
            let nobody = "00000000-0000-4000-8000-000000000000"
            let good = "/preview/\(account)/\(uuid)/\(version)/800.jpg"
            #expect(try await door.get(good, token: "").status == 200)
            let targets = [
                "/preview/\(nobody)/\(uuid)/\(version)/800.jpg", "/preview/\(account)/\(nobody)/\(version)/800.jpg",
                "/preview/\(account)/\(uuid)/\(nobody)/800.jpg", "/preview/\(account)/\(other)/\(version)/800.jpg",
                "/preview/\(account)/\(uuid)/\(version)/801.jpg", "/preview/\(account)/\(uuid)/\(version)/0.jpg",
                "/preview/\(account)/\(uuid)/\(version)/-800.jpg", "/preview/\(account)/\(uuid)/\(version)/.jpg",
                "/preview/\(account)/\(uuid)/\(version)/99999999999999999999.jpg",
                "/preview/\(account)/\(uuid)/\(version)/%00", "/preview/\(account)/\(uuid)/\(version)",
                "/preview/\(account)/\(uuid)/x/800.jpg", "/preview/x/\(uuid)/\(version)/800.jpg", "/preview/",
                good + "/x",
            ]
            for target in targets {
                let reply = try await door.get(target, token: "")
                #expect(reply.status == 404 && reply.type == "application/json", "\(target)")
            }
            _ = try await door.send(.delete, "/v1.0/files/\(uuid)")
            #expect(try await door.get(good, token: "").status == 404)
        }
    }

    @Test("the same last part sent again gets the same answer, previews made meanwhile or not")
    func again() async throws {
        try await Door.with { door async throws in
            let url = try await door.session("a.png", size: picture.count, wantsPreview: true).text("upload_url")
            let first = try await door.send(.post, url, picture, token: "")
            try await door.makePreviews()
            let second = try await door.send(.post, url, picture, token: "")
            #expect(second.json == first.json && first.json?["previews"] == .null)
        }
    }

    @Test("a preview that failed leaves null, on both engines", arguments: Engine.allCases)
    func failed(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let file = try await door.upload("a.png", picture, wantsPreview: true)
            let maker = DrawnPreviews { _, _ in throw PreviewFailure.unusable("damaged") }
            #expect(try await PreviewWorker(drive: door.drive, maker: maker).makeNext())
            let uuid = try file.uuid
            #expect(try await door.get("/v1.0/files/\(uuid)").json?["previews"] == .null)
            let link = try #require(file.at("_links.download.href")?.text)
            #expect(try await door.get(link, token: "").bytes == picture)
        }
    }
}

extension Door {
    /// Works off the queue of previews.
    func makePreviews() async throws {
        while try await PreviewWorker(drive: drive, maker: DrawnPreviews()).makeNext() {}
    }
}

extension Value {
    fileprivate var uuid: String { get throws { try #require(self["uuid"]?.text) } }
}
