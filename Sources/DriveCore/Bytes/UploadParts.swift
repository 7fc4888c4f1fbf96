import BlobStorage
import Crypto
import NIOCore
import SQLStore

/// What receiving a part led to.
package enum PartOutcome: Sendable {
    /// Send part number `Upload.nextPart` next.
    case more(Upload)
    /// That was the last one.
    case finished(Node, Upload)
}

extension Drive {
    /// Receives part number `number`: all of `body`, or nothing. Durable when it returns.
    ///
    /// A part already received is compared: equal bytes get the first answer again, others `.upload(.differs)`.
    /// Two requests for one upload follow one another. A crash at any moment leaves the upload as it was after the
    /// last part that was answered, or one part further.
    /// - Throws: `.upload`; whatever `body` throws (the part is forgotten then); `.noSpace`.
    package func receivePart<Body: AsyncSequence & Sendable>(
        _ number: Int64, of id: Upload.ID, body: Body
    ) async throws -> PartOutcome where Body.Element == ByteBuffer {
        try await uploadDigests.alone(with: id) {
            let upload = try await self.upload(id)
            do {
                if number == upload.nextPart, upload.sha256 == nil { return try await append(body, to: upload) }
                guard (1..<upload.nextPart).contains(number) else { throw DriveError.upload(.outOfOrder) }
                return try await compare(body, withPart: number, of: upload)
            } catch { throw DriveError.translated(error) }
        }
    }

    private func append<Body: AsyncSequence & Sendable>(
        _ body: Body, to upload: Upload
    ) async throws -> PartOutcome where Body.Element == ByteBuffer {
        var hasher = try await digest(ofStaged: upload)
        let writer = try await openStaging(of: upload)
        var count: Int64 = 0
        do {
            for try await buffer in body where buffer.readableBytes > 0 {
                count += Int64(buffer.readableBytes)
                guard count <= settings.maxPartSize else {
                    throw DriveError.upload(.partTooLong(limit: settings.maxPartSize))
                }
                guard count <= upload.sizeBytes - upload.receivedBytes else {
                    throw DriveError.upload(.exceedsDeclaredSize)
                }
                hasher.update(buffer)
                try await writer.write(buffer)
            }
            guard count > 0 else { throw DriveError.upload(.emptyPart) }
            try await writer.sync()
        } catch {
            await writer.close()
            await giveBackRoom(of: upload, after: error)
            throw error
        }
        await writer.close()
        let isLast = upload.receivedBytes + count == upload.sizeBytes
        let digest = isLast ? Hex.text(hasher.finalize()) : nil
        let advanced: Upload
        do {
            advanced = try await note(count, for: upload, sha256: digest)
        } catch {
            await giveBackRoom(of: upload, after: error)
            throw error
        }
        if isLast { return try await finish(advanced) }
        uploadDigests.keep(hasher, bytes: advanced.receivedBytes, of: upload.id)
        return .more(advanced)
    }

    /// What a part that was refused has left is cut off when the part comes again; on a full disk, where others wait for
    /// the room, at once.
    private func giveBackRoom(of upload: Upload, after error: any Error) async {
        guard DriveError.translated(error) as? DriveError == .noSpace else { return }
        await (try? openStaging(of: upload))?.close()
    }

    /// The digest of what is staged, made again from the bytes when this process has not received them itself.
    private func digest(ofStaged upload: Upload) async throws -> SHA256 {
        if upload.receivedBytes == 0 { return SHA256() }
        if let known = uploadDigests.digest(of: upload.id, bytes: upload.receivedBytes) { return known }
        let hashing = RunningHash()
        try await blobs.readStaged(upload.staging, count: upload.receivedBytes) { hashing.hasher.update($0) }
        return hashing.hasher
    }

    private func openStaging(of upload: Upload) async throws -> any StagingWriter {
        try await blobs.append(to: upload.staging, at: upload.receivedBytes)
    }

    /// Writes down that a part is durable.
    private func note(_ count: Int64, for upload: Upload, sha256: String?) async throws -> Upload {
        let now = now()
        return try await database.write { tx in
            let moved = try tx.run(
                """
                UPDATE upload SET received_bytes = received_bytes + \(count), next_part = next_part + 1,
                    sha256 = \(sha256.sqlValue)
                WHERE id = \(upload.id) AND next_part = \(upload.nextPart)
                """
            )
            guard moved == 1 else { throw DriveError.upload(.gone) }
            try tx.run(
                """
                INSERT INTO upload_part (upload_id, number, offset_bytes, size_bytes)
                VALUES (\(upload.id), \(upload.nextPart), \(upload.receivedBytes), \(count))
                """
            )
            return try tx.upload(upload.id, atMs: now)
        }
    }

    /// Makes the file or version of an upload whose bytes are all in. Done before: the same answer.
    ///
    /// An upload whose file went into the trash meanwhile is over: it is forgotten, and its bytes are left to the garbage
    /// collection.
    /// - Throws: `.upload(.gone)` then, and when what it made is in the trash.
    private func finish(_ upload: Upload) async throws -> PartOutcome {
        if upload.result == nil {
            let content = try await content(of: upload)
            let (now, crmFolder, id) = (now(), account.crmFolder, upload.id)
            let isMade = try await database.write { tx in
                guard try tx.upload(id, atMs: now).result == nil else { return true }
                return try tx.finish(upload, content: content, crmFolder: crmFolder, atMs: now)
            }
            try await blobs.discard(upload.staging)
            uploadDigests.forget(upload.id)
            guard isMade else { throw DriveError.upload(.gone) }
        }
        let (now, id) = (now(), upload.id)
        return try await database.read { tx in
            let upload = try tx.upload(id, atMs: now)
            guard let result = upload.result, let node = try tx.nodeIfAny(result.node), node.deletion == .alive else {
                throw DriveError.upload(.gone)
            }
            return .finished(node, upload)
        }
    }

