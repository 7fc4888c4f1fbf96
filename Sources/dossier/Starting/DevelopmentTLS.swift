import Crypto
import Foundation
import X509

/// A CA of this data folder's own and a certificate for localhost, under `DATA/tls/`: several vendor SDKs insist on
/// https. Made once, renewed before they expire.
struct DevelopmentTLS {
    let caFile: String
    let certificateFile: String
    let keyFile: String
    private let caKeyFile: String
    private let now: Date

    private static let caDays = 3650.0
    private static let certificateDays = 397.0
    /// Renewed this long before the end.
    private static let marginDays = 30.0

    /// - Throws: `Complaint` when the folder cannot be written.
    init(folder: String, now: Date) throws {
        self.now = now
        caFile = folder + "/ca.pem"
        caKeyFile = folder + "/ca.key"
        certificateFile = folder + "/localhost.pem"
        keyFile = folder + "/localhost.key"
        try DurableFile.makeFolder(folder)
        if let ca = certificate(in: caFile), isFresh(ca), let key = try? key(in: caKeyFile) {
            let current = certificate(in: certificateFile)
            let isOurs = current.map { $0.issuer == ca.subject && ca.publicKey.isValidSignature($0.signature, for: $0) }
            if isOurs == true, isFresh(current), let own = try? self.key(in: keyFile),
                current?.publicKey == own.publicKey
            {
                return
            }
            try makeCertificate(ca: ca, caKey: key)
        } else {
            let (ca, key) = try makeCA()
            try makeCertificate(ca: ca, caKey: key)
        }
    }

    private func makeCA() throws -> (Certificate, Certificate.PrivateKey) {
        let signing = P256.Signing.PrivateKey()
        let key = Certificate.PrivateKey(signing)
        // The serial keeps two data folders' CAs apart in one trust store.
        let name = try DistinguishedName {
            CommonName("Dossier development CA \(UInt32.random(in: .min ... .max))")
        }
        let ca = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: key.publicKey,
            notValidBefore: now.addingTimeInterval(-3600), notValidAfter: now.addingTimeInterval(Self.caDays * 86400),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key)
        try write(signing.pemRepresentation, to: caKeyFile, mode: 0o600)
        try write(try ca.serializeAsPEM().pemString, to: caFile, mode: 0o644)
        return (ca, key)
    }

    private func makeCertificate(ca: Certificate, caKey: Certificate.PrivateKey) throws {
        let signing = P256.Signing.PrivateKey()
        let key = Certificate.PrivateKey(signing)
        let end = min(now.addingTimeInterval(Self.certificateDays * 86400), ca.notValidAfter)
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: key.publicKey,
            notValidBefore: now.addingTimeInterval(-3600), notValidAfter: end, issuer: ca.subject,
            subject: try DistinguishedName { CommonName("localhost") }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                AuthorityKeyIdentifier(
                    keyIdentifier: try ca.extensions.subjectKeyIdentifier?.keyIdentifier)
                SubjectKeyIdentifier(hash: key.publicKey)
                SubjectAlternativeNames([
                    .dnsName("localhost"), .ipAddress(.init(contentBytes: [127, 0, 0, 1])),
                    .ipAddress(.init(contentBytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
                ])
            },
            issuerPrivateKey: caKey)
        try write(signing.pemRepresentation, to: keyFile, mode: 0o600)
        try write(try certificate.serializeAsPEM().pemString, to: certificateFile, mode: 0o644)
    }

    private func isFresh(_ certificate: Certificate?) -> Bool {
        guard let certificate else { return false }
        return certificate.notValidBefore <= now
            && certificate.notValidAfter > now.addingTimeInterval(Self.marginDays * 86400)
    }

    private func certificate(in file: String) -> Certificate? {
        (try? String(contentsOfFile: file, encoding: .utf8)).flatMap { try? Certificate(pemEncoded: $0) }
    }

    private func key(in file: String) throws -> Certificate.PrivateKey {
        try Certificate.PrivateKey(pemEncoded: try String(contentsOfFile: file, encoding: .utf8))
    }

    private func write(_ pem: String, to path: String, mode: mode_t) throws {
        try DurableFile.write(Array((pem + "\n").utf8), to: path, mode: mode)
    }
}
