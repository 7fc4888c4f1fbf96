import DriveCore
import HTTPEdge
import Hummingbird
import NIOCore
import SQLStore
import TestSupport
import Testing

@testable import AmoDialect

/// Every example of the vendor's files page, against a drive that holds what the example speaks of.
@Suite("The examples of the files page")
struct TranscriptTests {
    /// What has to be put in the place of the page's own ids for the request to mean something here.
    struct Scene {
        var target: [String: String] = [:]
        var body: [String: String] = [:]
        /// Raw bytes instead of the transcript's body.
        var raw: [UInt8]?
    }

    /// The file most examples speak of.
    private static let file = "367b9f38-5f01-4cea-947e-dfab47aea522"
    private static let picture = [UInt8](repeating: 7, count: 7526)

    private func scene(_ name: String, _ door: Door) async throws -> Scene {
        func uuid(_ file: Value) throws -> String { try #require(file["uuid"]?.text) }
        switch name {
        case "session-create":
            return Scene(body: [Self.file: try uuid(try await door.upload("aaa.jpeg"))])
        case "part":
            let url = try await door.session("big.bin", size: 524_289).text("upload_url")
            return Scene(target: ["{upload_url}": url], raw: [UInt8](repeating: 1, count: 524_288))
        case "part-last":
            let url = try await door.session("product.png", size: 7526).text("upload_url")
            let next = try await door.send(.post, url, Array(Self.picture.prefix(7000)), token: "").text("next_url")
            return Scene(target: ["{upload_url}": next], raw: Array(Self.picture.suffix(526)))
        case "files-list":
            for index in 0..<24 { try await door.upload("older \(index).bmp") }
            try await twoPictures(door)
            return Scene()
        case "files-restore":
            let (first, second) = try await twoPictures(door)
            let uuids = [Self.file: first, "bf1097fb-58fe-42c1-b385-ac443228ddd0": second]
            let list = uuids.values.map { #"{"uuid":"\#($0)"}"# }.joined(separator: ",")
            _ = try await door.send(.delete, "/v1.0/files", json: "[\(list)]")
            return Scene(body: uuids)
        case "files-delete":
            let (first, second) = try await twoPictures(door)
            return Scene(body: [Self.file: first, "bf1097fb-58fe-42c1-b385-ac443228ddd0": second])
        case "file-get", "file-rename":
            return Scene(target: [Self.file: try uuid(try await door.upload("product.png", Self.picture))])
        case "file-previews", "preview":
            let bytes = drawnPNG(width: 1600, height: 800, padding: 7526 - 29)
            let file = try await door.upload("product.png", bytes, wantsPreview: true)
            try await door.makePreviews()
            return Scene(target: [
                Self.file: try uuid(file), "aff5603a-28b1-4c17-8e98-16e473b323b3": door.drive.account.uuid,
                "43de3be7-307b-4766-a23e-5e88211b9a8d": try #require(file["version_uuid"]?.text),
            ])
        case "file-switch":
            let first = try await door.upload("product.png", Self.picture)
            let file = try uuid(first)
            try await door.upload("other.txt", file: file)
            return Scene(
                target: [Self.file: file], body: [Self.file: try #require(first["version_uuid"]?.text)])
        case "versions":
            let first = try uuid(try await door.upload("consoleText.txt", [UInt8](repeating: 1, count: 7347)))
            door.clock.advance(ms: 1000)
            try await door.upload("source.jpeg", [UInt8](repeating: 2, count: 93_425), file: first, type: "image/jpeg")
            return Scene(target: ["89a61e7b-ba30-476f-b2f6-705a964e85c6": first])
        case "version-get":
            let file = try await door.upload("source.jpeg", [UInt8](repeating: 2, count: 93_425), type: "image/jpeg")
            return Scene(target: [
                "89a61e7b-ba30-476f-b2f6-705a964e85c6": try uuid(file),
                "5e5f7d9b-9d1c-4a3a-9a52-6f1a3f3d2b10": try #require(file["version_uuid"]?.text),
            ])
        case "file-delete": return Scene(target: [Self.file: try uuid(try await door.upload("product.png"))])
        case "files-stats", "files-count", "files-extensions":
            for file in ["a.txt", "b.TXT", "c.pdf", "README"] { try await door.upload(file, Array("abc".utf8)) }
            if name == "files-extensions" { try await door.upload("large.png") }
            return Scene()
        case "part-short-url", "upload-progress":
            let url = try await door.session("a.bin", size: 10).text("upload_url")
            let token = String(try #require(url.split(separator: "/").last))
            if name == "upload-progress" { _ = try await door.send(.post, url, [1, 2, 3, 4], token: "") }
            return Scene(target: ["{session_token}": token], raw: name == "upload-progress" ? nil : [1, 2, 3, 4])
        case "entity-files", "entity-link", "entity-unlink":
            let lead = try await door.newEntity()
            let (first, second) = try await twoPictures(door)
            if name != "entity-link" {
                let list = #"[{"file_uuid":"\#(first)"},{"file_uuid":"\#(second)"}]"#
                _ = try await door.send(.put, "/api/v4/leads/\(lead)/files", json: list)
            }
            return Scene(
                target: ["{entity_id}": "\(lead)"],
                body: ["50ca4b6b-0b88-4ece-9f89-d48961579ae0": first, Self.file: second])
        case "file-entities":
            let file = try uuid(try await door.upload("a.txt"))
            for (status, changer) in [(37_066_876, 0), (37_066_879, 1)] {
                let lead = try await door.newEntity(
                    "leads",
                    """
                    [{"created_by":0,"updated_by":\(changer),"price":20,"pipeline_id":3858604,"status_id":\(status)}]
                    """)
                _ = try await door.send(.put, "/api/v4/leads/\(lead)/files", json: #"[{"file_uuid":"\#(file)"}]"#)
            }
            return Scene(target: ["5ef222cd-bce4-4df8-8466-3dee7d16e70d": file])
        case "oauth-code", "oauth-refresh":
            let (application, secret) = try await door.drive.createApplication(
                title: "Sync", scopes: Set(AccessToken.scopes), redirectURI: "https://test.test/")
            func code() async throws -> String {
                try await door.drive.giveConsent(
                    clientID: application.clientID, by: Person.ID(1), AmoConsent.terms
                ).code
            }
            let pair = try await door.drive.tokens(
                forCode: code(), by: ClientProof(id: application.clientID, secret: secret),
                AccessToken.terms(of: door.drive.account, apiDomain: ""))
            return Scene(body: [
                "{client_id}": application.clientID, "{client_secret}": secret, "{code}": try await code(),
                "{refresh_token}": pair.refreshToken,
            ])
        default: return Scene()
        }
    }

    /// The two files of the page's lists; returns the newest first.
    @discardableResult
    private func twoPictures(_ door: Door) async throws -> (String, String) {
        let older = try await door.upload("_96.png", [UInt8](repeating: 1, count: 5230))
        door.clock.advance(ms: 60_000)
        let name = "8Z5PQ3D7wbS6Doz-svQ0zYdWXeTq8HqfSQzjM-aDY2cI5uM3wcRZ0dD8nLV8TUcX.jpg"
        let newer = try await door.upload(name, [UInt8](repeating: 2, count: 38_635))
        return (try #require(newer["uuid"]?.text), try #require(older["uuid"]?.text))
    }

    @Test(
        "is answered as the page prints it",
        arguments: Engine.allCases,
        [
            "session-create", "part", "part-last", "files-list", "file-get", "file-rename", "file-switch",
            "files-delete", "files-restore", "file-delete", "files-stats", "files-count", "files-extensions",
            "part-short-url", "upload-progress", "version-get", "versions", "file-previews", "preview", "entity-files",
            "entity-link", "entity-unlink", "file-entities", "oauth-code", "oauth-refresh",
        ])
    func example(engine: Engine, name: String) async throws {
        try await Door.with(engine) { door async throws in
            let transcript = try Transcript(name)
            let scene = try await scene(name, door)
            func put(_ values: [String: String], into text: String) -> String {
                values.reduce(text) { $0.replacing($1.key, with: $1.value) }
            }
            let reply = try await door.send(
                try #require(HTTPRequest.Method(rawValue: transcript.method)),
                put(scene.target, into: transcript.target),
                scene.raw ?? Array(put(scene.body, into: transcript.body).utf8),
                headers: ["Content-Type": "application/json"])
            #expect(reply.status == transcript.status)
            guard !transcript.answer.isEmpty else {
                #expect(reply.bytes.isEmpty)
                if let type = transcript.type { #expect(reply.type == type) }
                return
            }
            #expect(reply.type == transcript.type)
            let page = try Value.json(ByteBuffer(string: transcript.answer))
            var comparison = TranscriptComparison(transcript)
            comparison.compare(page, try #require(reply.json))
            #expect(comparison.differences == [])
        }
    }
}