    /// The staged bytes as durable content: small ones for the row, others committed. Safe to repeat after a crash.
    private func content(of upload: Upload) async throws -> StagedContent {
        guard let sha256 = upload.sha256 else { throw DriveError.upload(.gone) }
        if upload.sizeBytes <= Self.smallContentLimit {
            let collected = RunningCopy()
            try await blobs.readStaged(upload.staging, count: upload.sizeBytes) {
                collected.buffer.writeImmutableBuffer($0)
            }
            let bytes = [UInt8](collected.buffer.readableBytesView)
            return StagedContent(sha256: sha256, sizeBytes: upload.sizeBytes, place: .row(bytes))
        }
        let key = try await blobs.commit(upload.staging, sha256: sha256)
        return StagedContent(sha256: sha256, sizeBytes: upload.sizeBytes, place: .blob(key))
    }

    /// Answers a part that was received before, if the bytes are the same.
    private func compare<Body: AsyncSequence & Sendable>(
        _ body: Body, withPart number: Int64, of upload: Upload
    ) async throws -> PartOutcome where Body.Element == ByteBuffer {
        let (offset, size) = try await database.read { tx in
            let part = try tx.row(
                """
                SELECT offset_bytes, size_bytes FROM upload_part
                WHERE upload_id = \(upload.id) AND number = \(number)
                """
            )
            guard let part else { throw DriveError.upload(.gone) }
            return (try part.int(0), try part.int(1))
        }
        var sent = ByteBuffer()
        for try await buffer in body {
            guard Int64(sent.readableBytes + buffer.readableBytes) <= size else { throw DriveError.upload(.differs) }
            sent.writeImmutableBuffer(buffer)
        }
        guard sent.readableBytes > 0 else { throw DriveError.upload(.emptyPart) }
        // Finishing first: afterwards the bytes are in one place whatever a crash interrupted.
        let outcome: PartOutcome =
            upload.sha256 == nil ? .more(upload.expecting(part: number + 1)) : try await finish(upload)
        guard try await bytes(of: upload, in: offset..<offset + size) == sent else { throw DriveError.upload(.differs) }
        return number + 1 == upload.nextPart ? outcome : .more(upload.expecting(part: number + 1))
    }

    /// Bytes received before, from the staging area or from the version they became.
    private func bytes(of upload: Upload, in range: Range<Int64>) async throws -> ByteBuffer {
        let collected = RunningCopy()
        if upload.sha256 == nil {
            let skipping = RunningSkip(range.lowerBound)
            try await blobs.readStaged(upload.staging, count: range.upperBound) { chunk in
                collected.buffer.writeImmutableBuffer(skipping.rest(of: chunk))
            }
            return collected.buffer
        }
        let finished = try await self.upload(upload.id)
        guard let result = finished.result else { throw DriveError.upload(.gone) }
        let content = try await database.read { tx in try tx.versionWithBytes(result.version).blob }
        try await ReadableContent.read(content.place, range, in: blobs) { collected.buffer.writeImmutableBuffer($0) }
        return collected.buffer
    }
}

extension Upload {
    fileprivate func expecting(part number: Int64) -> Upload {
        Upload(
            id: id, person: person, fileName: fileName, sizeBytes: sizeBytes, receivedBytes: receivedBytes,
            nextPart: number, expiresMs: expiresMs, mediaType: mediaType, file: file, staging: staging, sha256: sha256,
            result: result)
    }
}

extension Transaction {
    /// - Returns: false when the file that was to get the version is trashed or purged: then the upload is deleted.
    fileprivate func finish(
        _ upload: Upload, content: StagedContent, crmFolder: Node.ID, atMs now: Int64
    ) throws -> Bool {
        let facts = VersionFacts(
            name: FileName(unchecked: upload.fileName), mediaType: upload.mediaType, by: upload.person, atMs: now,
            session: upload.id)
        let blob = try insertBlob(content, atMs: now)
        let node: Node.ID
        if let file = upload.file {
            guard let living = try nodeIfAny(file), living.deletion == .alive else {
                try noteGarbage(blob: blob, atMs: now)
                try run("DELETE FROM upload WHERE id = \(upload.id)")
                return false
            }
            try insertVersion(facts, of: file, blob: blob, sizeBytes: content.sizeBytes)
            try takeName(facts.name, for: living)
            node = file
        } else {
            node = try insertFile(facts, in: crmFolder, blob: blob, sizeBytes: content.sizeBytes)
        }
        try run(
            """
            UPDATE upload SET result_node_id = \(node),
                result_version_id = (SELECT version_id FROM node WHERE id = \(node))
            WHERE id = \(upload.id)
            """
        )
        try queuePreviews(of: upload.id, atMs: now)
        return true
    }
}

// Accumulators for `readStaged`, whose body is `@Sendable`. `@unchecked Sendable`: the store calls the body in order,
// one call after the other, and the accumulator is read after the last.
private final class RunningHash: @unchecked Sendable { var hasher = SHA256() }
private final class RunningCopy: @unchecked Sendable { var buffer = ByteBuffer() }
private final class RunningSkip: @unchecked Sendable {
    private var left: Int64
    init(_ count: Int64) { left = count }
    func rest(of chunk: ByteBuffer) -> ByteBuffer {
        var chunk = chunk
        let skipped = min(left, Int64(chunk.readableBytes))
        left -= skipped
        chunk.moveReaderIndex(forwardBy: Int(skipped))
        return chunk
    }
}
