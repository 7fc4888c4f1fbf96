import DriveCore
import HTTPEdge
import Hummingbird

/// Into the trash and out of it. Both take `[{"uuid": "..."}]`.
enum TrashRoutes {
    @Sendable static func delete(_ call: Call) async throws -> Answer {
        let uuids = try FileList.read(try await call.visit.json(), key: "uuid")
        try await call.drive.trash(files: uuids, as: call.caller)
        return .empty(.noContent)
    }

    @Sendable static func deleteOne(_ call: Call) async throws -> Answer {
        let uuid = try call.visit.uuid("file_uuid")
        _ = try await call.drive.file(uuid: uuid, includingTrashed: true, as: call.caller)
        try await call.drive.trash(files: [uuid], as: call.caller)
        return .empty(.noContent)
    }

    @Sendable static func restore(_ call: Call) async throws -> Answer {
        let uuids = try FileList.read(try await call.visit.json(), key: "uuid")
        let restored = try await call.drive.restore(files: uuids, as: call.caller)
        guard !restored.isEmpty else { return .empty(.noContent) }
        let files = try await call.models(of: restored)
        return .value(["_count": .int(Int64(files.count)), "_embedded": ["files": .array(files)]])
    }
}
